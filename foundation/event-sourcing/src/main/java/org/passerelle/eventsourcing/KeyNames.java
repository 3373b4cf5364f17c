package org.passerelle.eventsourcing;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.passerelle.eventsourcing.sealing.DataKeys;
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
    private final DataKeys keys;
    private final Lease lease;

    public KeyNames(Pool pool, DataKeys keys) {
        this.pool = pool;
        this.keys = keys;
        this.lease = new Lease(pool, "key names");
    }

    /** How many positions of the log were read. */
    @Override
    public Uni<Integer> step() {
        return lease.hold()
                .flatMap(leads -> leads
                        ? EventLog.epoch(pool)
                                .flatMap(epoch -> keys.namesReadUpTo(epoch).flatMap(after -> read(epoch, after)))
                        : Uni.createFrom().item(0));
    }

    /** @param names null where an event has none, which is nearly always */
    private record Entry(long seq, Map<String, Whose> names) {}

    private Uni<Integer> read(UUID epoch, long after) {
        return pool.preparedQuery("select l.seq, case when position($2 in e.data) > 0 then e.data end as data"
                        + " from (select seq, id from log where seq > $1 order by seq limit " + PAGE + ") l"
                        + " join event e on e.id = l.id order by l.seq")
                .execute(Tuple.of(after, Buffer.buffer(Sealed.NAMES_A_KEY)))
                .flatMap(rows -> {
                    List<Long> seqs = new ArrayList<>();
                    Map<String, Whose> names = new HashMap<>();
                    rows.forEach(row -> {
                        seqs.add(row.getLong("seq"));
                        var data = row.getBuffer("data");
                        if (data != null) {
                            names.putAll(Sealed.named(data.getBytes()));
                        }
                    });
                    return seqs.isEmpty()
                            ? Uni.createFrom().item(0)
                            : keys.name(epoch, after, seqs.getLast(), names).replaceWith(seqs.size());
                });
    }

    @Override
    public Uni<Void> stop() {
        return lease.release();
    }
}
