package org.passerelle.local;

import com.nimbusds.jose.jwk.KeyUse;
import java.nio.file.Path;
import java.util.Map;

/**
 * The key by which referral-service says to identification-service whom it has let in by a link: private in a file for the
 * one, public among the settings of the other.
 */
public final class LinkKeys {

    private final KeyPairFile pair;

    public LinkKeys(Path file) {
        this.pair = new KeyPairFile(file, KeyUse.SIGNATURE);
    }

    /** Makes the key where it is missing, readable by its owner only. */
    public LinkKeys prepare() {
        pair.prepare();
        return this;
    }

    /** A JWK set without anything private. */
    public String trusted() {
        return pair.publicPart();
    }

    Map<String, String> environment(ServiceName service) {
        return switch (service) {
            case REFERRAL -> Map.of("PASSERELLE_LINKS_KEYS", pair.toString());
            case IDENTIFICATION -> Map.of("PASSERELLE_LINKS_TRUSTED", trusted());
            case ASSISTANCE, REPORTING -> Map.of();
        };
    }
}
