package org.passerelle.referral.referring;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.referring.Links.Link;

/**
 * What lets somebody who has just opened a link read, at identification-service, what the person agreed to have told: signed
 * here, carried by the browser in a form, good for two minutes and one reading. Nothing of the person comes this way.
 */
@ApplicationScoped
public class SliceTickets {

    static final Duration LIFE = Duration.ofMinutes(2);

    private static final String TYPE = "passerelle-slice+jwt";
    private static final String ISSUER = "passerelle/referral";
    private static final String AUDIENCE = "passerelle/identification";

    private final @Nullable EllipticCurveJsonWebKey key;

    /** @param file a JWK set; the first of its keys signs. Without it links show no slice. */
    @Inject
    SliceTickets(@ConfigProperty(name = "passerelle.links.keys") Optional<Path> file) {
        key = file.map(SliceTickets::first).orElse(null);
    }

    /** Half a key is none: an installation that is half set up does not start. */
    private static EllipticCurveJsonWebKey first(Path file) {
        try {
            return new JsonWebKeySet(Files.readString(file))
                    .getJsonWebKeys().stream()
                            .findFirst()
                            .filter(EllipticCurveJsonWebKey.class::isInstance)
                            .map(EllipticCurveJsonWebKey.class::cast)
                            .filter(one -> one.getKeyId() != null && one.getPrivateKey() != null)
                            .filter(one -> "P-256".equals(one.getCurveName()))
                            .orElseThrow(() -> new IllegalArgumentException(
                                    "passerelle.links.keys: the first is no private P-256 key with kid"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JoseException e) {
            throw new IllegalArgumentException("passerelle.links.keys: no JWK set in " + file.getFileName());
        }
    }

    /** Whether this installation shows slices by links. */
    public boolean given() {
        return key != null;
    }

    /**
     * @param authority whether the organisation behind the link may be an authority, which only the directory knows
     * @throws IllegalStateException where none are {@link #given}
     */
    public String ticket(Link link, String caseCode, boolean authority, Instant now) {
        if (key == null) {
            throw new IllegalStateException("passerelle.links.keys is missing");
        }
        Instant until = now.plus(LIFE);
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(ISSUER);
        claims.setAudience(AUDIENCE);
        claims.setJwtId(UUID.randomUUID().toString());
        claims.setIssuedAt(NumericDate.fromMilliseconds(now.toEpochMilli()));
        claims.setExpirationTime(
                NumericDate.fromMilliseconds((link.until().isBefore(until) ? link.until() : until).toEpochMilli()));
        claims.setSubject(link.id().toString());
        claims.setStringClaim("organisation", link.organisation().toString());
        claims.setStringClaim("case", caseCode);
        claims.setStringClaim("need", link.referral().value().toString());
        claims.setClaim("authority", authority);
        try {
            JsonWebSignature signed = new JsonWebSignature();
            signed.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
            signed.setHeader("typ", TYPE);
            signed.setKeyIdHeaderValue(key.getKeyId());
            signed.setKey(key.getPrivateKey());
            signed.setPayload(claims.toJson());
            return signed.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("a ticket cannot be signed", e);
        }
    }
}
