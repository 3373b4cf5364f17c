package org.passerelle.eventsourcing.sealing;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.util.SecretBytes;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/** An AES-256-GCM key of one person and category, unwrapped. */
record DataKey(KeysetHandle keys, Aead aead) {

    /** What a wrapped key begins with that is no keyset: no message of Protocol Buffers does. */
    private static final byte BARE = 0;

    private static final AesGcmParameters AES_256_GCM;

    static {
        try {
            AeadConfig.register();
            AES_256_GCM = AesGcmParameters.builder()
                    .setKeySizeBytes(32)
                    .setIvSizeBytes(12)
                    .setTagSizeBytes(16)
                    .setVariant(AesGcmParameters.Variant.NO_PREFIX) // what it seals names its key
                    .build();
        } catch (GeneralSecurityException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    static DataKey random() {
        try {
            return of(KeysetHandle.generateNew(AES_256_GCM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no key can be made");
        }
    }

    /** The bare key: a fifth of the bytes and of the time of a keyset of Tink's. */
    @AccessesPartialKey
    byte[] wrapped(Aead by, byte[] associated) throws GeneralSecurityException {
        if (!(keys.getPrimary().getKey() instanceof AesGcmKey key)) {
            throw new GeneralSecurityException("not a data key");
        }
        byte[] wrapped = by.encrypt(key.getKeyBytes().toByteArray(InsecureSecretKeyAccess.get()), associated);
        return ByteBuffer.allocate(1 + wrapped.length).put(BARE).put(wrapped).array();
    }

    /** Bare, or as a keyset like those that were wrapped before. */
    @AccessesPartialKey
    static DataKey unwrapped(byte[] wrapped, Aead by, byte[] associated) throws GeneralSecurityException {
        if (wrapped.length == 0 || wrapped[0] != BARE) {
            return of(TinkProtoKeysetFormat.parseEncryptedKeyset(wrapped, by, associated));
        }
        byte[] key = by.decrypt(Arrays.copyOfRange(wrapped, 1, wrapped.length), associated);
        return of(KeysetHandle.newBuilder()
                .addEntry(KeysetHandle.importKey(AesGcmKey.builder()
                                .setParameters(AES_256_GCM)
                                .setKeyBytes(SecretBytes.copyFrom(key, InsecureSecretKeyAccess.get()))
                                .build())
                        .withRandomId()
                        .makePrimary())
                .build());
    }

    private static DataKey of(KeysetHandle keys) throws GeneralSecurityException {
        return new DataKey(keys, keys.getPrimitive(RegistryConfiguration.get(), Aead.class));
    }

    /** Nothing of the key. */
    @Override
    public String toString() {
        return "a data key";
    }
}
