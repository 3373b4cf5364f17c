package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.function.IntSupplier;
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

    private static final String MOVE = move();

    private final Pool pool;
    private final Lease lease;
    private final Leadership leadership;
    private final IntSupplier turn;
    private int lastTable = -1;

    /** A sequencer of a log that nobody else knows. */
    public Sequencer(Pool pool) {
        this(pool, () -> Uni.createFrom().item(true));
    }

    /** @param mayBegin asked at the beginning of each leadership, see {@link RestoreCheck#sound} */
    public Sequencer(Pool pool, Supplier<Uni<Boolean>> mayBegin) {
        this(pool, mayBegin, Appender::pendingTableNow);
    }

    /** @param turn the table that appends write to now */
    Sequencer(Pool pool, Supplier<Uni<Boolean>> mayBegin, IntSupplier turn) {
        this.turn = turn;
        this.pool = pool;
        this.lease = new Lease(pool, "sequencer");
        this.leadership = new Leadership(lease, mayBegin);
    }

    private static String move() {
        StringBuilder sql = new StringBuilder(
                "with batch as materialized (select id, t from (" + PENDING + ") p order by id limit " + BATCH + ")");
        StringBuilder taken = new StringBuilder();
        for (int n = 0; n < Appender.PENDING_TABLES; n++) {
            sql.append(
                    ", d%1$d as (delete from pending_%1$d p using batch b where b.t = %1$d and p.id = b.id returning 1)"
                            .formatted(n));
            taken.append(n == 0 ? "" : " + ").append("(select count(*) from d%d)".formatted(n));
        }
        return sql + ", placed as (insert into log (seq, id)"
                + " select $1 + row_number() over (order by id), id from batch returning 1)"
                + " select " + taken + " as taken, (select count(*) from placed) as placed";
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
        return pool.withTransaction(tx -> lease.check(tx)
                        .chain(() -> tx.query("select last_seq from log_head for update")
                                .execute())
                        .flatMap(head -> {
                            long lastSeq = head.iterator().next().getLong("last_seq");
                            leadership.sawHead(lastSeq);
                            return move(tx, lastSeq);
                        }))
                .invoke(leadership::movedHead)
                .call(this::emptyTheIdleTable);
    }

    private static Uni<Integer> move(SqlConnection tx, long lastSeq) {
        return tx.preparedQuery(MOVE).execute(tuple(lastSeq)).flatMap(rows -> {
            var row = rows.iterator().next();
            long taken = row.getLong("taken");
            long placed = row.getLong("placed");
            if (taken != placed) {
                throw new IllegalStateException("took " + taken + " pending events and placed " + placed);
            }
            if (placed == 0) {
                return Uni.createFrom().item(0);
            }
            return tx.preparedQuery("update log_head set last_seq = last_seq + $1 returning last_seq")
                    .execute(tuple(placed))
                    .invoke(head -> {
                        if (head.iterator().next().getLong("last_seq") != lastSeq + placed) {
                            throw new IllegalStateException("the log's head moved by something else");
                        }
                    })
                    .chain(() -> tx.query("notify " + CHANNEL).execute())
                    .replaceWith((int) placed);
        });
    }

    /** Truncates the table whose turn comes next, once a turn, if it is proven empty under its lock. */
    private Uni<Void> emptyTheIdleTable() {
        int now = turn.getAsInt();
        if (now == lastTable) {
            return Uni.createFrom().voidItem();
        }
        lastTable = now;
        String idle = "pending_" + (now + 1) % Appender.PENDING_TABLES;
        return pool.withTransaction(tx -> tx.query("lock table " + idle + " in access exclusive mode nowait")
                        .execute()
                        .chain(() -> tx.query("select exists (select 1 from " + idle + ") as some")
                                .execute())
                        .flatMap(rows -> rows.iterator().next().getBoolean("some")
                                ? Uni.createFrom().voidItem()
                                : tx.query("truncate " + idle).execute().replaceWithVoid()))
                // Somebody is using it: at its next turn, then.
                .onFailure()
                .recoverWithNull();
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
