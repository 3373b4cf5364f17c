package org.passerelle.local;

import com.nimbusds.jose.jwk.KeyUse;
import java.nio.file.Path;
import java.util.Map;

/**
 * The key for which identification-service encrypts where and to whom a person must not be sent: private in a file for
 * referral-service, public among the settings of the other.
 */
public final class AvoidanceKeys {

    private final KeyPairFile pair;

    public AvoidanceKeys(Path file) {
        this.pair = new KeyPairFile(file, KeyUse.ENCRYPTION);
    }

    /** Makes the key where it is missing, readable by its owner only. */
    public AvoidanceKeys prepare() {
        pair.prepare();
        return this;
    }

    /** A JWK set without anything private. */
    public String recipient() {
        return pair.publicPart();
    }

    Map<String, String> environment(ServiceName service) {
        return switch (service) {
            case REFERRAL -> Map.of("PASSERELLE_AVOIDANCE_KEYS", pair.toString());
            case IDENTIFICATION -> Map.of("PASSERELLE_AVOIDANCE_RECIPIENT", recipient());
            case ASSISTANCE, REPORTING -> Map.of();
        };
    }
}
