package org.passerelle.referral.referring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.referring.Links.Link;

@Tag("links")
class SliceTicketsTest {

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

    @TempDir
    Path directory;

    private Path keys(EllipticCurveJsonWebKey key, OutputControlLevel level) throws IOException {
        return Files.writeString(directory.resolve("keys.json"), new JsonWebKeySet(key).toJson(level));
    }

    private static EllipticCurveJsonWebKey key() throws JoseException {
        EllipticCurveJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        key.setKeyId("links-1");
        return key;
    }

    private static Link link(Duration left) {
        return new Link(
                new UUID(1, 1),
                new ReferralId(new UUID(1, 2)),
                new OfferId(new UUID(1, 3)),
                new UUID(1, 4),
                NOW.plus(left));
    }

    @Test
    void aTicketLivesTwoMinutesAndNotLongerThanItsLink() throws Exception {
        EllipticCurveJsonWebKey key = key();
        SliceTickets tickets = new SliceTickets(Optional.of(keys(key, OutputControlLevel.INCLUDE_PRIVATE)));
        assertThat(until(key, tickets.ticket(link(Duration.ofDays(7)), "4829-1370-6153", false, NOW)))
                .isEqualTo(NOW.plusSeconds(120));
        assertThat(until(key, tickets.ticket(link(Duration.ofSeconds(30)), "4829-1370-6153", false, NOW)))
                .isEqualTo(NOW.plusSeconds(30));
    }

    private static Instant until(EllipticCurveJsonWebKey key, String ticket) throws Exception {
        return Instant.ofEpochSecond(new JwtConsumerBuilder()
                .setVerificationKey(key.getPublicKey())
                .setExpectedAudience("passerelle/identification")
                .setEvaluationTime(org.jose4j.jwt.NumericDate.fromSeconds(NOW.getEpochSecond()))
                .build()
                .processToClaims(ticket)
                .getExpirationTime()
                .getValue());
    }

    /** The example that both services are tested with: the other one reads what this one writes. */
    @Test
    void theSharedExampleIsWritten() throws Exception {
        ObjectMapper json = new ObjectMapper();
        JsonNode example;
        try (InputStream file = SliceTicketsTest.class.getResourceAsStream("/slice-ticket.json")) {
            example = json.readTree(file);
        }
        JsonNode claims = example.path("claims");
        Link link = new Link(
                UUID.fromString(claims.path("sub").asText()),
                new ReferralId(UUID.fromString(claims.path("need").asText())),
                new OfferId(new UUID(1, 3)),
                UUID.fromString(claims.path("organisation").asText()),
                NOW.plus(Duration.ofDays(7)));
        SliceTickets tickets = new SliceTickets(Optional.of(keys(key(), OutputControlLevel.INCLUDE_PRIVATE)));
        String[] written =
                tickets.ticket(link, claims.path("case").asText(), false, NOW).split("\\.");
        assertThat(json.readTree(Base64.getUrlDecoder().decode(written[0]))).isEqualTo(example.path("header"));
        ObjectNode said = (ObjectNode) json.readTree(Base64.getUrlDecoder().decode(written[1]));
        // Of every ticket its own.
        said.set("jti", claims.path("jti"));
        assertThat(said).isEqualTo(claims);
    }

    @Test
    void withoutAKeyNoneAreGivenAndWithHalfAKeyNothingStarts() throws Exception {
        assertThat(new SliceTickets(Optional.empty()).given()).isFalse();
        Path half = keys(key(), OutputControlLevel.PUBLIC_ONLY);
        assertThatThrownBy(() -> new SliceTickets(Optional.of(half))).isInstanceOf(IllegalArgumentException.class);
        Path none = Files.writeString(directory.resolve("none.json"), "no keys");
        assertThatThrownBy(() -> new SliceTickets(Optional.of(none))).isInstanceOf(IllegalArgumentException.class);
    }
}
