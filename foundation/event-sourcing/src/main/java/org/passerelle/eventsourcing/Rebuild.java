package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes a projection anew beside the one that is read, compares the two, and swaps them, while reads and writes go on.
 *
 * <ol>
 *   <li>Build: empty tables of the same form; the log from its first event, several pages read ahead.
 *   <li>Verify: in one snapshot, after applying there what is committed and not yet applied, both versions must hold the
 *       same rows. Nobody is locked out meanwhile.
 *   <li>Swap: with the live tables locked, apply the last events and exchange the tables, in one transaction of some
 *       milliseconds. Whoever reads or writes then waits, and goes on with the new tables.
 * </ol>
 *
 * The former tables stay until {@link #dropFormer} or the next rebuild. A rebuild whose process died is begun anew.
 *
 * <p>Limits: the role must own the tables and may create schemas in the database. Every replica must run the same
 * release of an inline projection: another one's writes would be those of other rules.
 */
public final class Rebuild {

    private static final int PAGE = EventLog.MAX_PAGE;
    private static final int AHEAD = 3;
    /** Parts of a page that are applied at a time; no more than a connection lets be under way. */
    private static final int TOGETHER = 64;

    /** So few events are left to apply while the tables are locked. */
    private static final int LAST_EVENTS = 500;

    private static final int SWAP_ATTEMPTS = 200;
    private static final long SWAP_PAUSE_MILLIS = 200;
    private static final Duration CATCHING_UP = Duration.ofSeconds(60);
    /** Lock not available, deadlock detected. */
    private static final Set<String> LOCKED = Set.of("55P03", "40P01");

    private final Pool pool;
    private final Projection projection;
    private final UUID run = UUID.randomUUID();

    public Rebuild(Pool pool, Projection projection) {
        this.pool = pool;
        this.projection = projection;
    }

    /** Where a rebuild is. */
    public enum State {
        BUILDING,
        VERIFYING,
        SWAPPED,
        /** The two versions hold different rows; the live one was kept. */
        DIFFERS,
        FAILED
    }

    /**
     * @param position   of the log, applied to the next version
     * @param head       of the log
     * @param perSecond  positions, lately
     * @param remaining  seconds until it has caught up, at that rate; null when nothing tells
     * @param standsStill nothing has come from it for 10 s: its process died, begin anew
     * @param reason     counts of rows that differ, or the class of a failure; null when there is none
     */
    public record Progress(
            String projection,
            State state,
            long position,
            long head,
            long perSecond,
            @Nullable Long remaining,
            boolean standsStill,
            @Nullable String reason) {}

    /** Another rebuild of the same projection is under way. */
    public static final class UnderWay extends RuntimeException {
        UnderWay() {
            super("a rebuild is under way", null, false, false);
        }
    }

    private static final class TakenOver extends RuntimeException {
        TakenOver() {
            super("another rebuild has taken over", null, false, false);
        }
    }

    private static final class TooMuchLeft extends RuntimeException {
        TooMuchLeft() {
            super("too many events are left", null, false, false);
        }
    }

    /** The running projection has not come as far as the next one, so the two cannot be compared. */
    static final class RunningOneStandsStill extends RuntimeException {
        RunningOneStandsStill() {
            super("the running projection does not catch up", null, false, false);
        }
    }

    /** How the last rebuild of a projection stands; empty when there was none. */
    public static Uni<Optional<Progress>> progress(Pool pool, String projection) {
        return pool.preparedQuery("select r.*, h.last_seq as head,"
                        + " r.state = 'building' and r.touched_at < clock_timestamp() - interval '10 s' as still"
                        + " from projection_rebuild r cross join log_head h where r.projection = $1")
                .execute(tuple(projection))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return Optional.empty();
                    }
                    var row = rows.iterator().next();
                    State state = State.valueOf(row.getString("state").toUpperCase(java.util.Locale.ROOT));
                    long rate = row.getLong("per_second");
                    long left = row.getLong("head") - row.getLong("last_seq");
                    return Optional.of(new Progress(
                            projection,
                            state,
                            row.getLong("last_seq"),
                            row.getLong("head"),
                            rate,
                            state == State.BUILDING && rate > 0 ? left / rate : null,
                            row.getBoolean("still"),
                            row.getString("reason")));
                });
    }

    /**
     * Prepares it.
     *
     * @return failing with {@link UnderWay} while another one is
     */
    public Uni<Void> begin() {
        return ProjectionVersions.of(pool, projection)
                .flatMap(versions -> pool.withTransaction(tx -> tx.preparedQuery(
                                // Held by whoever verifies or writes just now.
                                "select 1 from projection_rebuild where projection = $1 for update nowait")
                        .execute(tuple(projection.name()))
                        .onFailure(Rebuild::isLocked)
                        .transform(failure -> new UnderWay())
                        .chain(() -> tx.preparedQuery(
                                        "insert into projection_rebuild as r (projection, run, state) values ($1, $2, 'building')"
                                                + " on conflict (projection) do update set run = $2, state = 'building', last_seq = 0,"
                                                + " per_second = 0, reason = null, started_at = clock_timestamp(),"
                                                + " touched_at = clock_timestamp()"
                                                + " where r.state not in ('building', 'verifying')"
                                                + " or r.touched_at < clock_timestamp() - interval '10 s'")
                                .execute(tuple(projection.name(), run)))
                        .invoke(rows -> {
                            if (rows.rowCount() == 0) {
                                throw new UnderWay();
                            }
                        })
                        .chain(() -> versions.prepare(tx))));
    }

    /**
     * Does it, after {@link #begin}; blocks, for as long as it takes: run it on a virtual thread. How it ended is in the
     * {@link #progress}.
     *
     * @param acceptDifferences swap although the two versions differ, as they must when the projection's rules changed
     */
    public State run(boolean acceptDifferences) {
        try {
            ProjectionVersions versions = await(ProjectionVersions.of(pool, projection));
            long position = build(versions, 0);
            await(versions.analyse(pool));
            List<ProjectionVersions.Difference> differences =
                    acceptDifferences ? List.of() : verify(versions, position);
            if (!differences.isEmpty()) {
                return is(State.DIFFERS, text(differences));
            }
            swap(versions, position);
            return State.SWAPPED;
        } catch (RuntimeException failure) {
            if (failure instanceof TakenOver) {
                return State.FAILED; // the row is another's
            }
            // The class only: a message may quote data.
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            return is(State.FAILED, cause.getClass().getName());
        }
    }

    /** Drops the tables that the last rebuild replaced. */
    public Uni<Void> dropFormer() {
        return ProjectionVersions.of(pool, projection).flatMap(versions -> versions.dropFormer(pool));
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().indefinitely();
    }

    private static String text(List<ProjectionVersions.Difference> differences) {
        List<String> parts = new ArrayList<>();
        differences.forEach(one -> parts.add(
                one.table() + ": " + one.onlyLive() + " rows only as it was, " + one.onlyNext() + " only as rebuilt"));
        return String.join("; ", parts);
    }

    private State is(State state, @Nullable String reason) {
        await(pool.preparedQuery("update projection_rebuild set state = $3, reason = $4, touched_at = clock_timestamp()"
                        + " where projection = $1 and run = $2")
                .execute(tuple(projection.name(), run, state.name().toLowerCase(java.util.Locale.ROOT), reason)));
        return state;
    }

    /** Applies the log to the next tables until few events are left. */
    private long build(ProjectionVersions versions, long from) {
        Deque<CompletableFuture<LogPage>> ahead = new ArrayDeque<>();
        long cursor = from;
        long start = from;
        double rate = 0;
        while (true) {
            while (ahead.size() < AHEAD) {
                ahead.add(EventLog.read(pool, start, PAGE, projection.categories())
                        .subscribeAsCompletionStage());
                start += PAGE;
            }
            long begun = System.nanoTime();
            LogPage page = ahead.remove().join();
            long went = page.upTo() - cursor;
            if (went > 0) {
                double now = went * 1e9 / (System.nanoTime() - begun + 1);
                rate = rate == 0 ? now : rate * 0.8 + now * 0.2;
                long last = cursor;
                long perSecond = (long) rate;
                await(pool.withTransaction(tx -> write(tx, versions, last, page, perSecond)));
                rate = rate * 0.8 + 0.2 * (went * 1e9 / (System.nanoTime() - begun + 1));
                cursor = page.upTo();
            }
            if (went < PAGE) {
                // The log's end, where positions were read ahead that did not exist yet.
                ahead.forEach(CompletableFuture::join);
                ahead.clear();
                start = cursor;
                if (went < LAST_EVENTS) {
                    return cursor;
                }
            }
        }
    }

    private Uni<Void> write(SqlConnection tx, ProjectionVersions versions, long from, LogPage page, long perSecond) {
        // What a crash takes of this, it takes together with the position.
        return tx.query("set local synchronous_commit = off; set local transaction_timeout = '10min'")
                .execute()
                .chain(() -> mine(tx, from, page.upTo(), perSecond))
                .chain(() -> versions.showNext(tx))
                .chain(() ->
                        apply(tx, page.entries().stream().map(LogEntry::event).toList()));
    }

    /**
     * An inline projection writes rows of one stream at a time, so those of several go over the wire together: what it
     * costs an append to wait for each statement is nothing, what it costs a whole log is hours.
     */
    private Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        if (events.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        if (!inline()) {
            return projection.apply(tx, events);
        }
        Collection<List<StoredEvent>> together = events.stream()
                .collect(Collectors.groupingBy(
                        event -> Math.floorMod(event.stream().hashCode(), TOGETHER)))
                .values();
        return Multi.createFrom()
                .iterable(together)
                .onItem()
                .transformToUni(some -> projection.apply(tx, some))
                .merge(TOGETHER)
                .onItem()
                .ignoreAsUni();
    }

    /** Locks the rebuild's row and moves its position, unless another run has taken it. */
    private Uni<Void> mine(SqlConnection tx, long from, long to, long perSecond) {
        return tx.preparedQuery("update projection_rebuild set last_seq = $4, per_second = $5, state = 'building',"
                        + " touched_at = clock_timestamp() where projection = $1 and run = $2 and last_seq = $3")
                .execute(tuple(projection.name(), run, from, to, perSecond))
                .map(rows -> {
                    if (rows.rowCount() == 0) {
                        throw new TakenOver();
                    }
                    return null;
                });
    }

    private boolean inline() {
        return projection instanceof InlineProjection;
    }

    /** Compares both versions in one snapshot, into which what is left is applied; leaves nothing behind. */
    private List<ProjectionVersions.Difference> verify(ProjectionVersions versions, long position) {
        is(State.VERIFYING, null);
        if (!inline()) {
            awaitTheRunningOne(position);
        }
        SqlConnection connection = await(pool.getConnection());
        try {
            Transaction tx = await(connection.begin());
            try {
                await(connection
                        .query("set transaction isolation level repeatable read; set local transaction_timeout = '1h'")
                        .execute());
                Left left = await(pool.withTransaction(guard -> Sequencer.keepPending(guard)
                        .chain(() -> connection
                                .preparedQuery("select 1 from projection_rebuild where projection = $1 and run = $2"
                                        + " for update")
                                .execute(tuple(projection.name(), run)))
                        .invoke(rows -> {
                            if (rows.size() == 0) {
                                throw new TakenOver();
                            }
                        })
                        .chain(() -> left(connection, position, !inline()))));
                await(versions.showNext(connection).chain(() -> apply(connection, left.events())));
                return await(versions.differences(connection));
            } finally {
                await(tx.rollback());
            }
        } finally {
            await(connection.close());
        }
    }

    /** An asynchronous one that is behind the next version cannot be compared with it. */
    private void awaitTheRunningOne(long position) {
        long patience = System.nanoTime() + CATCHING_UP.toNanos();
        while (running() < position) {
            if (System.nanoTime() > patience) {
                throw new RunningOneStandsStill();
            }
            pause();
        }
    }

    private long running() {
        return await(pool.preparedQuery("select last_seq from projection_position where projection = $1")
                .execute(tuple(projection.name()))
                .map(rows -> rows.size() == 0 ? 0L : rows.iterator().next().getLong("last_seq")));
    }

    private record Left(List<StoredEvent> events, long upTo) {}

    /**
     * What is committed and not yet applied, as one snapshot sees it: the rest of the log and, for an inline projection,
     * what is pending, which in each stream comes after it.
     *
     * @param asRunning only as far as the running asynchronous projection has come
     */
    private Uni<Left> left(SqlConnection tx, long position, boolean asRunning) {
        String upTo = asRunning
                ? " and l.seq <= (select last_seq from projection_position where projection = $3)"
                : " and $3 <> ''";
        String pending = inline() ? " union all select null, p.id from (" + Sequencer.PENDING + ") p" : "";
        return tx.preparedQuery("select n.seq, " + Rows.EVENT_COLUMNS + " from (select l.seq, l.id from log l"
                        + " where l.seq > $1" + upTo + pending + ") n join event e on e.id = n.id"
                        + " and split_part(e.stream_id, '-', 1) = any ($2) order by n.seq nulls last, n.id")
                .execute(tuple(position, projection.categories().toArray(String[]::new), projection.name()))
                .map(rows -> {
                    List<StoredEvent> events = new ArrayList<>(rows.size());
                    long last = position;
                    for (var row : rows) {
                        events.add(Rows.event(row));
                        Long seq = row.getLong("seq");
                        last = seq == null ? last : seq;
                    }
                    return new Left(events, last);
                });
    }

    private void swap(ProjectionVersions versions, long from) {
        long position = from;
        for (int attempt = 1; ; attempt++) {
            is(State.BUILDING, null); // a sign of life
            position = build(versions, position);
            try {
                long last = position;
                await(pool.withTransaction(tx -> swap(tx, versions, last)));
                return;
            } catch (RuntimeException failure) {
                boolean passes = failure instanceof TooMuchLeft || isLocked(failure);
                if (!passes || attempt == SWAP_ATTEMPTS) {
                    throw failure;
                }
                pause();
            }
        }
    }

    private Uni<Void> swap(SqlConnection tx, ProjectionVersions versions, long position) {
        // Whoever waits behind us waits no longer than this; then we give way and try again.
        return tx.query("set local lock_timeout = '300ms'")
                .execute()
                .chain(() -> mine(tx, position, position, 0))
                .chain(() -> inline()
                        ? Uni.createFrom().voidItem()
                        : tx.preparedQuery("select 1 from projection_position where projection = $1 for update")
                                .execute(tuple(projection.name()))
                                .replaceWithVoid())
                .chain(() -> versions.lockLive(tx))
                .chain(() -> tx.query("select last_seq from log_head").execute())
                .flatMap(head -> {
                    if (head.iterator().next().getLong("last_seq") - position > 4 * LAST_EVENTS) {
                        throw new TooMuchLeft();
                    }
                    return left(tx, position, false);
                })
                .flatMap(left -> versions.showNext(tx)
                        .chain(() -> apply(tx, left.events()))
                        .chain(() -> versions.swap(tx))
                        .chain(() -> inline()
                                ? Uni.createFrom().voidItem()
                                : tx.preparedQuery(
                                                "insert into projection_position (projection, last_seq) values ($1, $2)"
                                                        + " on conflict (projection) do update set last_seq = $2")
                                        .execute(tuple(projection.name(), left.upTo()))
                                        .replaceWithVoid())
                        .chain(() -> tx.preparedQuery("update projection_rebuild set state = 'swapped', last_seq = $3,"
                                        + " reason = null, touched_at = clock_timestamp()"
                                        + " where projection = $1 and run = $2")
                                .execute(tuple(projection.name(), run, left.upTo()))))
                .replaceWithVoid();
    }

    private static boolean isLocked(Throwable failure) {
        return failure instanceof PgException postgres && LOCKED.contains(String.valueOf(postgres.getSqlState()));
    }

    private static void pause() {
        try {
            Thread.sleep(SWAP_PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
