package org.passerelle.edge;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.Refusal;

/**
 * Positions in lists as clients hold them: the position and an HMAC-SHA256 over the list's name and the position, under a
 * key of this installation that lies in its database, so that every replica can read the cursors of the others.
 */
@ApplicationScoped
public class Cursors {

    private static final int MAC_BYTES = 16;
    private static final int LONGEST = 4000;

    @Inject
    Pool pool;

    private volatile byte @Nullable [] key;

    /**
     * @param list which list, and whose: a cursor of one is none of another
     */
    public Uni<String> seal(String list, String position) {
        return key().map(secret -> {
            byte[] text = position.getBytes(StandardCharsets.UTF_8);
            byte[] mac = mac(secret, list, text);
            ByteBuffer sealed =
                    ByteBuffer.allocate(MAC_BYTES + text.length).put(mac).put(text);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed.array());
        });
    }

    /**
     * Where the page after this one begins.
     *
     * @param limit    how many a full page holds
     * @param position of an element in the list
     * @return null where the page is not full: there is no other
     */
    public <T> Uni<@Nullable String> next(String list, List<T> page, int limit, Function<T, String> position) {
        if (page.size() < limit) {
            return Uni.createFrom().nullItem();
        }
        return seal(list, position.apply(page.getLast())).map(cursor -> cursor);
    }

    /**
     * @return the position; null for no cursor
     * @throws Refusal as the failure, for what this installation did not make for this list
     */
    public Uni<@Nullable String> open(String list, @Nullable String cursor) {
        if (cursor == null) {
            return Uni.createFrom().nullItem();
        }
        return key().map(secret -> position(secret, list, cursor));
    }

    private static String position(byte[] secret, String list, String cursor) {
        byte[] sealed;
        try {
            sealed = cursor.length() > LONGEST
                    ? new byte[0]
                    : Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException notBase64) {
            throw malformed();
        }
        if (sealed.length < MAC_BYTES) {
            throw malformed();
        }
        byte[] text = Arrays.copyOfRange(sealed, MAC_BYTES, sealed.length);
        if (!MessageDigest.isEqual(Arrays.copyOf(sealed, MAC_BYTES), mac(secret, list, text))) {
            throw malformed();
        }
        return new String(text, StandardCharsets.UTF_8);
    }

    private static Refusal malformed() {
        return Refusal.of("cursor-malformed").invalid().field("after");
    }

    private static byte[] mac(byte[] secret, String list, byte[] text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            mac.update(list.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return Arrays.copyOf(mac.doFinal(text), MAC_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Uni<byte[]> key() {
        byte[] known = key;
        if (known != null) {
            return Uni.createFrom().item(known);
        }
        return pool.query("select key from cursor_key")
                .execute()
                .map(rows -> rows.iterator().next().getBuffer("key").getBytes())
                .invoke(read -> key = read);
    }
}
