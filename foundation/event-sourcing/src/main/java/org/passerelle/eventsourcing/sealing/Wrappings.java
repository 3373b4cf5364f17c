package org.passerelle.eventsourcing.sealing;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.passerelle.eventsourcing.sealing.DataKeys.Status;
import org.passerelle.eventsourcing.sealing.DataKeys.Wrapping;

/** By which key-encryption keys the data keys are wrapped. */
final class Wrappings {

    private final Pool pool;
    private final KeyEncryption encryption;

    Wrappings(Pool pool, KeyEncryption encryption) {
        this.pool = pool;
        this.encryption = encryption;
    }

    Uni<Status> status() {
        return pool.query("select wrapped_by, count(*) as keys from data_key where wrapped is not null"
                        + " group by wrapped_by order by wrapped_by")
                .execute()
                .flatMap(rows -> pool.query("select count(*) as n from data_subject where destroyed_at is not null")
                        .execute()
                        .flatMap(erased -> Aside.all(List.of(rows), found -> {
                            List<Wrapping> wrappings = new ArrayList<>();
                            found.forEach(row ->
                                    wrappings.add(new Wrapping(row.getString("wrapped_by"), row.getLong("keys"))));
                            Set<String> at = encryption.known();
                            long missing = wrappings.stream()
                                    .filter(one -> !at.contains(one.wrappedBy()))
                                    .mapToLong(Wrapping::keys)
                                    .sum();
                            return new Status(
                                    encryption.current(),
                                    wrappings,
                                    missing,
                                    erased.iterator().next().getLong("n"));
                        }))
                        .map(List::getFirst));
    }

    /** @see DataKeys#rewrap */
    Uni<Integer> rewrap(int most) {
        return Aside.all(List.of(most), limit -> encryption.current())
                .flatMap(current -> pool.withTransaction(tx -> tx.preparedQuery("select " + StoredKey.COLUMNS
                                + " from data_key k where k.wrapped is not null"
                                // Unequal, in a form that an index answers.
                                + " and (k.wrapped_by < $1 or k.wrapped_by > $1) limit $2 for update skip locked")
                        .execute(Tuple.of(current.getFirst(), most))
                        .flatMap(rows -> Aside.back(Aside.all(
                                        StoredKey.all(rows),
                                        key -> encryption.wrap(
                                                encryption.unwrap(Objects.requireNonNull(key.wrapped()), key.slot()),
                                                key.slot())))
                                .flatMap(wrapped -> wrapped.isEmpty()
                                        ? Uni.createFrom().item(0)
                                        : tx.preparedQuery("update data_key k set wrapped = n.wrapped,"
                                                        + " wrapped_by = n.by from unnest($1::uuid[], $2::bytea[],"
                                                        + " $3::text[]) as n (id, wrapped, by) where k.id = n.id")
                                                .execute(Tuple.of(
                                                        StoredKey.all(rows).stream()
                                                                .map(StoredKey::uuid)
                                                                .toArray(UUID[]::new),
                                                        wrapped.stream()
                                                                .map(one -> Buffer.buffer(one.key()))
                                                                .toArray(Buffer[]::new),
                                                        DataKeys.column(wrapped, KeyEncryption.Wrapped::by)))
                                                .map(RowSet::rowCount)))));
    }
}
