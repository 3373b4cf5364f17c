package org.passerelle.eventsourcing;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.passerelle.eventsourcing.sealing.DataKeys.Whose;
import org.passerelle.eventsourcing.sealing.Sealed;

/**
 * Tells the database of keys whose those are that were made ahead: the events say so which were sealed with them. Reads the
 * log behind a position that is kept there, in the same transaction as what was read, so that an older backup of the keys
 * is told again. Until then, a moment after the event, the key has no name there, and is destroyed with its person as soon
 * as it has.
 */
public final class KeyNames implements Loop.Step {

    private static final int PAGE = 1_000;

    private final Pool pool;
    private final Pool keys;
    private final Lease lease;

    /**
     * @param pool on the database of events
     * @param keys on the database of keys
     */
    public KeyNames(Pool pool, Pool keys) {
        this.pool = pool;
        this.keys = keys;
        this.lease = new Lease(pool, "key names");
    }

    /** How many positions of the log were read. */
    @Override
    public Uni<Integer> step() {
        return lease.hold().flatMap(leads -> leads ? next() : Uni.createFrom().item(0));
    }

    /**
     * The same, whoever leads: before a service opens, so that an erasure finds all keys of an older backup.
     *
     * @return how many positions of the log were read; 0 at its head
     */
    public Uni<Integer> next() {
        return EventLog.epoch(pool).flatMap(epoch -> position(epoch).flatMap(after -> read(epoch, after)));
    }

    private Uni<Long> position(UUID epoch) {
        return keys.preparedQuery("select naming_position($1) as seq")
                .execute(Tuple.of(epoch))
                .map(rows -> rows.iterator().next().getLong("seq"));
    }

    private Uni<Integer> read(UUID epoch, long after) {
        return pool.preparedQuery("select l.seq, case when position($2 in e.data) > 0 then e.data end as data"
                        + " from (select seq, id from log where seq > $1 order by seq limit " + PAGE + ") l"
                        + " join event e on e.id = l.id order by l.seq")
                .execute(Tuple.of(after, Buffer.buffer(Sealed.NAMES_A_KEY)))
                .flatMap(rows -> {
                    int read = 0;
                    long upTo = after;
                    Map<UUID, Whose> names = new HashMap<>();
                    for (Row row : rows) {
                        read++;
                        upTo = row.getLong("seq");
                        Buffer data = row.get(Buffer.class, "data");
                        if (data != null) {
                            names.putAll(Sealed.named(data.getBytes()));
                        }
                    }
                    return read == 0
                            ? Uni.createFrom().item(0)
                            : write(epoch, after, upTo, List.copyOf(names.entrySet()))
                                    .replaceWith(read);
                });
    }

    private Uni<Void> write(UUID epoch, long after, long upTo, List<Map.Entry<UUID, Whose>> names) {
        return keys.preparedQuery("select name_data_keys($1, $2, $3, $4, $5, $6)")
                .execute(Tuple.of(
                        epoch,
                        after,
                        upTo,
                        names.stream().map(Map.Entry::getKey).toArray(UUID[]::new),
                        names.stream().map(name -> name.getValue().subject()).toArray(String[]::new),
                        names.stream().map(name -> name.getValue().category()).toArray(String[]::new)))
                .replaceWithVoid();
    }

    @Override
    public Uni<Void> stop() {
        return lease.release();
    }
}
