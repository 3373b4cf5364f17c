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

/** A key between two services: private in a file for the one, public among the settings of the other. */
final class KeyPairFile {

    private final Path file;
    private final KeyUse use;

    KeyPairFile(Path file, KeyUse use) {
        this.file = file;
        this.use = use;
    }

    /** Makes the key where it is missing, readable by its owner only. */
    void prepare() {
        if (Files.exists(file)) {
            return;
        }
        try {
            var key = new ECKeyGenerator(Curve.P_256)
                    .keyUse(use)
                    .keyIDFromThumbprint(true)
                    .generate();
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, new JWKSet(key).toString(false));
        } catch (JOSEException e) {
            throw new IllegalStateException("no key for " + file.getFileName(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** A JWK set without anything private. */
    String publicPart() {
        try {
            return JWKSet.load(file.toFile()).toPublicJWKSet().toString();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        } catch (ParseException e) {
            throw new IllegalStateException("no JWK set in " + file, e);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
