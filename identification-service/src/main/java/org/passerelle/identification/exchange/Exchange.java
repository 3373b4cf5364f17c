package org.passerelle.identification.exchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwe.ContentEncryptionAlgorithmIdentifiers;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.jwe.KeyManagementAlgorithmIdentifiers;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.exchange.Partners.Partner;
import org.passerelle.identification.messages.Digest;
import org.passerelle.identification.messages.Message;
import org.passerelle.identification.messages.Message.Content;

/**
 * Writes and reads the files of an exchange: claims, signed by the sender (JWS, ES256), encrypted to the receiver (JWE,
 * ECDH-ES+A256KW with A256GCM). The signature is inside, so that nobody else sees who signed what.
 */
public final class Exchange {

    /** Of a file, in characters. */
    public static final int LARGEST = 256 * 1024;

    static final int VERSION = 1;

    private static final String HAND_OVER = "hand-over";
    private static final String ANSWER = "answer";
    private static final String WITHDRAWAL = "withdrawal";
    private static final String WITHDRAWAL_HEARD = "withdrawal-heard";
    private static final String TYPE = "passerelle-message+jwt";
    private static final String SIGNATURE = AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256;
    private static final String KEY_AGREEMENT = KeyManagementAlgorithmIdentifiers.ECDH_ES_A256KW;
    private static final String ENCRYPTION = ContentEncryptionAlgorithmIdentifiers.AES_256_GCM;

    /** Two countries' clocks differ by less. */
    private static final Duration SKEW = Duration.ofMinutes(2);

    /** How long the proof of one request is good for. */
    static final Duration PROOF = Duration.ofMinutes(1);

