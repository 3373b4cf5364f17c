package org.passerelle.eventsourcing;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.passerelle.eventsourcing.sealing.Sealed;

/**
 * Tells the database of keys whose those are that were made ahead: the events say so which were sealed with them. Reads the
 * log behind a position that is kept there, in the same transaction as what was read, so that an older backup of the keys
 * is told again. Until then, a moment after the event, the key has no name there, and is destroyed with its person as soon
 * as it has.
 */
public final class KeyNames implements Loop.Step {

    private static final int PAGE = 1_000;

    /** Of an event only what says whose a person's key is; all of it where it says so of several, or of keys of categories. */
    private static final String NAMED = "select l.seq,"
            + " case when of_person then substring(e.data from mark + length($2) + 1 for " + Sealed.LONGEST_NAME
            + ") end as said,"
            + " case when not of_person then e.data end as data"
            + " from (select seq, id from log where seq > $1 order by seq limit " + PAGE + ") l"
            + " join event e on e.id = l.id"
            + " cross join lateral (select nullif(position($2 in e.data), 0) as mark offset 0) m"
            + " cross join lateral (select get_byte(e.data, mark + length($2) - 1) = ascii('" + Sealed.OF_PERSON
            + "') and position($2 in substring(e.data from mark + length($2))) = 0 as of_person offset 0) p order by l.seq";

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
        return pool.preparedQuery(NAMED)
                .execute(Tuple.of(after, Buffer.buffer(Sealed.NAMES_A_KEY)))
                .flatMap(rows -> {
                    int read = 0;
                    long upTo = after;
                    List<Sealed.Named> names = new ArrayList<>();
                    for (Row row : rows) {
                        read++;
                        upTo = row.getLong("seq");
                        Buffer said = row.get(Buffer.class, "said");
                        Buffer data = row.get(Buffer.class, "data");
                        if (said != null) {
                            Sealed.named(said.toString(StandardCharsets.US_ASCII))
                                    .ifPresent(names::add);
                        } else if (data != null) {
                            names.addAll(Sealed.named(data.getBytes()));
                        }
                    }
                    return read == 0
                            ? Uni.createFrom().item(0)
                            : write(epoch, after, upTo, names).replaceWith(read);
                });
    }

    private Uni<Void> write(UUID epoch, long after, long upTo, List<Sealed.Named> names) {
        return keys.preparedQuery("select name_keys($1, $2, $3, $4, $5, $6)")
                .execute(Tuple.of(
                        epoch,
                        after,
                        upTo,
                        names.stream().map(Sealed.Named::key).toArray(UUID[]::new),
                        names.stream().map(name -> name.whose().subject()).toArray(String[]::new),
                        names.stream().map(name -> name.whose().category()).toArray(String[]::new)))
                .replaceWithVoid();
    }

    @Override
    public Uni<Void> stop() {
        return lease.release();
    }
}
