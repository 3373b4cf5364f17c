package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.passerelle.proof.Attestation;

/**
 * The one way into the store: the function {@code append_batch} of the schema, then the projections, in one
 * transaction. Several appends may share it where no two have a stream or a receipt in common.
 */
final class Appender {

    /** How long an append waits for a stream or a receipt that another transaction holds. */
    enum Patience {
        /** Appends that share a transaction do not wait for one slow stream together: they are soon tried apart. */
        SHORT("50ms"),
        LONG("5s");

        private final String lockWait;

        Patience(String lockWait) {
            this.lockWait = lockWait;
        }
    }

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** Of {@code append_given_up}: somebody's append is not a plain success, and nothing is written. */
    private static final String GIVEN_UP = "40001";

    /**
     * The pending tables take turns, two seconds each, so that few dead rows gather in one while somebody's long
     * transaction keeps them; readers take them as one, so any choice is right.
     */
    static final int PENDING_TABLES = 3;

    private static final long PENDING_TURN_MILLIS = 2_000;

    /** Where one of several was not a plain success, others soon may not be either. */
    private static final int AFTER_GIVING_UP = 4;

    private final AtomicInteger theLongWay = new AtomicInteger();

    private final List<InlineProjection> projections;
    private final Set<String> projected;
    private final Receipts receipts = new Receipts();
    private final Attestation.Maker attesting;

    Appender(List<InlineProjection> projections, Attestation.Maker attesting) {
        this.attesting = attesting;
        this.projections = List.copyOf(projections);
        this.projected =
                projections.stream().flatMap(p -> p.categories().stream()).collect(Collectors.toUnmodifiableSet());
    }

    static int pendingTableNow() {
        return (int) (System.currentTimeMillis() / PENDING_TURN_MILLIS % PENDING_TABLES);
    }

    /** What became of one append of several. */
    sealed interface Verdict {

        record Stored(Appended appended) implements Verdict {}

        record Conflict(StreamId stream, long actual) implements Verdict {}

        record ReceiptKnown() implements Verdict {}
    }

    /** Creates the streams where needed and locks them all. */
    Uni<Void> lock(SqlConnection tx, Collection<StreamId> streams) {
        List<StreamId> sorted = streams.stream().sorted().toList();
        String[] ids = sorted.stream().map(StreamId::text).toArray(String[]::new);
        String[] categories = sorted.stream().map(StreamId::category).toArray(String[]::new);
        return tx.preparedQuery("insert into stream (id, category, version, last_recorded_at)"
                        + " select id, category, 0, '-infinity' from unnest($1::text[], $2::text[]) as s (id, category)"
                        + " order by id collate \"C\" on conflict do nothing")
                .execute(tuple(ids, categories))
                .chain(() -> tx.preparedQuery("select 1 from stream where id = any($1) order by id for update")
                        .execute(tuple((Object) ids)))
                .replaceWithVoid();
    }

    /** One append in a transaction of the caller. */
    Uni<Appended> append(SqlConnection tx, Append append) {
        return verdicts(tx, List.of(append), Patience.LONG)
                .flatMap(verdicts -> appended(tx, append, verdicts.getFirst()))
                .onFailure(Appender::isLockTimeout)
                .transform(failure -> append.receipt() == null ? failure : new AppendRejected.InFlight());
    }

    /** Appends in a transaction of their own: a verdict for each, or a failure for all. */
    Uni<List<Verdict>> commit(Pool pool, List<Append> appends, Patience patience) {
        boolean projects = appends.stream()
                .flatMap(append -> append.streams().stream())
                .anyMatch(stream -> projected.contains(stream.stream().category()));
        AppendStatement statement = AppendStatement.of(appends, attesting);
        if (appends.size() == 1) {
            return transaction(pool, projects, client -> statement(client, appends, patience));
        }
        if (patience == Patience.LONG || !statement.isPlain() || theLongWay.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            return transaction(pool, projects, client -> batch(client, statement, patience));
        }
        return transaction(pool, projects, client -> plain(client, statement, patience))
                .onFailure(Appender::isGivenUp)
                .recoverWithUni(() -> {
                    theLongWay.set(AFTER_GIVING_UP);
                    return transaction(pool, projects, client -> batch(client, statement, patience));
                });
    }

