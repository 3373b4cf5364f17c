package org.passerelle.identification.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.casefile.CaseEvent.HandOverSent;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.consenting.Consent;
import org.passerelle.identification.handingover.Fact;
import org.passerelle.identification.messages.Message;
import org.passerelle.identification.needs.ServiceType;
import org.passerelle.identification.needs.Urgency;

/** Files between invented installations of three countries, one of which nobody has agreed anything with. */
@Tag("crossborder")
class ExchangeTest {

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final Instant UNTIL = NOW.plus(Duration.ofDays(7));
    private static final Country ECUADOR = new Country("EC");
    private static final Country PERU = new Country("PE");
    private static final Country CHILE = new Country("CL");

    private static Partners ecuador;
    private static Partners peru;
    private static Partners chile;

    @BeforeAll
    static void keys(@TempDir Path directory) throws IOException, JoseException {
        for (Country country : List.of(ECUADOR, PERU, CHILE)) {
            EllipticCurveJsonWebKey signing = key(country + "-sig", "sig");
            EllipticCurveJsonWebKey reading = key(country + "-enc", "enc");
            JsonWebKeySet set = new JsonWebKeySet(signing, reading);
            Files.writeString(directory.resolve(country + ".json"), set.toJson(OutputControlLevel.INCLUDE_PRIVATE));
            Files.writeString(directory.resolve(country + ".pub.json"), set.toJson(OutputControlLevel.PUBLIC_ONLY));
        }
        ecuador = partners(directory, ECUADOR, PERU);
        peru = partners(directory, PERU, ECUADOR);
        chile = partners(directory, CHILE, PERU);
    }

    private static EllipticCurveJsonWebKey key(String id, String use) throws JoseException {
        EllipticCurveJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        key.setKeyId(id);
        key.setUse(use);
        return key;
    }

    private static Partners partners(Path directory, Country here, Country other) {
        return Partners.of(
                here,
                directory.resolve(here + ".json"),
                Map.of(other, Partners.partner(other, directory.resolve(other + ".pub.json"), null)));
    }

    private static Exchange exchange(Partners partners) {
        return new Exchange(partners, Duration.ofDays(7));
    }

    private static Message.HandingOver handOver() {
        return new Message.HandingOver(
                new Message.ConsentPart(
                        Set.of(Fact.IDENTITY, Fact.NEEDS),
                        Consent.ObtainedFrom.PERSON,
                        new Language("spa"),
                        null,
                        false),
                new Message.PersonPart("Luz", "Ñahui Pérez", null, null, null, null, null, null, null),
                List.of(new Message.NeedPart(ServiceType.SAFE_SHELTER, Urgency.URGENT, NOW, UNTIL)),
                null);
    }

    private static String written(Partners from, UUID id, Instant until) {
        return exchange(from).write(from.others().values().iterator().next(), id, handOver(), NOW, until);
    }

    private static String written() {
        return written(ecuador, UUID.randomUUID(), UNTIL);
    }

