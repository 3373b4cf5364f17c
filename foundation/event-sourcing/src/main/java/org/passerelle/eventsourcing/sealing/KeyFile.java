package org.passerelle.eventsourcing.sealing;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Key-encryption keys in a file: a Tink keyset as JSON, whose primary key wraps and whose older keys still unwrap. For one
 * machine, or mounted from a secret. Read again when it changes.
 */
final class KeyFile {

    private static final Set<PosixFilePermission> OF_EVERYBODY =
            Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private final Path path;
    private @Nullable Read last;

    private record Read(FileTime changed, KeysetHandle keys, Aead aead) {}

    static {
        try {
            AeadConfig.register();
        } catch (GeneralSecurityException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    KeyFile(Path path) {
        this.path = path;
    }

    /** Makes the file with a new key, readable by its owner only, unless it is there. */
    void createIfAbsent() {
        if (Files.exists(path)) {
            return;
        }
        try {
            Path made = written(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM));
            try {
                Files.createLink(path, made); // fails where another process was quicker
            } catch (FileAlreadyExistsException another) {
                // its key is as good
            } finally {
                Files.delete(made);
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new KeysUnavailable("the key file cannot be made: " + path, e);
        }
    }

    /** Adds a new key, which wraps from now on; the older ones go on unwrapping. */
    synchronized void rotate() {
        try {
            KeysetHandle now = read().keys();
            KeysetHandle next = KeysetHandle.newBuilder(now)
                    .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                            .withRandomId()
                            .makePrimary())
                    .build();
            Files.move(written(next), path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            last = null;
        } catch (IOException | GeneralSecurityException e) {
            throw new KeysUnavailable("the key file cannot be changed: " + path, e);
        }
    }

    private Path written(KeysetHandle keys) throws IOException, GeneralSecurityException {
        Path directory = path.toAbsolutePath().getParent();
        Path file = Files.createTempFile(
                directory,
                ".keys",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, TinkJsonProtoKeysetFormat.serializeKeyset(keys, InsecureSecretKeyAccess.get()));
        return file;
    }

    /** Names the key that wraps now. */
    String primary() {
        return name(read().keys().getPrimary().getId());
    }

    /** The keys that unwrap. */
    Set<String> names() {
        KeysetHandle keys = read().keys();
        return IntStream.range(0, keys.size())
                .mapToObj(keys::getAt)
                .filter(entry -> entry.getStatus() == KeyStatus.ENABLED)
                .map(entry -> name(entry.getId()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String name(int id) {
        return "file#" + Integer.toUnsignedString(id);
    }

    Aead aead() {
        return read().aead();
    }

    private synchronized Read read() {
        try {
            FileTime changed = Files.getLastModifiedTime(path);
            Read known = last;
            if (known != null && known.changed().equals(changed)) {
                return known;
            }
            if (Files.getPosixFilePermissions(path).stream().anyMatch(OF_EVERYBODY::contains)) {
                throw new KeysUnavailable("the key file may be read by everybody: " + path, null);
            }
            KeysetHandle keys =
                    TinkJsonProtoKeysetFormat.parseKeyset(Files.readString(path), InsecureSecretKeyAccess.get());
            Read now = new Read(changed, keys, keys.getPrimitive(RegistryConfiguration.get(), Aead.class));
            last = now;
            return now;
        } catch (IOException | GeneralSecurityException e) {
            throw new KeysUnavailable(
                    "the key file cannot be read: " + path,
                    e instanceof IOException io ? new UncheckedIOException(io) : null);
        }
    }
}
