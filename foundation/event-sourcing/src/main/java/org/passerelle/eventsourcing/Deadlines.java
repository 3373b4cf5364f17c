package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Fires deadlines, each once: takes a due row, deletes it and has its effect in one transaction. Needs no leader: every
 * replica takes rows that no other holds. Never waits for a stream's lock while holding a deadline's row, since an
 * append holds them the other way round.
 */
public final class Deadlines implements Loop.Step {

    private static final Logger LOG = Logger.getLogger(Deadlines.class);

    /** The longest time, in seconds, between two attempts. */
    private static final int LONGEST = 60;

    /**
     * What is due. A deadline that failed while the database's clock was ahead has an attempt further off than any can
     * be put off: that attempt is due now, not when the right clock comes to it. What somebody else holds is passed over:
     * whoever keeps a look until the end of a long transaction holds up no other deadline.
     */
    private static final String DUE = "select * from (select stream_id, name, due_at from deadline"
            + " where not_before <= clock_timestamp() order by not_before limit 1 for update skip locked) as due"
            + " union all select * from (select stream_id, name, due_at from deadline where attempts > 0"
            + " and due_at <= clock_timestamp()"
            + " and not_before > clock_timestamp() + make_interval(secs => " + LONGEST + ")"
            + " limit 1 for update skip locked) as far_off limit 1";

    private final Pool pool;
    private final Map<String, DeadlineHandler> handlers;
    private final Runnable onAppended;

    public Deadlines(Pool pool, List<DeadlineHandler> handlers, Runnable onAppended) {
        this.pool = pool;
        this.handlers = handlers.stream().collect(Collectors.toMap(DeadlineHandler::category, Function.identity()));
        this.onAppended = onAppended;
    }

    /**
     * Gives many streams a deadline of one name, one after the other in time. A stream that has one keeps it. For streams
     * that the caller has not locked: a deadline that is just being fired is waited for and set anew.
     *
     * @param first when the first fires; the others follow {@code apart} from each other
     */
    public static Uni<Void> setUnlessSet(
            SqlConnection tx, List<StreamId> streams, String name, Instant first, Duration apart) {
        String[] ids = streams.stream().map(StreamId::text).toArray(String[]::new);
        return tx.preparedQuery("insert into deadline (stream_id, name, due_at, not_before)"
                        + " select id, $2, at, at from (select id,"
                        + " $3::timestamptz + (ordinal - 1) * make_interval(secs => $4) as at"
                        + " from unnest($1::text[]) with ordinality as given (id, ordinal)) as wanted"
                        + " order by id collate \"C\" on conflict do nothing")
                .execute(tuple(ids, name, Rows.utc(first), apart.toMillis() / 1000.0))
                .replaceWithVoid();
    }

    /**
     * Gives many streams a look of some kind, one after the other in time, and waits for nobody: the caller may hold what
     * whoever fires such a look waits for. A stream that has one keeps it, which fires after the caller's transaction;
     * where it is just being fired, and may not see what the caller did, another is set beside it.
     *
     * @param kind looks are named by it, a colon and what they are because of
     * @param by what these are because of, as nobody else at the same time
     * @param first when the first fires; the others follow {@code apart} from each other
     */
    public static Uni<Void> look(
            SqlConnection tx, List<StreamId> streams, String kind, String by, Instant first, Duration apart) {
        String[] ids = streams.stream().map(StreamId::text).toArray(String[]::new);
        return tx.preparedQuery("with kept as (select stream_id from deadline where stream_id = any($1)"
                        + " and starts_with(name, $2) for update skip locked)"
                        + " insert into deadline (stream_id, name, due_at, not_before)"
                        + " select id, $2 || $3, at, at from (select id,"
                        + " $4::timestamptz + (ordinal - 1) * make_interval(secs => $5) as at"
                        + " from unnest($1::text[]) with ordinality as given (id, ordinal)) as wanted"
                        + " where id not in (select stream_id from kept) on conflict do nothing")
                .execute(tuple(ids, kind + ":", by, Rows.utc(first), apart.toMillis() / 1000.0))
                .replaceWithVoid();
    }

    /** Somebody is just writing to the deadline's stream. */
    private static final class Busy extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Busy(Throwable lockNotAvailable) {
            super(lockNotAvailable);
        }
    }

    private record Due(StreamId stream, String name, Instant at) {}

    /** How many fired: 0 or 1. */
    @Override
    public Uni<Integer> step() {
        if (handlers.isEmpty()) {
            return Uni.createFrom().item(0);
        }
        return pool.preparedQuery(DUE)
                .execute()
                .flatMap(rows -> {
                    var row = rows.iterator();
                    if (!row.hasNext()) {
                        return Uni.createFrom().item(0);
                    }
                    var first = row.next();
                    Due due = new Due(
                            StreamId.parse(first.getString("stream_id")),
                            first.getString("name"),
                            first.getOffsetDateTime("due_at").toInstant());
                    return pool.withTransaction(tx -> fire(tx, due))
                            .onFailure()
                            .recoverWithUni(failure -> putOff(due, failure).replaceWith(1));
                })
                .invoke(fired -> {
                    if (fired > 0) {
                        onAppended.run();
                    }
                });
    }

    private Uni<Integer> fire(SqlConnection tx, Due due) {
        DeadlineHandler handler = handlers.get(due.stream().category());
        if (handler == null) {
            throw new IllegalStateException(
                    "no handler for deadlines of " + due.stream().category());
        }
        return tx.preparedQuery("select 1 from deadline where stream_id = $1 and name = $2 and due_at = $3"
                        + " for update skip locked")
                .execute(tuple(due.stream().text(), due.name(), Rows.utc(due.at())))
                .flatMap(taken -> {
                    if (taken.size() == 0) {
                        // Moved, cancelled, or being fired elsewhere.
                        return Uni.createFrom().item(0);
                    }
                    return tx.preparedQuery("select 1 from stream where id = $1 for update nowait")
                            .execute(tuple(due.stream().text()))
                            .onFailure(Appender::isLockTimeout)
                            .transform(Busy::new)
                            .chain(() -> tx.preparedQuery("delete from deadline where stream_id = $1 and name = $2")
                                    .execute(tuple(due.stream().text(), due.name())))
                            .chain(() -> handler.due(tx, due.stream(), due.name(), due.at()))
                            .replaceWith(1);
                });
    }

    /**
     * A deadline whose effect failed is not lost and holds up no other: it comes back, later each time. That somebody is
     * just writing to its stream is no failure: it comes back in a moment. A lock that its effect waits for in vain is one.
     */
    private Uni<Void> putOff(Due due, Throwable failure) {
        if (failure instanceof Busy) {
            return postpone(due, "not_before = clock_timestamp() + interval '50 ms'");
        }
        String state = failure instanceof PgException postgres ? " " + postgres.getSqlState() : "";
        LOG.warnf(
                "deadline %s fails and is put off: %s%s",
                due.name(), failure.getClass().getName(), state);
        return postpone(
                due,
                "attempts = attempts + 1, not_before = clock_timestamp() + make_interval(secs => least(" + LONGEST
                        + ", 0.1 * power(2, least(attempts, 10))))");
    }

    private Uni<Void> postpone(Due due, String change) {
        return pool.preparedQuery(
                        "update deadline set " + change + " where stream_id = $1 and name = $2 and due_at = $3")
                .execute(tuple(due.stream().text(), due.name(), Rows.utc(due.at())))
                .replaceWithVoid();
    }
}
