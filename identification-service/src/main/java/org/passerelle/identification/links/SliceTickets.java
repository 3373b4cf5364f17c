package org.passerelle.identification.links;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.needs.NeedId;

/** Reads the tickets of referral-service: a JWT (ES256) for this service, of this moment. What is wrong is not told. */
public final class SliceTickets {

    private static final String TYPE = "passerelle-slice+jwt";
    private static final String ISSUER = "passerelle/referral";
    private static final String AUDIENCE = "passerelle/identification";

    /** In characters; a ticket has some 700. */
    private static final int LONGEST = 2_000;

    /** Whatever a ticket says of itself. */
    private static final Duration OLDEST = Duration.ofMinutes(2);

    /** Two machines' clocks differ by less. */
    private static final Duration SKEW = Duration.ofSeconds(5);

    private final JsonWebKeySet keys;

    /**
     * @param keys a JWK set with public keys; several while they are changed
     * @throws IllegalArgumentException where it is something else: an installation that is half set up does not start
     */
    public SliceTickets(String keys) {
        try {
            this.keys = new JsonWebKeySet(keys);
        } catch (JoseException e) {
            throw new IllegalArgumentException("passerelle.links.trusted: no JWK set");
        }
        if (this.keys.getJsonWebKeys().isEmpty()
                || !this.keys.getJsonWebKeys().stream().allMatch(SliceTickets::isPublic)) {
            throw new IllegalArgumentException(
                    "passerelle.links.trusted: public P-256 keys with kid, and nothing else");
        }
    }

    private static boolean isPublic(JsonWebKey key) {
        return key instanceof EllipticCurveJsonWebKey curve
                && "P-256".equals(curve.getCurveName())
                && curve.getKeyId() != null
                && curve.getPrivateKey() == null;
    }

    /** @return empty where it lets nobody in */
    public Optional<SliceTicket> read(String ticket, Instant now) {
        if (ticket.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            JwtClaims claims = reader(now).processToClaims(ticket);
            return Optional.of(new SliceTicket(
                    UUID.fromString(claims.getJwtId()),
                    UUID.fromString(claims.getSubject()),
                    OrganisationId.of(text(claims, "organisation")),
                    CaseCode.parse(text(claims, "case")),
                    NeedId.of(text(claims, "need")),
                    !Boolean.FALSE.equals(claims.getClaimValue("authority", Boolean.class)),
                    Instant.ofEpochSecond(claims.getExpirationTime().getValue())));
        } catch (InvalidJwtException | MalformedClaimException | IllegalArgumentException | Refusal refused) {
            return Optional.empty();
        }
    }

    private static String text(JwtClaims claims, String name) throws MalformedClaimException {
        String value = claims.getStringClaimValue(name);
        if (value == null) {
            throw new IllegalArgumentException("without " + name);
        }
        return value;
    }

    private JwtConsumer reader(Instant now) {
        return new JwtConsumerBuilder()
                .setJwsAlgorithmConstraints(
                        ConstraintType.PERMIT, AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256)
                .setVerificationKeyResolver(new JwksVerificationKeyResolver(keys.getJsonWebKeys()))
                .setExpectedType(true, TYPE)
                .setExpectedIssuer(true, ISSUER)
                .setExpectedAudience(true, AUDIENCE)
                .setRequireSubject()
                .setRequireJwtId()
                .setRequireExpirationTime()
                .setIssuedAtRestrictions(
                        (int) SKEW.toSeconds(), (int) OLDEST.plus(SKEW).toSeconds())
                .setEvaluationTime(NumericDate.fromMilliseconds(now.toEpochMilli()))
                .build();
    }
}
