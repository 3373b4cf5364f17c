package org.passerelle.eventsourcing.sealing;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.Random;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * 32 secret bytes of one person, unwrapped: the AES-256-GCM key of one category, or what the keys of all categories are
 * derived from (HKDF-SHA256, RFC 5869, its second step: the secret is as random as a key).
 */
final class DataKey {

    /** What it opens. The code begins what is kept of it wrapped; no keyset of Tink's, as kept before, begins so. */
    enum Of {
        CATEGORY(0),
        PERSON(1);

        private final int code;

        Of(int code) {
            this.code = code;
        }
    }

    private static final int BYTES = 32;

    private static final String HMAC_SHA256 = "HmacSHA256";

    private static final ThreadLocal<Mac> HMAC = ThreadLocal.withInitial(() -> {
        try {
            return Mac.getInstance(HMAC_SHA256);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC", e);
        }
    });

    private static final SecretKeySpec NOBODYS = new SecretKeySpec(new byte[BYTES], HMAC_SHA256);

    static {
        try {
            AeadConfig.register();
        } catch (GeneralSecurityException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Of of;
    private final byte[] secret;

    /** By category; of a key of one category under the empty name. */
    private final Map<String, Aead> aeads = new ConcurrentHashMap<>(4);

    private DataKey(Of of, byte[] secret) {
        this.of = of;
        this.secret = secret;
    }

    static DataKey random(Of of) {
        return new DataKey(of, Random.randBytes(BYTES));
    }

    Of of() {
        return of;
    }

    /**
     * @param category empty for a key of one category
     * @return nothing where the key is not of this kind: what asks for it was not sealed by it
     */
    Optional<Aead> aead(String category) {
        return category.isEmpty() == (of == Of.CATEGORY)
                ? Optional.of(aeads.computeIfAbsent(category, this::made))
                : Optional.empty();
    }

    private Aead made(String category) {
        try {
            return new AesGcmJce(of == Of.CATEGORY ? secret : derived(category));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no key can be made");
        }
    }

    /** The first block of HKDF-Expand, which is as long as a key; {@code javax.crypto.KDF} looks for its parts each time. */
    private byte[] derived(String category) throws GeneralSecurityException {
        Mac mac = HMAC.get();
        try {
            mac.init(new SecretKeySpec(secret, HMAC_SHA256));
            mac.update(("passerelle category " + category).getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 1);
            return mac.doFinal();
        } finally {
            mac.init(NOBODYS); // it outlives the key that it was made ready with
        }
    }

    /** The bare key: a fifth of the bytes and of the time of a keyset of Tink's. */
    byte[] wrapped(Aead by, byte[] associated) throws GeneralSecurityException {
        byte[] wrapped = by.encrypt(secret, associated);
        return ByteBuffer.allocate(1 + wrapped.length)
                .put((byte) of.code)
                .put(wrapped)
                .array();
    }

    /** What a wrapped key is; keysets as they were kept before are of one category. */
    static Of of(byte[] wrapped) {
        return wrapped.length > 0 && wrapped[0] == Of.PERSON.code ? Of.PERSON : Of.CATEGORY;
    }

    /** Bare, or as a keyset like those that were wrapped before. */
    @AccessesPartialKey
    static DataKey unwrapped(byte[] wrapped, Aead by, byte[] associated) throws GeneralSecurityException {
        if (wrapped.length > 0 && (wrapped[0] == Of.CATEGORY.code || wrapped[0] == Of.PERSON.code)) {
            byte[] secret = by.decrypt(Arrays.copyOfRange(wrapped, 1, wrapped.length), associated);
            return new DataKey(of(wrapped), secret);
        }
        if (!(TinkProtoKeysetFormat.parseEncryptedKeyset(wrapped, by, associated)
                        .getPrimary()
                        .getKey()
                instanceof AesGcmKey key)) {
            throw new GeneralSecurityException("not a data key");
        }
        return new DataKey(Of.CATEGORY, key.getKeyBytes().toByteArray(InsecureSecretKeyAccess.get()));
    }

    /** Nothing of the key. */
    @Override
    public String toString() {
        return "a data key";
    }
}
