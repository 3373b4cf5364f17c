package org.passerelle.proof;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

/** The secret half of a key of a signed note: Ed25519 out of its 32 random bytes. */
public final class NoteSigner {

    public static final int SEED = 32;

    private final PrivateKey secret;
    private final NoteKey key;

    private NoteSigner(PrivateKey secret, NoteKey key) {
        this.secret = secret;
        this.key = key;
    }

    /** @param seed 32 random bytes (RFC 8032) */
    public static NoteSigner of(String name, NoteKey.Type type, byte[] seed) {
        if (seed.length != SEED) {
            throw new IllegalArgumentException("a seed has 32 bytes");
        }
        try {
            PrivateKey secret = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed.clone()));
            return new NoteSigner(secret, new NoteKey(name, type, publicKey(seed)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    /** The JDK gives the public key of a secret one only to who makes both: so the pair is made, of these bytes. */
    private static byte[] publicKey(byte[] seed) throws GeneralSecurityException {
        KeyPairGenerator pairs = KeyPairGenerator.getInstance("Ed25519");
        pairs.initialize(NamedParameterSpec.ED25519, new SecureRandom() {
            @Override
            public void nextBytes(byte[] bytes) {
                if (bytes.length != SEED) {
                    throw new IllegalStateException("a pair of keys is made of 32 bytes");
                }
                System.arraycopy(seed, 0, bytes, 0, SEED);
            }
        });
        byte[] encoded = ((EdECPublicKey) pairs.generateKeyPair().getPublic()).getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - SEED, encoded.length);
    }

    public NoteKey key() {
        return key;
    }

    /** The same key under another name. */
    public NoteSigner named(String name) {
        return new NoteSigner(secret, key.named(name));
    }

    /** Signs the text of a note. */
    public Note.Signed sign(String text) {
        return line(signature(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Says that this checkpoint was seen at an instant, and is the largest of its log so far. */
    public Note.Signed cosign(String text, Instant at) {
        long seconds = at.getEpochSecond();
        byte[] signature = signature(Note.cosigned(text, seconds));
        return line(ByteBuffer.allocate(Long.BYTES + signature.length)
                .putLong(seconds)
                .put(signature)
                .array());
    }

    private Note.Signed line(byte[] signature) {
        return new Note.Signed(key.name(), key.id(), signature);
    }

    private byte[] signature(byte[] message) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initSign(secret);
            ed25519.update(message);
            return ed25519.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a message could not be signed", e);
        }
    }

    /** Never the secret. */
    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(key.id());
    }
}
