package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Gives committed events their place in the log. Moves pending ids, lowest first, in one statement and so in one
 * snapshot, under the head's row lock, and insists that as many were taken as were placed. Because ids are taken after
 * the stream's lock, whoever sees a later event of a stream sees the earlier ones too; so the log agrees with every
 * stream, and it never skips: an id that commits late is simply moved late.
 */
public final class Sequencer implements Loop.Step {

    /** Sent after a move, by the sequencer only: in an append it would serialise all commits of the instance. */
    public static final String CHANNEL = "passerelle_log";

    static final String PENDING = IntStream.range(0, Appender.PENDING_TABLES)
            .mapToObj(n -> "select id, " + n + " as t from pending_" + n)
            .collect(Collectors.joining(" union all "));

    private static final int BATCH = 2_000;

    /** Bytes of a table that are not worth the locks of a truncation. */
    private static final int SMALL = 100_000;

    private final Pool pool;
    private final Lease lease;
    private final Leadership leadership;
    private int lastTable = -1;

    /** A sequencer of a log that nobody else knows. */
    public Sequencer(Pool pool) {
        this(pool, () -> Uni.createFrom().item(true));
    }

    /** @param mayBegin asked at the beginning of each leadership, see {@link RestoreCheck#sound} */
    public Sequencer(Pool pool, Supplier<Uni<Boolean>> mayBegin) {
        this.pool = pool;
        this.lease = new Lease(pool, "sequencer");
        this.leadership = new Leadership(lease, mayBegin);
    }

    /** How many events were moved; 0 also when another process leads, or while the log is not known to be whole. */
    @Override
    public Uni<Integer> step() {
        return leadership
                .leads()
                .flatMap(leads -> leads ? moveAll() : Uni.createFrom().item(0))
                .onFailure()
                .invoke(leadership::lookAgain)
                .onFailure(Lease.Lost.class)
                .recoverWithItem(0);
    }

    private Uni<Integer> moveAll() {
        return pool.preparedQuery("select head, placed from sequence_pending($1, $2, $3, $4, $5)")
                .execute(tuple(lease.name(), lease.holder(), lease.term(), leadership.lastHead(), BATCH))
                .map(rows -> {
                    var row = rows.iterator().next();
                    Long head = row.getLong("head");
                    if (head == null) {
                        throw lease.lost();
                    }
                    leadership.sawHead(head);
                    int placed = Math.toIntExact(row.getLong("placed"));
                    leadership.movedHead(placed);
                    return placed;
                })
                .call(this::emptyTheIdleTable);
    }

    /**
     * Keeps the pending tables from being truncated while a transaction is open: whoever reads them with a snapshot that
     * is older than his statement would miss what a truncation took after it.
     */
    static Uni<Void> keepPending(SqlConnection tx) {
        return tx.query("lock table pending_0, pending_1, pending_2 in access share mode")
                .execute()
                .replaceWithVoid();
    }

    /** Truncates the table whose turn comes next, once a turn, if it is proven empty under its lock. */
    private Uni<Void> emptyTheIdleTable() {
        int now = Appender.pendingTableNow();
        if (now == lastTable) {
            return Uni.createFrom().voidItem();
        }
        lastTable = now;
        String idle = "pending_" + (now + 1) % Appender.PENDING_TABLES;
        return pool.query("select pg_relation_size('" + idle + "') > " + SMALL + " as large")
                .execute()
                .flatMap(rows -> rows.iterator().next().getBoolean("large")
                        ? pool.withTransaction(tx -> empty(tx, idle))
                        : Uni.createFrom().voidItem())
                // Somebody is using it: at its next turn, then.
                .onFailure()
                .recoverWithNull();
    }

    private static Uni<Void> empty(SqlConnection tx, String table) {
        return tx.query("lock table " + table + " in access exclusive mode nowait")
                .execute()
                .chain(() -> tx.query("select exists (select 1 from " + table + ") as some")
                        .execute())
                .flatMap(rows -> rows.iterator().next().getBoolean("some")
                        ? Uni.createFrom().voidItem()
                        : tx.query("truncate " + table).execute().replaceWithVoid());
    }

    /** Whether this process leads, as far as it knows. */
    public boolean leads() {
        return lease.term() > 0;
    }

    @Override
    public Uni<Void> stop() {
        return lease.release();
    }
}
