package org.passerelle.local;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How a partner's system proves to be itself: a JWT signed with its private key, RFC 7523, good for one time. */
final class ClientAssertions {

    /** Longer is no proof of holding the key now. */
    static final Duration LONGEST = Duration.ofMinutes(5);

    /** When each assertion that was taken ends; until then its {@code jti} is taken no second time. */
    private final Map<String, Instant> taken = new ConcurrentHashMap<>();

    /**
     * @param key       public, of the client as it was registered
     * @param audiences names of this server, of which the assertion must say one
     * @return whether the client holds the key now and says so for the first time
     */
    boolean proves(SignedJWT assertion, String client, JWK key, List<String> audiences, Instant now) {
        try {
            JWTClaimsSet claims = assertion.getJWTClaimsSet();
            Date expires = claims.getExpirationTime();
            String id = claims.getJWTID();
            return client.equals(claims.getIssuer())
                    && client.equals(claims.getSubject())
                    && claims.getAudience().stream().anyMatch(audiences::contains)
                    && within(expires, now)
                    && id != null
                    && !id.isBlank()
                    && signed(assertion, key)
                    && first(client + " " + id, expires.toInstant(), now);
        } catch (ParseException | JOSEException unreadable) {
            return false;
        }
    }

    private static boolean within(@Nullable Date expires, Instant now) {
        return expires != null
                && expires.toInstant().isAfter(now)
                && !expires.toInstant().isAfter(now.plus(LONGEST));
    }

    /** The key says which algorithms go: a public key is never a shared secret. */
    private static boolean signed(SignedJWT assertion, JWK key) throws JOSEException {
        return key instanceof AsymmetricJWK asymmetric
                && assertion.verify(new DefaultJWSVerifierFactory()
                        .createJWSVerifier(assertion.getHeader(), asymmetric.toPublicKey()));
    }

    private boolean first(String assertion, Instant expires, Instant now) {
        taken.values().removeIf(end -> end.isBefore(now));
        return taken.putIfAbsent(assertion, expires) == null;
    }
}
