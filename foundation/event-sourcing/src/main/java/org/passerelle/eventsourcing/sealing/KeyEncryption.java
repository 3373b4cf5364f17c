package org.passerelle.eventsourcing.sealing;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import com.google.crypto.tink.KmsClients;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The keys that wrap data keys. One wraps; it and the former ones unwrap. A {@code file:} address is a {@link KeyFile};
 * every other one is asked of the {@link com.google.crypto.tink.KmsClient}s on the class path: {@link
 * VaultTransit} ({@code hcvault://}), and Tink's integrations of AWS ({@code aws-kms://}) and Google Cloud ({@code
 * gcp-kms://}). Calls may wait
 * for a network: never on an event loop.
 */
public final class KeyEncryption {

    /** A key under the name that is kept beside what it wrapped. */
    private interface Source {

        String primary();

        Set<String> names();

        Aead aead();

        void rotate();
    }

    private record OfFile(KeyFile file) implements Source {
        @Override
        public String primary() {
            return file.primary();
        }

        @Override
        public Set<String> names() {
            return file.names();
        }

        @Override
        public Aead aead() {
            return file.aead();
        }

        @Override
        public void rotate() {
            file.rotate();
        }
    }

    /** Tink's own integrations, which are not announced to the service loader; they are in an image that was built so. */
    private static final Map<String, String> OF_TINK = Map.of(
            "aws-kms", "com.google.crypto.tink.integration.awskms.AwsKmsClient",
            "gcp-kms", "com.google.crypto.tink.integration.gcpkms.GcpKmsClient");

    /** Its versions are the other side's business: what was wrapped names its own. */
    private record OfKms(String address, Map<String, Aead> made) implements Source {
        @Override
        public String primary() {
            return address;
        }

        @Override
        public Set<String> names() {
            return Set.of(address);
        }

        @Override
        public Aead aead() {
            return made.computeIfAbsent(address, uri -> {
                try {
                    return new Remote(client(uri).getAead(uri));
                } catch (GeneralSecurityException | ReflectiveOperationException | LinkageError | RuntimeException e) {
                    // Half an integration is none, and one without credentials says so in exceptions of its own.
                    throw new KeysUnavailable("no key management answers to " + scheme(uri), e);
                }
            });
        }

        private static KmsClient client(String uri) throws GeneralSecurityException, ReflectiveOperationException {
            String ofTink = OF_TINK.get(scheme(uri));
            return ofTink == null
                    ? KmsClients.getAutoLoaded(uri)
                    : ((KmsClient) Class.forName(ofTink)
                                    .getDeclaredConstructor()
                                    .newInstance())
                            .withDefaultCredentials();
        }

        @Override
        public void rotate() {
            throw new UnsupportedOperationException("rotated where it is kept");
        }
    }

    /** A client library's own exceptions, such as that of a host that cannot be found, are its failures too. */
    private record Remote(Aead aead) implements Aead {
        @Override
        public byte[] encrypt(byte[] plain, byte[] associated) throws GeneralSecurityException {
            try {
                return aead.encrypt(plain, associated);
            } catch (RuntimeException e) {
                throw new GeneralSecurityException("the key management failed", e);
            }
        }

        @Override
        public byte[] decrypt(byte[] sealed, byte[] associated) throws GeneralSecurityException {
            try {
                return aead.decrypt(sealed, associated);
            } catch (RuntimeException e) {
                throw new GeneralSecurityException("the key management failed", e);
            }
        }
    }

    private final Source current;
    private final List<Source> all;

    private KeyEncryption(Source current, List<Source> former) {
        this.current = current;
        this.all = Stream.concat(Stream.of(current), former.stream()).toList();
    }

    /**
     * @param address of the key that wraps: {@code file:/path}, or as the key management names it
     * @param former  addresses of keys that only unwrap any more
     */
    public static KeyEncryption of(String address, List<String> former) {
        List<Source> old = new ArrayList<>();
        former.forEach(one -> old.add(source(one)));
        return new KeyEncryption(source(address), old);
    }

    /** Keys in a file, which is made, readable by its owner only, unless it is there. */
    public static KeyEncryption ofFile(Path file) {
        KeyFile keys = new KeyFile(file);
        keys.createIfAbsent();
        return new KeyEncryption(new OfFile(keys), List.of());
    }

    /** Makes the file of a {@code file:} address with a new key, readable by its owner only, unless it is there. */
    public static void createFile(String address) {
        new KeyFile(Path.of(URI.create(address))).createIfAbsent();
    }

    private static Source source(String address) {
        return scheme(address).equals("file")
                ? new OfFile(new KeyFile(Path.of(URI.create(address))))
                : new OfKms(address, new ConcurrentHashMap<>());
    }

    private static String scheme(String address) {
        int end = address.indexOf(':');
        return end < 0 ? address : address.substring(0, end);
    }

    /** The name of the key that wraps now. */
    public String current() {
        return current.primary();
    }

    /** Names of all keys that unwrap. */
    public Set<String> known() {
        return all.stream().flatMap(source -> source.names().stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** Where the keys lie in a file: adds a new one, which wraps from now on. */
    public void rotate() {
        current.rotate();
    }

    /** A data key as it is kept. */
    record Wrapped(byte[] key, String by) {}

    /** What goes into the wrapping, so that a wrapped key put in another's place does not unwrap. */
    record Slot(String text) {

        static Slot of(UUID id, DataKeys.Whose whose) {
            return new Slot("passerelle data key " + id + " " + whose.category() + " of " + whose.subject());
        }

        /** Nobody's yet. */
        static Slot spare(UUID id, DataKey.Of of) {
            return new Slot(
                    switch (of) {
                        case CATEGORY -> "passerelle spare data key " + id;
                        case PERSON -> "passerelle spare key of a person " + id;
                    });
        }

        private byte[] bytes() {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    Wrapped wrap(DataKey key, Slot slot) {
        return wrap(List.of(key), List.of(slot)).getFirst();
    }

    /** Each in the slot of its place. */
    List<Wrapped> wrap(List<DataKey> keys, List<Slot> slots) {
        try {
            String by = current.primary();
            Aead aead = current.aead();
            List<Wrapped> wrapped = new ArrayList<>(keys.size());
            for (int i = 0; i < keys.size(); i++) {
                wrapped.add(new Wrapped(keys.get(i).wrapped(aead, slots.get(i).bytes()), by));
            }
            // The file may have changed in between: then the name would be wrong.
            return current.primary().equals(by) ? wrapped : wrap(keys, slots);
        } catch (GeneralSecurityException e) {
            throw new KeysUnavailable("a data key cannot be wrapped", e);
        }
    }

    DataKey unwrap(Wrapped wrapped, Slot slot) {
        Map<String, Source> byName = new HashMap<>();
        all.forEach(source -> source.names().forEach(name -> byName.put(name, source)));
        Source source = byName.get(wrapped.by());
        if (source == null) {
            throw new KeysUnavailable("no such key-encryption key: " + wrapped.by(), null);
        }
        try {
            return DataKey.unwrapped(wrapped.key(), source.aead(), slot.bytes());
        } catch (GeneralSecurityException e) {
            throw new KeysUnavailable("a data key cannot be unwrapped", e);
        }
    }
}
