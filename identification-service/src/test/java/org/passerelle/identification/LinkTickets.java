package org.passerelle.identification;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;
import org.passerelle.edge.testkit.LocalBackends;

/** Tickets as referral-service writes them; {@code slice-ticket.json} is the example that it is held to. */
final class LinkTickets {

    private LinkTickets() {}

    /** The private key whose public half the service under test trusts. */
    static PublicJsonWebKey key() {
        try {
            return (PublicJsonWebKey)
                    new JsonWebKeySet(Files.readString(Path.of(System.getProperty(LocalBackends.LINK_KEYS))))
                            .getJsonWebKeys()
                            .getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param changes of claims; null leaves one out */
    static String signed(PublicJsonWebKey key, String organisation, String code, String need, Map<String, ?> changes) {
        long now = System.currentTimeMillis() / 1000;
        Map<String, Object> all = new LinkedHashMap<>(Map.of(
                "iss",
                "passerelle/referral",
                "aud",
                "passerelle/identification",
                "jti",
                UUID.randomUUID().toString(),
                "sub",
                UUID.randomUUID().toString(),
                "iat",
                now,
                "exp",
                now + 120,
                "organisation",
                organisation,
                "case",
                code,
                "need",
                need,
                "authority",
                false));
        all.putAll(changes);
        all.values().removeIf(Objects::isNull);
        JwtClaims claims = new JwtClaims();
        all.forEach(claims::setClaim);
        try {
            JsonWebSignature jws = new JsonWebSignature();
            jws.setAlgorithmHeaderValue("ES256");
            jws.setHeader("typ", "passerelle-slice+jwt");
            jws.setKeyIdHeaderValue(key.getKeyId());
            jws.setKey(key.getPrivateKey());
            jws.setPayload(claims.toJson());
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
