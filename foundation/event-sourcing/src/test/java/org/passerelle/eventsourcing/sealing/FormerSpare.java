package org.passerelle.eventsourcing.sealing;

import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.UUID;

/** A key made ahead as releases before keys of persons made it: of one category, and named in the event beside what it sealed. */
public final class FormerSpare {

    private final UUID id = UUID.randomUUID();
    private final DataKey key = DataKey.random(DataKey.Of.CATEGORY);

    /** Kept, as nobody's. */
    public FormerSpare(Pool keys, Path file) {
        KeyEncryption.Wrapped wrapped =
                KeyEncryption.ofFile(file).wrap(key, KeyEncryption.Slot.spare(id, DataKey.Of.CATEGORY));
        keys.preparedQuery("insert into data_key (id, wrapped, wrapped_by) values ($1, $2, $3)")
                .execute(Tuple.of(id, Buffer.buffer(wrapped.key()), wrapped.by()))
                .await()
                .indefinitely();
    }

    public UUID id() {
        return id;
    }

    /** A value in its stored form. */
    public String sealed(String json, Sealed.Home home, String place, String category, String subject) {
        try {
            byte[] text = key.aead("").orElseThrow().encrypt(json.getBytes(StandardCharsets.UTF_8), home.at(place));
            return "{\"$sealed\":\"1:" + id + ":"
                    + Base64.getEncoder().withoutPadding().encodeToString(text) + "\",\"$erased\":\"\",\"$of\":\""
                    + category + " "
                    + subject + "\"}";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