    private static void refused(String code, String field, ThrowingCallable reading) {
        assertThatThrownBy(reading).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(code);
            assertThat(refusal.field()).isEqualTo(field);
            assertThat(refusal.args()).isEmpty();
        });
    }

    @Test
    void theReceiverReadsWhatTheSenderWrote() {
        UUID id = UUID.randomUUID();
        String file = written(ecuador, id, UNTIL);
        Message message = exchange(peru).read(file, NOW);
        assertThat(message.id()).isEqualTo(id);
        assertThat(message.from()).isEqualTo(ECUADOR);
        assertThat(message.until()).isEqualTo(UNTIL);
        assertThat(message.content()).isEqualTo(handOver());
        assertThat(message.digest()).isEqualTo(Exchange.digest(file));
        assertThat(file).doesNotContain("Luz").doesNotContain("EC-sig");
    }

    @Test
    void aWithdrawalAndItsReceiptAreReadAsTheyWereWritten() throws JoseException {
        UUID handOver = UUID.randomUUID();
        for (Message.Content content : List.of(
                new Message.Withdrawing(handOver, Exchange.digest(written()), NOW),
                new Message.Withdrawing(handOver, null, NOW),
                new Message.WithdrawalHeard(handOver, NOW))) {
            String file = exchange(ecuador).write(ecuador.others().get(PERU), UUID.randomUUID(), content, NOW, UNTIL);
            assertThat(exchange(peru).read(file, NOW).content()).isEqualTo(content);
        }
        String withoutTime = encrypted(signed("withdrawal", "{\"handOver\": \"" + handOver + "\"}"));
        refused("exchange-content", "content.withdrawnAt", () -> exchange(peru).read(withoutTime, NOW));
        String unheard = encrypted(signed("withdrawal-heard", "{\"handOver\": \"" + handOver + "\"}"));
        refused("exchange-content", "content.heardAt", () -> exchange(peru).read(unheard, NOW));
    }

    @Test
    void nobodyElseReadsIt() {
        refused("exchange-misdirected", "kid", () -> exchange(ecuador).read(written(), NOW));
        refused("exchange-misdirected", "kid", () -> exchange(chile).read(written(), NOW));
    }

    @Test
    void everyChangedCharacterIsNoticed() {
        String file = written();
        for (int i = 0; i < file.length(); i += 37) {
            char other = file.charAt(i) == 'A' ? 'B' : 'A';
            String tampered = file.substring(0, i) + other + file.substring(i + 1);
            if (!decoded(tampered).equals(decoded(file))) {
                assertThatThrownBy(() -> exchange(peru).read(tampered, NOW)).isInstanceOf(Refusal.class);
            }
        }
        int text = file.lastIndexOf('.') - 3;
        refused(
                "exchange-tampered",
                "file",
                () -> exchange(peru)
                        .read(
                                file.substring(0, text)
                                        + (file.charAt(text) == 'x' ? 'y' : 'x')
                                        + file.substring(text + 1),
                                NOW));
    }

    /** The last character of a part has bits that stand for nothing. */
    private static List<String> decoded(String file) {
        return List.of(file.split("\\.")).stream()
                .map(part -> Base64.getEncoder()
                        .encodeToString(Base64.getUrlDecoder().decode(part.length() % 4 == 1 ? part + "A" : part)))
                .toList();
    }

    @Test
    void whatIsSignedByNobodyOrByAStrangerIsRefused() throws JoseException {
        refused("exchange-unsigned", "signature", () -> exchange(peru).read(encrypted("{\"iss\":\"EC\"}"), NOW));
        String none = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        String unsigned = encrypted(none + "." + none + ".");
        refused("exchange-unsigned", "signature", () -> exchange(peru).read(unsigned, NOW));
        refused("exchange-stranger", "iss", () -> exchange(peru).read(written(chile, UUID.randomUUID(), UNTIL), NOW));
    }

    /** To Peru, by somebody who has its public key. */
    private static String encrypted(String payload) throws JoseException {
        JsonWebEncryption file = new JsonWebEncryption();
        file.setAlgorithmHeaderValue("ECDH-ES+A256KW");
        file.setEncryptionMethodHeaderParameter("A256GCM");
        file.setKeyIdHeaderValue("PE-enc");
        file.setKey(peru.reading().getFirst().getPublicKey());
        file.setPayload(payload);
        return file.getCompactSerialization();
    }

    /** Somebody who received it encrypts it to somebody else: the signature says whom it was meant for. */
    @Test
    void aFileThatIsPassedOnIsRefused() throws JoseException {
        Country bolivia = new Country("BO");
        Partners.Partner asBolivia =
                new Partners.Partner(bolivia, ecuador.reading(), peru.reading().getFirst(), null);
        String toBolivia = exchange(ecuador).write(asBolivia, UUID.randomUUID(), handOver(), NOW, UNTIL);
        refused("exchange-misdirected", "aud", () -> exchange(peru).read(toBolivia, NOW));
    }

    @Test
    void itHasItsTime() {
        refused("exchange-expired", "exp", () -> exchange(peru).read(written(), UNTIL));
        refused("exchange-expired", "iat", () -> exchange(peru).read(written(), NOW.minus(Duration.ofMinutes(10))));
    }

    @Test
    void noSenderDecidesThatItsFileCountsHereForEver() {
        String file = written(ecuador, UUID.randomUUID(), NOW.plus(Duration.ofDays(3650)));
        assertThat(exchange(peru).read(file, NOW).until()).isEqualTo(UNTIL);
        refused("exchange-expired", "exp", () -> exchange(peru).read(file, UNTIL));
    }

    @Test
    void whatIsNullWhereSomethingBelongsIsRefusedByName() throws JoseException {
        String consent = "{\"facts\": [\"needs\"], \"obtainedFrom\": \"person\", \"language\": \"spa\","
                + " \"withheldFromAuthorities\": false}";
        for (List<String> wrong : List.of(
                List.of("null", "content"),
                List.of("{\"consent\": " + consent + ", \"needs\": [null]}", "content.needs"),
                List.of(
                        "{\"consent\": " + consent + ", \"person\": {\"languages\": [null]}}",
                        "content.person.languages"),
                List.of("{\"consent\": " + consent.replace("\"needs\"", "null") + "}", "content.consent.facts"))) {
            String file = encrypted(signed("hand-over", wrong.getFirst()));
            refused("exchange-content", wrong.getLast(), () -> exchange(peru).read(file, NOW));
        }
    }

    /** By Ecuador, with whatever content. */
    private static String signed(String kind, String content) throws JoseException {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue("ES256");
        signature.setKeyIdHeaderValue(ecuador.signing().getKeyId());
        signature.setKey(ecuador.signing().getPrivateKey());
        signature.setPayload(
                """
                {"iss": "EC", "aud": "PE", "jti": "%s", "iat": %d, "exp": %d, "version": 1, "kind": "%s", "content": %s}""".formatted(UUID.randomUUID(), NOW.getEpochSecond(), UNTIL.getEpochSecond(), kind, content));
        return signature.getCompactSerialization();
    }

    @Test
    void aPartnerWithoutAnAddressTakesCarriedFilesOnly() {
        Partners.Partner carried = ecuador.others().get(PERU);
        assertThat(carried.takes(HandOverSent.Means.FILE)).isTrue();
        assertThat(carried.takes(HandOverSent.Means.EXCHANGE)).isFalse();
        Partners.Partner reached = new Partners.Partner(
                PERU, carried.signing(), carried.reading(), URI.create("https://pe.example/messages"));
        assertThat(reached.takes(HandOverSent.Means.EXCHANGE)).isTrue();
    }

    @Test
    void whatIsNoFileIsRefused() {
        refused("exchange-unreadable", "file", () -> exchange(peru).read("", NOW));
        refused("exchange-unreadable", "file", () -> exchange(peru).read("Bonjour", NOW));
        refused("exchange-unreadable", "file", () -> exchange(peru).read("a.".repeat(Exchange.LARGEST) + "b", NOW));
    }

    @Test
    void aProofIsOfOneRequestToOneCountryForAMinute() {
        String file = written();
        Exchange sender = exchange(ecuador);
        String proof = sender.proof(ecuador.others().get(PERU), file, NOW);
        assertThat(exchange(peru).proven(proof, file, NOW).from()).isEqualTo(ECUADOR);
        refused("exchange-unproven", "digest", () -> exchange(peru).proven(proof, written(), NOW));
        refused("exchange-expired", "exp", () -> exchange(peru).proven(proof, file, NOW.plusSeconds(61)));
        refused("exchange-stranger", "iss", () -> exchange(chile).proven(proof, file, NOW));
        refused("exchange-unproven", "proof", () -> exchange(peru).proven("", file, NOW));
    }
}
