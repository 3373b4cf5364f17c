package org.passerelle.eventsourcing.sealing;

import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.sealing.DataKeys.Whose;

/**
 * A key as it is kept.
 *
 * @param whose   null where it was not asked for
 * @param wrapped null where it is destroyed
 * @param spare   whether it was made ahead
 */
record StoredKey(UUID uuid, @Nullable Whose whose, KeyEncryption.@Nullable Wrapped wrapped, boolean spare) {

    static final String COLUMNS = "k.id, k.subject, k.category, k.wrapped, k.wrapped_by, k.subject is null as spare";

    private static StoredKey of(Row row) {
        Buffer wrapped = row.get(Buffer.class, "wrapped");
        String subject = row.getString("subject");
        return new StoredKey(
                row.getUUID("id"),
                subject == null ? null : new Whose(subject, row.getString("category")),
                wrapped == null ? null : new KeyEncryption.Wrapped(wrapped.getBytes(), row.getString("wrapped_by")),
                row.getBoolean("spare"));
    }

    static List<StoredKey> all(RowSet<Row> rows) {
        List<StoredKey> keys = new ArrayList<>(rows.size());
        rows.forEach(row -> keys.add(of(row)));
        return keys;
    }

    String id() {
        return uuid.toString();
    }

    KeyEncryption.Slot slot() {
        return spare
                ? KeyEncryption.Slot.spare(
                        uuid, DataKey.of(Objects.requireNonNull(wrapped).key()))
                : KeyEncryption.Slot.of(uuid, Objects.requireNonNull(whose));
    }
}