    private static final Pattern ENCRYPTED = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]*){4}");
    private static final Pattern SIGNED = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+){2}");

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
            // A field that a later version adds is not this one's business.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private final Partners partners;
    private final Duration longest;

    /** @param longest that a file counts here, whatever its sender says */
    public Exchange(Partners partners, Duration longest) {
        this.partners = partners;
        this.longest = longest;
    }

    /** @param id one-time; the same content written twice gives two different files, which the receiver tells apart */
    public String write(Partner to, UUID id, Content content, Instant now, Instant until) {
        ObjectNode claims = claims(to.country(), id, now, until);
        claims.put("version", VERSION);
        claims.put(
                "kind",
                switch (content) {
                    case Message.HandingOver handOver -> HAND_OVER;
                    case Message.Answering answer -> ANSWER;
                    case Message.Withdrawing withdrawal -> WITHDRAWAL;
                    case Message.WithdrawalHeard heard -> WITHDRAWAL_HEARD;
                });
        claims.set("content", JSON.valueToTree(content));
        try {
            JsonWebEncryption file = new JsonWebEncryption();
            file.setAlgorithmHeaderValue(KEY_AGREEMENT);
            file.setEncryptionMethodHeaderParameter(ENCRYPTION);
            file.setKeyIdHeaderValue(to.reading().getKeyId());
            file.setContentTypeHeaderValue("JWT");
            file.setHeader("typ", TYPE);
            file.setKey(to.reading().getPublicKey());
            file.setPayload(signed(claims));
            return file.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("a file cannot be written", e);
        }
    }

    /** SHA-256 of a file as it was exchanged. */
    public static Digest digest(String file) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(file.getBytes(StandardCharsets.UTF_8));
            return new Digest(Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Proves to a partner, for a minute and once, that this request with this file is of this country's installation. */
    public String proof(Partner to, String file, Instant now) {
        ObjectNode claims = claims(to.country(), UUID.randomUUID(), now, now.plus(PROOF));
        claims.put("digest", Exchange.digest(file).text());
        try {
            return signed(claims);
        } catch (JoseException e) {
            throw new IllegalStateException("a proof cannot be written", e);
        }
    }

    private ObjectNode claims(Country to, UUID id, Instant now, Instant until) {
        ObjectNode claims = JSON.createObjectNode();
        claims.put("iss", partners.here().code());
        claims.put("aud", to.code());
        claims.put("jti", id.toString());
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", until.getEpochSecond());
        return claims;
    }

    private String signed(ObjectNode claims) throws JoseException {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue(SIGNATURE);
        signature.setKeyIdHeaderValue(partners.signing().getKeyId());
        signature.setHeader("typ", TYPE);
        signature.setKey(partners.signing().getPrivateKey());
        signature.setPayload(claims.toString());
        return signature.getCompactSerialization();
    }

    /**
     * Reads a file, if it is whole, for us, from a partner, and of now.
     *
     * @throws Refusal naming what is wrong with it; says nothing of what stands in it
     */
    public Message read(String file, Instant now) {
        String text = file.strip();
        if (text.length() > LARGEST || !ENCRYPTED.matcher(text).matches()) {
            throw refused("exchange-unreadable", "file");
        }
        JsonNode claims = verified(decrypted(text));
        if (claims.path("version").asInt() != VERSION) {
            throw refused("exchange-version", "version");
        }
        Instant until = checkedTimes(claims, now);
        Instant atMost = at(claims, "iat").plus(longest);
        if (atMost.isBefore(until)) {
            until = atMost;
        }
        if (!until.isAfter(now)) {
            throw refused("exchange-expired", "exp");
        }
        return new Message(
                id(claims),
                Country.of(claims.path("iss").asText()),
                partners.here(),
                at(claims, "iat"),
                until,
                content(claims),
                Exchange.digest(text));
    }

    /**
     * Whose request this is.
     *
     * @return its one-time id, until when to remember it, and the country
     * @throws Refusal when it proves nothing
     */
    public Proof proven(String proof, String file, Instant now) {
        if (!SIGNED.matcher(proof).matches()) {
            throw refused("exchange-unproven", "proof");
        }
        JsonNode claims = verified(proof);
        Instant until = checkedTimes(claims, now);
        if (until.isAfter(now.plus(PROOF).plus(SKEW))) {
            throw refused("exchange-unproven", "exp");
        }
        if (!claims.path("digest").asText().equals(Exchange.digest(file.strip()).text())) {
            throw refused("exchange-unproven", "digest");
        }
        return new Proof(id(claims), Country.of(claims.path("iss").asText()), until.plus(SKEW));
    }

    /** @param until to be remembered until then */
    public record Proof(UUID id, Country from, Instant until) {}

    private String decrypted(String text) {
        try {
            JsonWebEncryption file = new JsonWebEncryption();
            file.setAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, KEY_AGREEMENT));
            file.setContentEncryptionAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, ENCRYPTION));
            file.setCompactSerialization(text);
            if (!KEY_AGREEMENT.equals(file.getAlgorithmHeaderValue())
                    || !ENCRYPTION.equals(file.getEncryptionMethodHeaderParameter())
                    || file.getHeader("zip") != null) {
                throw refused("exchange-algorithm", "alg");
            }
            PublicJsonWebKey key = partners.reading().stream()
                    .filter(one -> one.getKeyId().equals(file.getKeyIdHeaderValue()))
                    .findFirst()
                    .orElseThrow(() -> refused("exchange-misdirected", "kid"));
            file.setKey(key.getPrivateKey());
            return file.getPlaintextString();
        } catch (JoseException tampered) {
            throw refused("exchange-tampered", "file");
        }
    }

    /** The claims of something that a partner has signed, and meant for us. */
    private JsonNode verified(String text) {
        if (!SIGNED.matcher(text).matches()) {
            throw refused("exchange-unsigned", "signature");
        }
        try {
            JsonWebSignature signature = new JsonWebSignature();
            signature.setAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, SIGNATURE));
            signature.setCompactSerialization(text);
            if (!SIGNATURE.equals(signature.getAlgorithmHeaderValue())) {
                throw refused("exchange-unsigned", "signature");
            }
            JsonNode claims = JSON.readTree(signature.getUnverifiedPayload());
            Partner sender =
                    partners.find(claims.path("iss").asText()).orElseThrow(() -> refused("exchange-stranger", "iss"));
            PublicJsonWebKey key = sender.signing().stream()
                    .filter(one -> one.getKeyId().equals(signature.getKeyIdHeaderValue()))
                    .findFirst()
                    .orElseThrow(() -> refused("exchange-unsigned", "signature"));
            signature.setKey(key.getPublicKey());
            if (!signature.verifySignature()) {
                throw refused("exchange-unsigned", "signature");
            }
            if (!claims.path("aud").asText().equals(partners.here().code())) {
                throw refused("exchange-misdirected", "aud");
            }
            return claims;
        } catch (JoseException | JsonProcessingException malformed) {
            throw refused("exchange-unsigned", "signature");
        }
    }

    private static Instant checkedTimes(JsonNode claims, Instant now) {
        Instant until = at(claims, "exp");
        if (!until.isAfter(now)) {
            throw refused("exchange-expired", "exp");
        }
        if (at(claims, "iat").isAfter(now.plus(SKEW))) {
            throw refused("exchange-expired", "iat");
        }
        return until;
    }

    private static Instant at(JsonNode claims, String name) {
        JsonNode seconds = claims.path(name);
        if (!seconds.canConvertToInt()) {
            throw refused("exchange-content", name);
        }
        return Instant.ofEpochSecond(seconds.asLong()).truncatedTo(ChronoUnit.SECONDS);
    }

    private static UUID id(JsonNode claims) {
        try {
            return UUID.fromString(claims.path("jti").asText());
        } catch (IllegalArgumentException malformed) {
            throw refused("exchange-content", "jti");
        }
    }

    private static Content content(JsonNode claims) {
        try {
            Content content = switch (claims.path("kind").asText()) {
                case HAND_OVER -> JSON.treeToValue(claims.path("content"), Message.HandingOver.class);
                case ANSWER -> JSON.treeToValue(claims.path("content"), Message.Answering.class);
                case WITHDRAWAL -> JSON.treeToValue(claims.path("content"), Message.Withdrawing.class);
                case WITHDRAWAL_HEARD -> JSON.treeToValue(claims.path("content"), Message.WithdrawalHeard.class);
                default -> throw refused("exchange-content", "kind");
            };
            checkComplete(content);
            return content;
        } catch (JsonMappingException malformed) {
            throw refused(
                    "exchange-content",
                    malformed.getPath().stream()
                            .map(part -> part.getFieldName() == null ? "" + part.getIndex() : part.getFieldName())
                            .collect(Collectors.joining(".", "content.", "")));
        } catch (JsonProcessingException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    private static void checkComplete(Content content) {
        need(content, "content");
        switch (content) {
            case Message.HandingOver handOver -> {
                need(handOver.consent(), "content.consent");
                need(handOver.consent().facts(), "content.consent.facts");
                complete(handOver.consent().facts(), "content.consent.facts");
                need(handOver.consent().obtainedFrom(), "content.consent.obtainedFrom");
                need(handOver.consent().language(), "content.consent.language");
                List<Message.NeedPart> needs = handOver.needs() == null ? List.of() : handOver.needs();
                for (Message.NeedPart one : needs) {
                    need(one, "content.needs");
                    need(one.service(), "content.needs.service");
                    need(one.urgency(), "content.needs.urgency");
                }
                if (handOver.person() != null) {
                    complete(handOver.person().citizenships(), "content.person.citizenships");
                    complete(handOver.person().languages(), "content.person.languages");
                }
                if (handOver.story() != null) {
                    need(handOver.story().foundAt(), "content.story.foundAt");
                    need(handOver.story().foundIn(), "content.story.foundIn");
                }
            }
            case Message.Answering answer -> {
                need(answer.handOver(), "content.handOver");
                need(answer.digest(), "content.digest");
                need(answer.verdict(), "content.verdict");
                need(answer.decidedAt(), "content.decidedAt");
            }
            case Message.Withdrawing withdrawal -> {
                need(withdrawal.handOver(), "content.handOver");
                need(withdrawal.withdrawnAt(), "content.withdrawnAt");
            }
            case Message.WithdrawalHeard heard -> {
                need(heard.handOver(), "content.handOver");
                need(heard.heardAt(), "content.heardAt");
            }
        }
    }

    private static void complete(@Nullable Collection<?> values, String field) {
        if (values != null) {
            values.forEach(one -> need(one, field));
        }
    }

    /** What a file left out is null whatever the record says: it comes from outside. */
    private static void need(@Nullable Object value, String field) {
        if (value == null) {
            throw refused("exchange-content", field);
        }
    }

    private static Refusal refused(String code, String field) {
        return Refusal.of(code).field(field).invalid();
    }
}
