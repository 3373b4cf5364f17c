package org.passerelle.proof;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The public half of a key of a signed note (C2SP signed-note): as text, {@code name+id+base64(type, key)}.
 *
 * @param name      without spaces and plus signs
 * @param type      what it signs
 * @param publicKey Ed25519, 32 bytes
 */
public record NoteKey(String name, Type type, byte[] publicKey) {

    /** What a signature says. */
    public enum Type {
        /** The text of the note. */
        NOTE(1),
        /** {@code cosignature/v1} of C2SP tlog-cosignature: that a witness saw this checkpoint, and when. */
        COSIGNATURE(4);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    private static final Pattern NAME = Pattern.compile("[^\\s\\p{Z}+\\p{Cntrl}]{1,250}");

    /** DER of an X.509 SubjectPublicKeyInfo for Ed25519 (RFC 8410) up to the key. */
    private static final byte[] SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int KEY = 32;
    private static final int ID = 4;

    public NoteKey {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("no name for a key");
        }
        if (publicKey.length != KEY) {
            throw new IllegalArgumentException("an Ed25519 key has 32 bytes");
        }
    }

    /** @throws IllegalArgumentException when it is none, or its id is not that of its key */
    public static NoteKey parse(String text) {
        String[] parts = text.split("\\+", 3);
        if (parts.length != 3) {
            throw new IllegalArgumentException("a key is name+id+base64");
        }
        byte[] typed = Base64.getDecoder().decode(parts[2]);
        for (Type type : Type.values()) {
            if (typed.length == 1 + KEY && typed[0] == type.code()) {
                NoteKey key = new NoteKey(parts[0], type, Arrays.copyOfRange(typed, 1, typed.length));
                if (!key.text().equals(text)) {
                    throw new IllegalArgumentException("the id is not that of the key");
                }
                return key;
            }
        }
        throw new IllegalArgumentException("a key of an unknown type");
    }

    public String text() {
        return name + "+" + HexFormat.of().toHexDigits(id()) + "+"
                + Base64.getEncoder().encodeToString(typed());
    }

    /** The same key under another name, as a log's key signs for each of its epochs. */
    public NoteKey named(String other) {
        return new NoteKey(other, type, publicKey);
    }

    private byte[] typed() {
        return ByteBuffer.allocate(1 + KEY)
                .put((byte) type.code())
                .put(publicKey)
                .array();
    }

    /** The first four bytes of SHA-256 of name, newline, type and key. */
    int id() {
        byte[] of = (name + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] typed = typed();
        byte[] all = Arrays.copyOf(of, of.length + typed.length);
        System.arraycopy(typed, 0, all, of.length, typed.length);
        return ByteBuffer.wrap(TreeHash.sha256().digest(all), 0, ID).getInt();
    }

    boolean isOf(Note.Signed line) {
        return line.name().equals(name) && line.keyId() == id();
    }

    boolean verifies(byte[] message, byte[] signature) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(key());
            ed25519.update(message);
            return ed25519.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // of a wrong length, or no point of the curve
        }
    }

    private PublicKey key() throws GeneralSecurityException {
        byte[] encoded = Arrays.copyOf(SPKI, SPKI.length + KEY);
        System.arraycopy(publicKey, 0, encoded, SPKI.length, KEY);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoteKey key && key.text().equals(text());
    }

    @Override
    public int hashCode() {
        return text().hashCode();
    }

    @Override
    public String toString() {
        return text();
    }
}