    private Uni<List<Verdict>> transaction(
            Pool pool, boolean projects, Function<SqlClient, Uni<List<Verdict>>> statement) {
        return projects
                ? pool.withTransaction(tx -> projected(tx, statement.apply(tx)))
                // A statement is a transaction: what fails after its answer fails after its commit.
                : statement
                        .apply(pool)
                        .onFailure(IllegalStateException.class)
                        .transform(AppendRejected.UnknownOutcome::new);
    }

    /** The acknowledgement of an append that stands alone or is committed. */
    Uni<Appended> appended(SqlClient client, Append append, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Stored stored -> Uni.createFrom().item(stored.appended());
            case Verdict.Conflict conflict ->
                Uni.createFrom().failure(new AppendRejected.VersionConflict(conflict.stream(), conflict.actual()));
            case Verdict.ReceiptKnown known -> {
                Receipt receipt = Objects.requireNonNull(append.receipt());
                yield receipts.find(client, receipt.key(), receipt.fingerprint())
                        .map(first -> {
                            throw new AlreadyAnswered(first.orElseThrow());
                        });
            }
        };
    }

    static boolean isLockTimeout(@Nullable Throwable failure) {
        return failure instanceof PgException postgres && LOCK_NOT_AVAILABLE.equals(postgres.getSqlState());
    }

    private Uni<List<Verdict>> verdicts(SqlConnection tx, List<Append> appends, Patience patience) {
        return projected(tx, statement(tx, appends, patience));
    }

    private Uni<List<Verdict>> projected(SqlConnection tx, Uni<List<Verdict>> stored) {
        return stored.call(verdicts -> project(
                tx,
                verdicts.stream()
                        .filter(Verdict.Stored.class::isInstance)
                        .flatMap(one -> ((Verdict.Stored) one).appended().events().stream())
                        .toList()));
    }

    /** In the short way where it is open; the long way waits for whoever stands in it, and tells what stood in it. */
    private Uni<List<Verdict>> statement(SqlClient client, List<Append> appends, Patience patience) {
        Optional<AppendOne> one = AppendOne.of(appends, attesting);
        if (one.isEmpty() || patience == Patience.LONG) {
            return batch(client, AppendStatement.of(appends, attesting), patience);
        }
        return client.preparedQuery(one.get().sql())
                .execute(one.get().parameters(patience.lockWait))
                .map(one.get()::verdict)
                .flatMap(stored -> stored.isPresent()
                        ? Uni.createFrom().item(List.of(stored.get()))
                        : batch(client, AppendStatement.of(appends, attesting), patience));
    }

    private static Uni<List<Verdict>> batch(SqlClient client, AppendStatement statement, Patience patience) {
        return client.preparedQuery(AppendStatement.SQL)
                .execute(statement.parameters(pendingTableNow(), patience.lockWait))
                .map(rows -> statement.verdicts(rows.iterator().next()));
    }

    private static Uni<List<Verdict>> plain(SqlClient client, AppendStatement statement, Patience patience) {
        return client.preparedQuery(AppendStatement.plainSql())
                .execute(statement.plainParameters(patience.lockWait))
                .map(rows -> statement.plainVerdicts(rows.iterator().next()));
    }

    private static boolean isGivenUp(Throwable failure) {
        return failure instanceof PgException postgres && GIVEN_UP.equals(postgres.getSqlState());
    }

    private Uni<Void> project(SqlConnection tx, List<StoredEvent> events) {
        Uni<Void> done = Uni.createFrom().voidItem();
        for (InlineProjection projection : projections) {
            List<StoredEvent> wanted = new ArrayList<>();
            for (StoredEvent event : events) {
                if (projection.categories().contains(event.stream().category())) {
                    wanted.add(event);
                }
            }
            if (!wanted.isEmpty()) {
                done = done.chain(() -> projection.apply(tx, wanted));
            }
        }
        return done;
    }
}
