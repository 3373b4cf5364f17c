package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.local.Backends;
import org.passerelle.local.KafkaNode;

/**
 * Two installations side by side, invented ones of Ecuador and of Peru, each with its own service, databases, log and keys;
 * what they exchange goes over real HTTP through a gate at the border, or is carried as a file.
 */
@Tag("crossborder")
class CrossBorderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static BorderGate gate;
    private static Mechanism ecuador;
    private static Mechanism peru;
    private static KafkaNode kafkaOfPeru;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        for (String country : List.of("EC", "PE")) {
            keys(directory, country);
        }
        gate = new BorderGate(() -> peru);
        kafkaOfPeru = new KafkaNode(
                directory.resolve("kafka"),
                directory.resolve("kafka.log"),
                ServiceProcess.freePort(),
                ServiceProcess.freePort());
        var second = CompletableFuture.runAsync(kafkaOfPeru::start);
        Backends backends = Backends.shared();
        second.join();
        for (String topic : List.of("passerelle.identification", "passerelle.referral")) {
            backends.createTopic(topic, 6);
            kafkaOfPeru.createTopic(topic, 6);
        }
        ecuador = new Mechanism(
                "EC",
                backends,
                directory,
                Map.of(
                        "kafka.bootstrap.servers",
                        backends.kafkaBootstrap(),
                        "passerelle.cross-border.partners.PE.keys",
                        directory.resolve("PE.pub.json").toString(),
                        "passerelle.cross-border.partners.PE.url",
                        gate.messages().toString()));
        peru = new Mechanism(
                "PE",
                backends,
                directory,
                Map.of(
                        "kafka.bootstrap.servers",
                        kafkaOfPeru.bootstrap(),
                        "passerelle.cross-border.partners.EC.keys",
                        directory.resolve("EC.pub.json").toString(),
                        "passerelle.cross-border.partners.EC.url",
                        ecuador.messages().toString()));
        ecuador.awaitReady();
        peru.awaitReady();
    }

    @AfterAll
    static void stop() {
        gate.close();
        ecuador.close();
        peru.close();
        kafkaOfPeru.close();
    }

    private static void keys(Path directory, String country) throws GeneralSecurityException, IOException {
        List<String> secret = new ArrayList<>();
        List<String> open = new ArrayList<>();
        for (String use : List.of("sig", "enc")) {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            ECPublicKey key = (ECPublicKey) pair.getPublic();
            String jwk = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"%s\",\"kid\":\"%s-%s\",\"x\":\"%s\",\"y\":\"%s\""
                    .formatted(
                            use,
                            country,
                            use,
                            number(key.getW().getAffineX()),
                            number(key.getW().getAffineY()));
            open.add(jwk + "}");
            secret.add(jwk + ",\"d\":\"" + number(((ECPrivateKey) pair.getPrivate()).getS()) + "\"}");
        }
        Files.writeString(directory.resolve(country + ".json"), "{\"keys\":" + secret + "}");
        Files.writeString(directory.resolve(country + ".pub.json"), "{\"keys\":" + open + "}");
    }

    private static String number(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[32];
        int length = Math.min(32, bytes.length);
        System.arraycopy(bytes, bytes.length - length, fixed, 32 - length, length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(fixed, 32));
    }

    /** Somebody who was found in Ecuador, and what she needs. */
    private static String found() {
        String code = ecuador.post("/cases", """
                        {"found": {"at": "2025-11-20T10:00:00Z", "place": "EC-O", "exactPlace": "Terminal", "how": "ngo"},
                         "person": {"givenName": "Luz", "familyName": "Ñahui Pérez", "age": 24, "sex": "Feminine",
                                    "phone": "+593990000000", "citizenships": ["PE"], "languages": ["spa"]},
                         "immediateDanger": "no", "account": "Un relato."}""").path("caseCode").asText();
        ecuador.post("/cases/" + code + "/needs", """
                {"service": "SAFE_SHELTER", "urgency": "urgent", "place": "EC-O"}""");
        return code;
    }

    private static String consent(String code) {
        return consent(code, "null");
    }

    private static String consent(String code, String validUntil) {
        return ecuador.post("/cases/" + code + "/consents", """
                        {"scopes": ["cross-border"], "recipients": {"any": false}, "withheldFrom": {"authorities": true},
                         "obtainedFrom": "person", "language": "spa", "validUntil": %s,
                         "handOver": {"to": "PE", "facts": ["identity", "attributes", "needs"]}}""".formatted(validUntil))
                .path("consentId")
                .asText();
    }

    private static String handOver(String code, String means) {
        return ecuador.post("/cases/" + code + "/hand-overs", "{\"to\": \"PE\", \"means\": \"" + means + "\"}")
                .path("handOverId")
                .asText();
    }

    private static JsonNode state(String code) {
        return ecuador.read("/cases/" + code + "/hand-overs").path("handOvers").path(0);
    }

    private static void awaitState(String code, String state) {
        until(() -> state(code).path("state").asText().equals(state), state);
    }

    private static void until(BooleanSupplier condition, String what) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            RunningPlatform.pause(Duration.ofMillis(50));
        }
    }

    private static List<String> arrivals() {
        List<String> ids = new ArrayList<>();
        peru.read("/arrivals")
                .path("arrivals")
                .forEach(one -> ids.add(one.path("handOverId").asText()));
        return ids;
    }

    @Test
    void aPersonIsHandedOverAndBothMechanismsKnowHowFarItIs() {
        String code = found();
        assertThat(ecuador.tryPost("/cases/" + code + "/hand-overs", "{\"to\": \"PE\", \"means\": \"exchange\"}")
                        .body())
                .contains("hand-over-without-consent", "\"to\"");
        consent(code);
        gate.passed.clear();
        gate.weather = BorderGate.Weather.LOSES_ONE_ANSWER;
        String id = handOver(code, "exchange");
        awaitState(code, "received");
        assertThat(gate.passed.stream().map(BorderGate.Passed::file).distinct())
                .as("what is sent again is the same file")
                .hasSize(1);
        assertThat(gate.passed).as("it was sent twice").hasSizeGreaterThan(1);
        assertThat(arrivals()).as("and arrived once").containsOnlyOnce(id);

        JsonNode summary = peru.read("/arrivals/" + id);
        assertThat(summary.path("child").asBoolean()).isFalse();
        assertThat(summary.path("needs").path(0).path("service").asText()).isEqualTo("SAFE_SHELTER");
        assertThat(summary.toString()).doesNotContain("Luz").doesNotContain("Pérez");

        String opened = peru.post("/arrivals/" + id + "/acceptance", "{\"place\": \"PE-PIU\"}")
                .path("caseCode")
                .asText();
        awaitState(code, "accepted");
        assertThat(opened).isNotEqualTo(code);
        JsonNode file = peru.read("/cases/" + opened);
        assertThat(file.path("person").path("familyName").asText()).isEqualTo("Ñahui Pérez");
        assertThat(file.path("person").hasNonNull("phone")).as("not agreed to").isFalse();
        assertThat(file.hasNonNull("account")).as("not agreed to").isFalse();
        assertThat(file.path("presumptions")).as("decided here anew").isEmpty();
        JsonNode need = file.path("needs").path(0);
        JsonNode told = ecuador.read("/cases/" + code).path("needs").path(0);
        assertThat(need.path("place").asText()).isEqualTo("PE-PIU");
        assertThat(List.of(need.path("statedAt"), need.path("dueAt")))
                .as("no clock begins anew at a border")
                .isEqualTo(List.of(told.path("statedAt"), told.path("dueAt")));
        assertThat(peru.getAs("police-investigator", "/cases/" + opened).statusCode())
                .as("withheld from authorities, there too")
                .isEqualTo(404);
        assertThat(ecuador.read("/cases/" + code + "/access").toString())
                .contains("handed over to PE: identity, attributes, needs");

        nothingOfItCanBeUsedAgain(id);
    }

    private static void nothingOfItCanBeUsedAgain(String id) {
        List<String> before = arrivals();
        BorderGate.Passed seen = gate.passed.getFirst();
        refused(401, "exchange-unproven", "Passerelle-Proof", peru.message(seen.proof(), seen.file()));
        refused(401, "exchange-unproven", "Passerelle-Proof", peru.message("", seen.file()));
        refused(409, "exchange-replayed", "jti", peru.carry(seen.file()));
        int middle = seen.file().length() - 60;
        String tampered = seen.file().substring(0, middle)
                + (seen.file().charAt(middle) == 'A' ? 'B' : 'A')
                + seen.file().substring(middle + 1);
        refused(422, "exchange-tampered", "file", peru.carry(tampered));
        refused(401, "exchange-unproven", "Passerelle-Proof", peru.message(seen.proof(), tampered));
        refused(422, "exchange-misdirected", "kid", ecuador.carry(seen.file()));
        refused(422, "exchange-unreadable", "file", peru.carry("Bonjour"));
        assertThat(arrivals()).as("nothing has changed").isEqualTo(before);
        assertThat(peru.tryPost("/arrivals/" + id + "/decline", "{\"reason\": \"other\"}")
                        .statusCode())
                .isEqualTo(409);
    }

    private static void refused(int status, String code, String field, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode problem = Http.json(answer.body());
        assertThat(problem.path("type").asText()).endsWith(":" + code);
        assertThat(problem.path("errors").path(0).path("field").asText()).isEqualTo(field);
    }

    @Test
    void aFileIsCarriedOverTheBorderAndItsAnswerBack() {
        String code = found();
        consent(code);
        String id = handOver(code, "file");
        String file =
                ecuador.get("/cases/" + code + "/hand-overs/" + id + "/file").body();
        assertThat(file).matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]*){4}");
        assertThat(Http.json(peru.carry(file).body()).path("state").asText()).isEqualTo("waiting");
        String receipt = peru.get("/arrivals/" + id + "/answer").body();
        assertThat(Http.json(ecuador.carry(receipt).body()).path("state").asText())
                .isEqualTo("received");
        peru.post("/arrivals/" + id + "/decline", "{\"reason\": \"no-capacity\"}");
        String answer = peru.get("/arrivals/" + id + "/answer").body();
        assertThat(ecuador.carry(answer).statusCode()).isEqualTo(200);
        assertThat(state(code).path("state").asText()).isEqualTo("declined");
        assertThat(state(code).path("reason").asText()).isEqualTo("no-capacity");
        assertThat(state(code).path("failedBecause").asText()).isEqualTo("declined");
        assertThat(failed()).as("somebody has to decide what else is done").contains(code);
        ecuador.post("/cases/" + code + "/hand-overs/" + id + "/acknowledgement", "");
        assertThat(failed()).doesNotContain(code);
        assertThat(ecuador.carry(receipt).statusCode()).as("an old answer").isEqualTo(200);
        assertThat(state(code).path("state").asText()).as("undoes nothing").isEqualTo("declined");
        assertThat(peru.get("/arrivals/" + id).statusCode())
                .as("the file is destroyed")
                .isEqualTo(409);
    }

    /** No longer than the consent: here for some seconds. */
    @Test
    void whatNobodyDecidesOnEndsOnBothSides() {
        String code = found();
        consent(code, "\"" + Instant.now().plusSeconds(10) + "\"");
        String id = handOver(code, "file");
        String file =
                ecuador.get("/cases/" + code + "/hand-overs/" + id + "/file").body();
        assertThat(peru.carry(file).statusCode()).isEqualTo(200);
        ecuador.carry(peru.get("/arrivals/" + id + "/answer").body());
        assertThat(state(code).path("state").asText()).isEqualTo("received");
        assertThat(line(id).path("nextStep").path("step").asText()).isEqualTo("answer");
        until(
                () -> line(id).path("nextStep").path("told").asText().equals("reminder"),
                "the desk is reminded at half of its time");
        awaitState(code, "stopped");
        assertThat(state(code).path("failedBecause").asText()).isEqualTo("expired");
        assertThat(failed()).contains(code);
        assertThat(ecuador.get("/cases/" + code + "/hand-overs/" + id + "/file").statusCode())
                .isEqualTo(409);
        until(() -> line(id).path("state").asText().equals("expired"), "expired");
        assertThat(line(id).has("nextStep")).isFalse();
        assertThat(peru.tryPost("/arrivals/" + id + "/acceptance", "{\"place\": \"PE-PIU\"}")
                        .body())
                .contains("arrival-expired");
        peru.post("/arrivals/" + id + "/decline", "{\"reason\": \"no-capacity\"}");
        awaitState(code, "declined");
        consent(code);
        assertThat(failed()).contains(code);
        assertThat(handOver(code, "file")).isNotEqualTo(id);
        assertThat(failed()).as("another one is begun").doesNotContain(code);
    }

    private static List<String> failed() {
        List<String> codes = new ArrayList<>();
        ecuador.read("/cases?handOverFailed=true")
                .path("cases")
                .forEach(one -> codes.add(one.path("caseCode").asText()));
        return codes;
    }

    @Test
    void aWithdrawalStopsWhatHasNotArrived() {
        String code = found();
        String consent = consent(code);
        gate.weather = BorderGate.Weather.SHUT;
        String id = handOver(code, "exchange");
        awaitState(code, "sent");
        ecuador.post("/cases/" + code + "/consents/" + consent + "/withdrawal", "{}");
        assertThat(state(code).path("state").asText()).isEqualTo("stopped");
        gate.weather = BorderGate.Weather.OPEN;
        assertThat(ecuador.get("/cases/" + code + "/hand-overs/" + id + "/file").statusCode())
                .isEqualTo(409);
        // A hand-over of somebody else is sent and taken meanwhile.
        String other = found();
        consent(other);
        handOver(other, "exchange");
        awaitState(other, "received");
        assertThat(arrivals()).doesNotContain(id);
        awaitHeard(code);
    }

    private static void awaitHeard(String code) {
        until(() -> state(code).hasNonNull("withdrawalHeardAt"), "the withdrawal is heard");
    }

    @Test
    void aWithdrawalAfterTheAcceptanceIsToldHoweverLongTheOtherSideIsAway() {
        String code = found();
        String consent = consent(code);
        String id = handOver(code, "exchange");
        awaitState(code, "received");
        String opened = peru.post("/arrivals/" + id + "/acceptance", "{\"place\": \"PE-PIU\"}")
                .path("caseCode")
                .asText();
        awaitState(code, "accepted");
        gate.weather = BorderGate.Weather.SHUT;
        ecuador.post("/cases/" + code + "/consents/" + consent + "/withdrawal", "{}");
        assertThat(state(code).hasNonNull("withdrawnAt")).isTrue();
        assertThat(state(code).hasNonNull("withdrawalHeardAt"))
                .as("nobody there knows yet")
                .isFalse();
        assertThat(line(id).hasNonNull("withdrawnAt")).isFalse();
        gate.passed.clear();
        gate.weather = BorderGate.Weather.LOSES_ONE_ANSWER;
        awaitHeard(code);
        assertThat(gate.passed).as("its receipt was lost: it was told again").hasSizeGreaterThan(1);
        JsonNode first = peru.read("/arrivals").path("arrivals").path(0);
        assertThat(first.path("handOverId").asText())
                .as("stands first at the desk")
                .isEqualTo(id);
        assertThat(first.path("state").asText()).isEqualTo("accepted");
        assertThat(first.path("withdrawnAt").asText())
                .isEqualTo(state(code).path("withdrawnAt").asText());
        assertThat(peru.read("/cases/" + opened).path("consents").path(0).hasNonNull("withdrawnAt"))
                .as("and in the case that was opened for it")
                .isTrue();
        assertThat(peru.getAs("police-investigator", "/cases/" + opened).statusCode())
                .as("what was withheld stays withheld")
                .isEqualTo(404);
        assertThat(gate.passed.stream().map(BorderGate.Passed::file))
                .as("nobody on the way reads anything")
                .allSatisfy(file -> assertThat(file).matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]*){4}"));
    }

    @Test
    void aWithdrawalIsCarriedToo() {
        String code = found();
        String consent = consent(code);
        String id = handOver(code, "file");
        String file =
                ecuador.get("/cases/" + code + "/hand-overs/" + id + "/file").body();
        String ofIt = "/cases/" + code + "/hand-overs/" + id + "/withdrawal";
        assertThat(ecuador.get(ofIt).statusCode()).as("there is none").isEqualTo(409);
        assertThat(peru.carry(file).statusCode()).isEqualTo(200);
        gate.weather = BorderGate.Weather.SHUT;
        ecuador.post("/cases/" + code + "/consents/" + consent + "/withdrawal", "{}");
        String withdrawal = ecuador.get(ofIt).body();
        assertThat(peru.get("/arrivals/" + id + "/withdrawal").statusCode())
                .as("it has not heard")
                .isEqualTo(404);
        assertThat(Http.json(peru.carry(withdrawal).body()).path("state").asText())
                .isEqualTo("withdrawn");
        assertThat(peru.carry(withdrawal).statusCode()).as("again").isEqualTo(200);
        assertThat(line(id).path("state").asText()).isEqualTo("withdrawn");
        assertThat(peru.get("/arrivals/" + id).statusCode())
                .as("the file is destroyed")
                .isEqualTo(409);
        assertThat(peru.tryPost("/arrivals/" + id + "/acceptance", "{\"place\": \"PE-PIU\"}")
                        .body())
                .contains("arrival-withdrawn");
        assertThat(state(code).hasNonNull("withdrawalHeardAt")).isFalse();
        String receipt = peru.get("/arrivals/" + id + "/withdrawal").body();
        assertThat(ecuador.carry(receipt).statusCode()).isEqualTo(200);
        assertThat(state(code).hasNonNull("withdrawalHeardAt")).isTrue();
        refused(422, "exchange-misdirected", "kid", ecuador.carry(withdrawal));
        gate.weather = BorderGate.Weather.OPEN;
    }

    @Test
    void aFileThatIsCarriedInAfterItsWithdrawalIsRefused() {
        String code = found();
        String consent = consent(code);
        String id = handOver(code, "file");
        String file =
                ecuador.get("/cases/" + code + "/hand-overs/" + id + "/file").body();
        ecuador.post("/cases/" + code + "/consents/" + consent + "/withdrawal", "{}");
        awaitHeard(code);
        refused(409, "arrival-withdrawn", "jti", peru.carry(file));
        assertThat(arrivals()).doesNotContain(id);
    }

    private static JsonNode line(String id) {
        for (JsonNode line : peru.read("/arrivals").path("arrivals")) {
            if (line.path("handOverId").asText().equals(id)) {
                return line;
            }
        }
        throw new AssertionError("no such arrival: " + id);
    }
}
