package org.passerelle.identification.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.UUID;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.needs.NeedId;

@Tag("links")
class SliceTicketsTest {

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

    private static EllipticCurveJsonWebKey key(String id) throws JoseException {
        EllipticCurveJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        key.setKeyId(id);
        return key;
    }

    private static String open(EllipticCurveJsonWebKey... keys) {
        return new JsonWebKeySet(keys).toJson(OutputControlLevel.PUBLIC_ONLY);
    }

    /** The example that both services are tested with: this one reads what the other writes. */
    private static JsonNode example() throws IOException {
        try (InputStream file = SliceTicketsTest.class.getResourceAsStream("/slice-ticket.json")) {
            return new ObjectMapper().readTree(file);
        }
    }

    @Test
    void theSharedExampleIsRead() throws Exception {
        EllipticCurveJsonWebKey key = key(example().at("/header/kid").asText());
        JsonWebSignature jws = new JsonWebSignature();
        example()
                .path("header")
                .properties()
                .forEach(one -> jws.setHeader(one.getKey(), one.getValue().asText()));
        jws.setKey(key.getPrivateKey());
        jws.setPayload(example().path("claims").toString());
        JsonNode claims = example().path("claims");
        assertThat(new SliceTickets(open(key)).read(jws.getCompactSerialization(), NOW))
                .contains(new SliceTicket(
                        UUID.fromString(claims.path("jti").asText()),
                        UUID.fromString(claims.path("sub").asText()),
                        OrganisationId.of(claims.path("organisation").asText()),
                        CaseCode.parse(claims.path("case").asText()),
                        NeedId.of(claims.path("need").asText()),
                        false,
                        NOW.plusSeconds(120)));
    }

    private static String ticket(EllipticCurveJsonWebKey key, String authority) throws JoseException {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue("ES256");
        jws.setHeader("typ", "passerelle-slice+jwt");
        jws.setKeyIdHeaderValue(key.getKeyId());
        jws.setKey(key.getPrivateKey());
        jws.setPayload("""
                {"iss": "passerelle/referral", "aud": "passerelle/identification", "jti": "%s", "sub": "%s",
                 "iat": %d, "exp": %d, "organisation": "%s", "case": "4829-1370-6153", "need": "%s"%s}""".formatted(
                        UUID.randomUUID(),
                        UUID.randomUUID(),
                        NOW.getEpochSecond(),
                        NOW.getEpochSecond() + 120,
                        UUID.randomUUID(),
                        UUID.randomUUID(),
                        authority));
        return jws.getCompactSerialization();
    }

    @Test
    void whileKeysAreChangedBothCountAndAfterwardsTheNewOneAlone() throws JoseException {
        EllipticCurveJsonWebKey old = key("links-1");
        EllipticCurveJsonWebKey next = key("links-2");
        SliceTickets both = new SliceTickets(open(old, next));
        assertThat(both.read(ticket(old, ""), NOW)).isPresent();
        assertThat(both.read(ticket(next, ""), NOW)).isPresent();
        assertThat(new SliceTickets(open(next)).read(ticket(old, ""), NOW)).isEmpty();
    }

    @Test
    void whoeverIsNotSaidToBeNoAuthorityMayBeOne() throws JoseException {
        EllipticCurveJsonWebKey key = key("links-1");
        SliceTickets tickets = new SliceTickets(open(key));
        assertThat(tickets.read(ticket(key, ""), NOW))
                .hasValueSatisfying(one -> assertThat(one.authority()).isTrue());
        assertThat(tickets.read(ticket(key, ", \"authority\": false"), NOW))
                .hasValueSatisfying(one -> assertThat(one.authority()).isFalse());
    }

    @Test
    void aPrivateKeyIsNotTakenForAPublicOne() throws JoseException {
        String secret = new JsonWebKeySet(key("links-1")).toJson(OutputControlLevel.INCLUDE_PRIVATE);
        for (String wrong : new String[] {secret, "{\"keys\": []}", "no keys"}) {
            assertThatThrownBy(() -> new SliceTickets(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
