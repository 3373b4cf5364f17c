package org.passerelle.local;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.util.Map;

/**
 * The key by which referral-service says to identification-service whom it has let in by a link: private in a file for the
 * one, public among the settings of the other.
 */
public final class LinkKeys {

    private final Path file;

    public LinkKeys(Path file) {
        this.file = file;
    }

    /** Makes the key where it is missing, readable by its owner only. */
    public LinkKeys prepare() {
        if (Files.exists(file)) {
            return this;
        }
        try {
            var key = new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .keyIDFromThumbprint(true)
                    .generate();
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, new JWKSet(key).toString(false));
            return this;
        } catch (JOSEException e) {
            throw new IllegalStateException("no key for links", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** A JWK set without anything private. */
    public String trusted() {
        try {
            return JWKSet.load(file.toFile()).toPublicJWKSet().toString();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        } catch (ParseException e) {
            throw new IllegalStateException("no JWK set in " + file, e);
        }
    }

    Map<String, String> environment(ServiceName service) {
        return switch (service) {
            case REFERRAL -> Map.of("PASSERELLE_LINKS_KEYS", file.toString());
            case IDENTIFICATION -> Map.of("PASSERELLE_LINKS_TRUSTED", trusted());
            case ASSISTANCE, REPORTING -> Map.of();
        };
    }
}
