package org.passerelle.eventsourcing.sealing;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmParameters;
import java.security.GeneralSecurityException;

/** An AES-256-GCM key of one person and category, unwrapped. */
record DataKey(KeysetHandle keys, Aead aead) {

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

    byte[] wrapped(Aead by, byte[] associated) throws GeneralSecurityException {
        return TinkProtoKeysetFormat.serializeEncryptedKeyset(keys, by, associated);
    }

    static DataKey unwrapped(byte[] wrapped, Aead by, byte[] associated) throws GeneralSecurityException {
        return of(TinkProtoKeysetFormat.parseEncryptedKeyset(wrapped, by, associated));
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
