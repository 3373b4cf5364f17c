package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Takes in the public events of others: exactly one effect, in order per case, whatever Kafka delivers how often. A
 * record that cannot be processed parks its case; the trouble of infrastructure is retried without limit.
 */
public final class Inbox {

    private static final Logger LOG = Logger.getLogger(Inbox.class);
    private static final Duration FIRST_PATIENCE = Duration.ofMillis(100);
    private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(3);

    private final Pool pool;
    private final Runnable onAppended;

    public Inbox(Pool pool, Runnable onAppended) {
        this.pool = pool;
        this.onAppended = onAppended;
    }

    /** What became of a record. */
    public enum Result {
        APPLIED,
        /** Seen before, or of a type that the effect does not use. */
        PASSED_OVER,
        /** Its case waits for an operator. */
        PARKED
    }

    /** Completes when the record needs never to be delivered again. */
    public Uni<Result> receive(IncomingEvent event, Effect effect) {
        if (!effect.types().contains(event.type())) {
            return Uni.createFrom().item(Result.PASSED_OVER);
        }
        return Uni.createFrom()
                .deferred(() -> pool.withTransaction(tx -> apply(tx, event, effect)))
                .onFailure(failure -> !Infrastructure.isTrouble(failure))
                .recoverWithUni(failure -> park(event, effect, failure))
                .onFailure()
                .invoke(failure -> LOG.warnf(
                        "%s waits: %s", effect.consumer(), failure.getClass().getName()))
                .onFailure()
                .retry()
                .withBackOff(FIRST_PATIENCE, LONGEST_PATIENCE)
                .indefinitely()
                .invoke(result -> {
                    if (result == Result.APPLIED) {
                        onAppended.run();
                    }
                });
    }

    private record Position(long lastSeq, boolean parked) {}

    private static Uni<Position> position(SqlConnection tx, IncomingEvent event, Effect effect) {
        return tx.preparedQuery("insert into consumer_position (consumer, source, key, last_seq)"
                        + " values ($1, $2, $3, 0) on conflict do nothing")
                .execute(tuple(effect.consumer(), event.source(), event.key()))
                .chain(() -> tx.preparedQuery("select last_seq, parked from consumer_position"
                                + " where consumer = $1 and source = $2 and key = $3 for update")
                        .execute(tuple(effect.consumer(), event.source(), event.key())))
                .map(rows -> {
                    var row = rows.iterator().next();
                    return new Position(row.getLong("last_seq"), row.getBoolean("parked"));
                });
    }

    private static Uni<Result> apply(SqlConnection tx, IncomingEvent event, Effect effect) {
        return position(tx, event, effect).flatMap(position -> {
            if (event.sequence() <= position.lastSeq()) {
                return Uni.createFrom().item(Result.PASSED_OVER);
            }
            if (position.parked()) {
                return store(tx, event, effect, "waits behind a parked record").replaceWith(Result.PARKED);
            }
            return effect.apply(tx, event)
                    .chain(() -> tx.preparedQuery("update consumer_position set last_seq = $4"
                                    + " where consumer = $1 and source = $2 and key = $3")
                            .execute(tuple(effect.consumer(), event.source(), event.key(), event.sequence())))
                    .replaceWith(Result.APPLIED);
        });
    }

    private Uni<Result> park(IncomingEvent event, Effect effect, Throwable failure) {
        String reason = failure instanceof Refusal refusal
                ? refusal.code()
                : failure.getClass().getName();
        LOG.errorf(
                "%s parks %s at %d of type %s: %s",
                effect.consumer(), event.key(), event.sequence(), event.type(), reason);
        return pool.withTransaction(tx -> position(tx, event, effect).flatMap(position -> {
            if (event.sequence() <= position.lastSeq()) {
                return Uni.createFrom().item(Result.PASSED_OVER);
            }
            return tx.preparedQuery("update consumer_position set parked = true"
                            + " where consumer = $1 and source = $2 and key = $3")
                    .execute(tuple(effect.consumer(), event.source(), event.key()))
                    .chain(() -> store(tx, event, effect, reason))
                    .replaceWith(Result.PARKED);
        }));
    }

    private static Uni<Void> store(SqlConnection tx, IncomingEvent event, Effect effect, String reason) {
        byte[] json;
        try {
            json = EventJson.MAPPER.writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return tx.preparedQuery("insert into parked_record (consumer, source, key, seq, type, event, reason)"
                        + " values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing")
                .execute(tuple(
                        effect.consumer(),
                        event.source(),
                        event.key(),
                        event.sequence(),
                        event.type(),
                        Buffer.buffer(json),
                        reason))
                .replaceWithVoid();
    }
}
