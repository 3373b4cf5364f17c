package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Cases that wait: seen, tried again, skipped. Every change locks the case's positions as a running consumer does, so
 * either may come first and nothing is overtaken. Trying again or skipping once more changes nothing.
 */
public final class Parking {

    /** Longest reason of a skip, in characters. */
    public static final int REASON = 500;

    /** The longest time, in seconds, between two attempts at a record that waits for another. */
    private static final int LONGEST = 30;

    /** Records that one call of {@link #retry} applies at most. */
    public static final int ONE_CALL = 200;

    private final Pool pool;
    private final Inbox inbox;
    private final Runnable onAppended;

    public Parking(Pool pool, Inbox inbox, Runnable onAppended) {
        this.pool = pool;
        this.inbox = inbox;
        this.onAppended = onAppended;
    }

    /**
     * A case that waits, with its first record.
     *
     * @param records how many wait
     * @param waiting not at fault: a fact from another topic is missing
     */
    public record Case(
            String consumer,
            String key,
            long records,
            long sequence,
            String type,
            String reason,
            boolean waiting,
            int attempts,
            Instant since) {}

    /** A record of a case that waits; {@code event} is as it was published: codes and clocks. */
    public record Waiting(IncomingEvent event, String reason, boolean waiting, int attempts, Instant since) {}

    /**
     * @param remaining records that still wait
     * @param reason    why the first of them could not be applied; null when none waits or more can be tried
     */
    public record Retried(
            long applied, long remaining, @Nullable String reason) {}

    /**
     * @param already it had been skipped before
     */
    public record Skipped(long sequence, boolean already, long remaining) {}

    private static final String FIRST = "select distinct on (consumer, key) *,"
            + " count(*) over (partition by consumer, key) as records from parked_record";

    /** @param limit 1 to 10 000 cases, those that wait longest first */
    public static Uni<List<Case>> list(SqlClient client, int limit) {
        return client.preparedQuery("select * from (" + FIRST + " order by consumer, key, number) p"
                        + " order by parked_at limit $1")
                .execute(tuple(limit))
                .map(rows -> all(rows, Parking::parkedCase));
    }

    private static Case parkedCase(Row row) {
        return new Case(
                row.getString("consumer"),
                row.getString("key"),
                row.getLong("records"),
                row.getLong("seq"),
                row.getString("type"),
                row.getString("reason"),
                row.getBoolean("waiting"),
                row.getInteger("attempts"),
                row.getOffsetDateTime("parked_at").toInstant());
    }

    private static <T> List<T> all(Iterable<Row> rows, Function<Row, T> read) {
        List<T> found = new ArrayList<>();
        rows.forEach(row -> found.add(read.apply(row)));
        return found;
    }

    /**
     * The records of a case that waits, in order.
     *
     * @param limit 1 to 1 000
     */
    public static Uni<List<Waiting>> explain(SqlClient client, String consumer, String key, int limit) {
        return client.preparedQuery(
                        "select * from parked_record where consumer = $1 and key = $2 order by number limit $3")
                .execute(tuple(consumer, key, limit))
                .map(rows -> all(
                        rows,
                        row -> new Waiting(
                                event(row),
                                row.getString("reason"),
                                row.getBoolean("waiting"),
                                row.getInteger("attempts"),
                                row.getOffsetDateTime("parked_at").toInstant())));
    }

