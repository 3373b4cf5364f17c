package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an asynchronous projection up to date: applies a page of the log and moves the projection's position in one
 * transaction, so every event has its effect exactly once and in the order of the log, whatever is killed. One process
 * leads; one that was paused and wakes finds the position moved and does nothing.
 *
 * <p>A projection that fails stands still, at the event that it cannot take, and its lag grows; nothing is skipped.
 */
public final class Projecting implements Loop.Step {

    private static final int PAGE = 1_000;

    private final Pool pool;
    private final Projection projection;
    private final Lease lease;

    public Projecting(Pool pool, Projection projection) {
        this.pool = pool;
        this.projection = projection;
        this.lease = new Lease(pool, "projection " + projection.name());
    }

    /** How many positions it went on; 0 also when another process leads. */
    @Override
    public Uni<Integer> step() {
        return lease.hold()
                .flatMap(leads -> leads
                        ? position()
                                .flatMap(from -> EventLog.read(pool, from, PAGE, projection.categories())
                                        .flatMap(page -> page.upTo() == from
                                                ? Uni.createFrom().item(0)
                                                : pool.withTransaction(tx -> apply(tx, from, page))))
                        : Uni.createFrom().item(0))
                .onFailure(Lease.Lost.class)
                .recoverWithItem(0);
    }

    private Uni<Long> position() {
        return pool.preparedQuery("select last_seq from projection_position where projection = $1")
                .execute(tuple(projection.name()))
                .flatMap(rows -> rows.size() > 0
                        ? Uni.createFrom().item(rows.iterator().next().getLong("last_seq"))
                        : pool.preparedQuery("insert into projection_position (projection, last_seq) values ($1, 0)"
                                        + " on conflict do nothing")
                                .execute(tuple(projection.name()))
                                .replaceWith(0L));
    }

    private Uni<Integer> apply(SqlConnection tx, long from, LogPage page) {
        return lease.check(tx)
                .chain(() -> tx.preparedQuery("update projection_position set last_seq = $3"
                                + " where projection = $1 and last_seq = $2")
                        .execute(tuple(projection.name(), from, page.upTo())))
                .flatMap(moved -> {
                    if (moved.rowCount() == 0) {
                        return Uni.createFrom().item(0); // a rebuild was swapped in meanwhile
                    }
                    List<StoredEvent> events =
                            page.entries().stream().map(LogEntry::event).toList();
                    return (events.isEmpty() ? Uni.createFrom().voidItem() : projection.apply(tx, events))
                            .replaceWith((int) (page.upTo() - from));
                });
    }

    @Override
    public Uni<Void> stop() {
        return lease.release();
    }

    /**
     * How far an asynchronous projection is behind.
     *
     * @param position     the last it has applied
     * @param head         of the log
     * @param waitingSince when the first event that it has not applied was recorded; null when there is none
     */
    public record Lag(
            String projection,
            long position,
            long head,
            @Nullable Instant waitingSince) {}

    public static Uni<List<Lag>> lag(SqlClient client) {
        return client.query("select p.projection, p.last_seq, h.last_seq as head, e.recorded_at"
                        + " from projection_position p cross join log_head h"
                        + " left join log l on l.seq = p.last_seq + 1 left join event e on e.id = l.id"
                        + " order by p.projection")
                .execute()
                .map(rows -> {
                    List<Lag> lags = new ArrayList<>();
                    rows.forEach(row -> lags.add(new Lag(
                            row.getString("projection"),
                            row.getLong("last_seq"),
                            row.getLong("head"),
                            row.getOffsetDateTime("recorded_at") == null
                                    ? null
                                    : row.getOffsetDateTime("recorded_at").toInstant())));
                    return lags;
                });
    }
}
