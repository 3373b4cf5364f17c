package org.passerelle.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/**
 * The secrets of a service with which its history is proven. None of them is in its database.
 *
 * <p>To change one: the signing keys by giving the new public key to the witnesses, or to whoever relies on this one,
 * before the new secret is put in place; the HMAC's key at any time. Old public keys and old HMAC keys are kept, because
 * {@link Trust} needs them for what they have signed.
 */
public interface ServiceKeys {

    /** Signs the checkpoints of its own log; to be {@link NoteSigner#named} for each life. */
    NoteSigner log();

    /** Cosigns those of others. */
    NoteSigner witness();

    /** Of the HMAC in {@link Attestation}. */
    byte[] mac();

    /** The files of a directory, as a mounted secret has them: each 32 random bytes in Base64. */
    List<String> FILES = List.of("log-key", "witness-key", "hmac-key");

    /**
     * Reads {@link #FILES}.
     *
     * @throws UncheckedIOException naming the file that is missing or wrong, never what is in it
     */
    static ServiceKeys in(Path directory, String service) {
        NoteSigner log =
                NoteSigner.of(Checkpoint.log(service), NoteKey.Type.NOTE, secret(directory.resolve(FILES.get(0))));
        NoteSigner witness = NoteSigner.of(
                Checkpoint.witness(service), NoteKey.Type.COSIGNATURE, secret(directory.resolve(FILES.get(1))));
        byte[] mac = secret(directory.resolve(FILES.get(2)));
        return new ServiceKeys() {
            @Override
            public NoteSigner log() {
                return log;
            }

            @Override
            public NoteSigner witness() {
                return witness;
            }

            @Override
            public byte[] mac() {
                return mac.clone();
            }
        };
    }

    /** 32 bytes out of a file. */
    static byte[] secret(Path file) {
        try {
            byte[] secret = Base64.getDecoder().decode(Files.readString(file).strip());
            if (secret.length == NoteSigner.SEED) {
                return secret;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the key " + file, e);
        } catch (IllegalArgumentException e) {
            // said below, without what was read
        }
        throw new UncheckedIOException(new IOException("not 32 bytes in Base64: " + file));
    }

    /** Makes those of {@link #FILES} that are missing, readable by their owner only. */
    static void makeIn(Path directory) {
        SecureRandom random = new SecureRandom();
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            for (String name : FILES) {
                Path file = directory.resolve(name);
                byte[] secret = new byte[NoteSigner.SEED];
                random.nextBytes(secret);
                try {
                    Files.createFile(
                            file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                    Files.writeString(file, Base64.getEncoder().encodeToString(secret) + "\n");
                } catch (FileAlreadyExistsException e) {
                    // made at an earlier start
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep keys in " + directory, e);
        }
    }
}