    private static IncomingEvent event(Row row) {
        try {
            return EventJson.MAPPER.readValue(Rows.bytes(row, "event"), IncomingEvent.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Whether a fact that decides access to this case waits unprocessed; then nobody may see it.
     *
     * @param consumers those of effects with {@link Effect#decidesAccess}
     */
    public static Uni<Boolean> denied(SqlClient client, Collection<String> consumers, String key) {
        if (consumers.isEmpty()) {
            return Uni.createFrom().item(false);
        }
        return client.preparedQuery("select exists (select 1 from consumer_position"
                        + " where consumer = any ($1) and key = $2 and parked) as denied")
                .execute(Tuple.of(consumers.toArray(String[]::new), key))
                .map(rows -> rows.iterator().next().getBoolean("denied"));
    }

    /** Applies the records that wait, in order, until one fails again or {@value #ONE_CALL} were applied. */
    public Uni<Retried> retry(Effect effect, String key) {
        return retry(effect, key, 0).invoke(retried -> {
            if (retried.applied() > 0) {
                onAppended.run();
            }
        });
    }

    private Uni<Retried> retry(Effect effect, String key, long applied) {
        return pool.withTransaction(tx -> applyFirst(tx, effect, key))
                .map(remaining -> new Retried(1, remaining, null))
                .onFailure(failure -> !Infrastructure.isTrouble(failure) && !(failure instanceof None))
                .recoverWithUni(failure -> failedAgain(effect.consumer(), key, failure))
                .onFailure(None.class)
                .recoverWithItem(new Retried(0, 0, null))
                .flatMap(one -> {
                    long soFar = applied + one.applied();
                    return one.applied() == 1 && one.remaining() > 0 && soFar < ONE_CALL
                            ? retry(effect, key, soFar)
                            : Uni.createFrom().item(new Retried(soFar, one.remaining(), one.reason()));
                });
    }

    /** Nothing waits. */
    private static final class None extends RuntimeException {
        None() {
            super("nothing waits", null, false, false);
        }
    }

    /** @return how many still wait */
    private Uni<Long> applyFirst(SqlConnection tx, Effect effect, String key) {
        return Positions.lock(tx, effect.consumer(), key)
                .flatMap(positions -> first(tx, effect.consumer(), key).flatMap(row -> {
                    if (row.isEmpty()) {
                        throw new None();
                    }
                    IncomingEvent event = event(row.get());
                    Uni<Void> applied = positions.seen(event)
                            ? Uni.createFrom().voidItem()
                            : inbox.effect(tx, event, effect)
                                    .invoke(() -> positions.moveTo(event))
                                    .chain(() -> positions.save(tx));
                    return applied.chain(() -> remove(tx, effect, event, row.get()));
                }));
    }

    private static Uni<Optional<Row>> first(SqlConnection tx, String consumer, String key) {
        return tx.preparedQuery("select * from parked_record where consumer = $1 and key = $2 order by number limit 1")
                .execute(tuple(consumer, key))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next()));
    }

    private static Uni<Long> remove(SqlConnection tx, Effect effect, IncomingEvent event, Row row) {
        String consumer = effect.consumer();
        String key = row.getString("key");
        return tx.preparedQuery("delete from parked_record where consumer = $1 and key = $2 and number = $3")
                .execute(tuple(consumer, key, row.getLong("number")))
                .chain(() -> tx.preparedQuery(
                                "select count(*) as remaining from parked_record where consumer = $1 and key = $2")
                        .execute(tuple(consumer, key)))
                .map(rows -> rows.iterator().next().getLong("remaining"))
                .call(remaining -> remaining == 0
                        ? Positions.resume(tx, consumer, key).chain(() -> effect.resumed(tx, event))
                        : Uni.createFrom().voidItem());
    }

    private Uni<Retried> failedAgain(String consumer, String key, Throwable failure) {
        String reason = Inbox.reason(failure);
        boolean waiting = failure instanceof FactMissing;
        return pool.withTransaction(tx -> Positions.lock(tx, consumer, key)
                .chain(() -> tx.preparedQuery(
                                "update parked_record set reason = $3, waiting = $4, attempts = attempts + 1,"
                                        + " retry_at = clock_timestamp() + make_interval(secs => least(" + LONGEST
                                        + ", 0.5 * power(2, least(attempts, 10))))"
                                        + " where consumer = $1 and key = $2 and number ="
                                        + " (select min(number) from parked_record where consumer = $1 and key = $2)")
                        .execute(tuple(consumer, key, reason, waiting)))
                .chain(() -> tx.preparedQuery(
                                "select count(*) as remaining from parked_record where consumer = $1 and key = $2")
                        .execute(tuple(consumer, key)))
                .map(rows -> new Retried(0, rows.iterator().next().getLong("remaining"), reason)));
    }

    /**
     * Passes over the first record of a case that waits, for ever; those behind it wait for {@link #retry}. A fact that
     * decides access is never skipped: its case stays denied until it can be processed.
     *
     * @param sequence of the record, so that a repeat does not skip the next one
     * @param by       the operator's account
     * @param reason   1 to {@value #REASON} characters about the machinery; stays in this table
     * @return failing with {@link Refusal}
     */
    public Uni<Skipped> skip(Effect effect, String key, long sequence, String by, String reason) {
        if (effect.decidesAccess()) {
            return Uni.createFrom().failure(Refusal.of("access-fact-not-skipped"));
        }
        if (reason.isBlank() || reason.length() > REASON) {
            return Uni.createFrom()
                    .failure(Refusal.of("reason-needed")
                            .invalid()
                            .field("reason")
                            .with(REASON));
        }
        String consumer = effect.consumer();
        return pool.withTransaction(tx -> Positions.lock(tx, consumer, key)
                .flatMap(positions -> first(tx, consumer, key).flatMap(row -> {
                    if (row.isEmpty() || row.get().getLong("seq") != sequence) {
                        return before(tx, consumer, key, sequence);
                    }
                    IncomingEvent event = event(row.get());
                    positions.moveTo(event);
                    return tx.preparedQuery("insert into skipped_record"
                                    + " (consumer, source, key, seq, type, event, failure, reason, skipped_by)"
                                    + " select consumer, source, key, seq, type, event, reason, $4, $5 from parked_record"
                                    + " where consumer = $1 and key = $2 and number = $3")
                            .execute(tuple(consumer, key, row.get().getLong("number"), reason, by))
                            .chain(() -> positions.save(tx))
                            .chain(() -> remove(tx, effect, event, row.get()))
                            .map(remaining -> new Skipped(sequence, false, remaining));
                })));
    }

    private static Uni<Skipped> before(SqlConnection tx, String consumer, String key, long sequence) {
        return tx.preparedQuery("select (select count(*) from skipped_record"
                        + " where consumer = $1 and key = $2 and seq = $3) as skipped,"
                        + " (select count(*) from parked_record where consumer = $1 and key = $2) as remaining")
                .execute(tuple(consumer, key, sequence))
                .map(rows -> {
                    Row row = rows.iterator().next();
                    if (row.getLong("skipped") == 0) {
                        throw Refusal.of("not-first-parked");
                    }
                    return new Skipped(sequence, true, row.getLong("remaining"));
                });
    }

    /**
     * Tries cases again that wait for a fact and are due.
     *
     * @param effects by consumer
     * @return how many were tried
     */
    public Uni<Integer> retryWaiting(Map<String, Effect> effects) {
        return pool.query("select distinct consumer, key from parked_record"
                        + " where waiting and (retry_at <= clock_timestamp()"
                        // Put off by a clock that was ahead.
                        + " or retry_at > clock_timestamp() + make_interval(secs => " + LONGEST + ")) limit 50")
                .execute()
                .flatMap(rows -> Multi.createFrom()
                        .iterable(rows)
                        .onItem()
                        .transformToUniAndConcatenate(row -> {
                            Effect effect = effects.get(row.getString("consumer"));
                            return effect == null
                                    ? Uni.createFrom().item(0)
                                    : retry(effect, row.getString("key")).replaceWith(1);
                        })
                        .collect()
                        .asList()
                        .map(tried -> tried.stream().mapToInt(Integer::intValue).sum()));
    }

    /** Cases that have waited for a fact for ten minutes, each told once. */
    public static Uni<List<Case>> overdue(SqlClient client) {
        return client.query(
                        "update parked_record set alarmed = true where waiting and not alarmed"
                                + " and parked_at < clock_timestamp() - interval '10 minutes' returning *, 1::bigint as records")
                .execute()
                .map(rows -> all(rows, Parking::parkedCase));
    }
}
