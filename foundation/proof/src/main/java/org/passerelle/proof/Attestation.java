package org.passerelle.proof;

import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What the service itself adds to an event when it takes it, before any database has seen it: 128 random bits and an HMAC
 * under a key that the database does not have. Whoever has all rights on the database can neither make an event nor use
 * one twice; the random bits also keep a leaf from telling by its hash what somebody guessed.
 *
 * <p>As bytes: the random bits (16), then the HMAC (32) where there is a key.
 */
public final class Attestation {

    public static final int SALT = 16;
    public static final int MAC = 32;

    /** Where the version is not known before the event is stored; only the stream is bound then. */
    public static final long ANY_VERSION = 0;

    private static final int FORM = 1;
    private static final int FIXED = 64;

    private Attestation() {}

    /** Makes them; safe to be used by many at once. */
    public static final class Maker {

        /** Asked for often: the generator is asked for so many bytes at a time. */
        private static final int POOL = 4_096;

        private final SecureRandom random = new SecureRandom();
        private final byte[] pool = new byte[POOL];
        private int used = POOL;
        private final @Nullable Mac keyed;
        private final String service;

        /** @param key of the HMAC; null to attest nothing but the random bits */
        public Maker(String service, byte @Nullable [] key) {
            this.service = service;
            this.keyed = key == null ? null : keyed(key);
        }

        /** @param version from 1, or {@link #ANY_VERSION} */
        public byte[] attest(
                String stream, long version, String type, int schemaVersion, byte[] data, byte[] metadata) {
            byte[] made = new byte[keyed == null ? SALT : SALT + MAC];
            salt(made);
            if (keyed != null) {
                byte[] mac = fresh(keyed)
                        .doFinal(message(service, made, stream, version, type, schemaVersion, data, metadata));
                System.arraycopy(mac, 0, made, SALT, MAC);
            }
            return made;
        }

        private synchronized void salt(byte[] into) {
            if (used == POOL) {
                random.nextBytes(pool);
                used = 0;
            }
            System.arraycopy(pool, used, into, 0, SALT);
            // What was given out is not kept.
            Arrays.fill(pool, used, used + SALT, (byte) 0);
            used += SALT;
        }
    }

    /** Checks the HMACs of a service; one for each thread. */
    public static final class Checker {

        private final Mac keyed;
        private final String service;

        public Checker(String service, byte[] key) {
            this.service = service;
            this.keyed = keyed(key);
        }

        /** Whether the service attested this event at this version of its stream, or at any. */
        public boolean accepts(EventRecord event) {
            byte[] made = event.attestation();
            return made != null
                    && made.length == SALT + MAC
                    && (matches(event, made, event.version()) || matches(event, made, ANY_VERSION));
        }

        private boolean matches(EventRecord event, byte[] made, long version) {
            byte[] mac = keyed.doFinal(message(
                    service,
                    made,
                    event.stream(),
                    version,
                    event.type(),
                    event.schemaVersion(),
                    event.data(),
                    event.metadata()));
            return MessageDigest.isEqual(mac, Arrays.copyOfRange(made, SALT, SALT + MAC));
        }
    }

    private static byte[] message(
            String service,
            byte[] salt,
            String stream,
            long version,
            String type,
            int schemaVersion,
            byte[] data,
            byte[] metadata) {
        return new Encoding(FIXED + service.length() + stream.length() + type.length() + data.length + metadata.length)
                .octet(FORM)
                .text(service)
                .bytes(salt, 0, SALT)
                .text(stream)
                .int64(version)
                .text(type)
                .int32(schemaVersion)
                .bytes(data)
                .bytes(metadata)
                .toBytes();
    }

    private static Mac keyed(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** A copy of one that has its key already: cheaper than a new one, and nobody waits for anybody. */
    private static Mac fresh(Mac keyed) {
        try {
            return (Mac) keyed.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("HmacSHA256 can be copied", e);
        }
    }

    /** The random bits as two numbers, to be found again. */
    static ByteBuffer salt(byte[] attestation) {
        return ByteBuffer.wrap(attestation, 0, SALT);
    }
}
