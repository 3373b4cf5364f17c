package org.passerelle.eventsourcing.sealing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes tokens by which equal values are found again, and which tell nothing to whoever has not its key. Within one scope
 * equal values have equal tokens: how often a name occurs there can be seen, not which.
 */
public final class BlindIndex {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    BlindIndex(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /**
     * @param scope whose index it is: equal values of two scopes have different tokens
     * @return 32 bytes
     */
    public byte[] token(String scope, String value) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] first = scope.getBytes(StandardCharsets.UTF_8);
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(first.length).array());
            mac.update(first);
            return mac.doFinal(value.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no HMAC-SHA256", e);
        }
    }

    /** Nothing of the key. */
    @Override
    public String toString() {
        return "a blind index";
    }
}
