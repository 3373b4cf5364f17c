package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * Takes in the public events of others: exactly one effect, in order per case, whatever Kafka delivers how often.
 * Records of several cases share a transaction; if it fails, each is taken alone. A record that cannot be processed
 * parks its case; the trouble of infrastructure is retried without limit.
 */
public final class Inbox {

    private static final Logger LOG = Logger.getLogger(Inbox.class);
    private static final Duration FIRST_PATIENCE = Duration.ofMillis(100);
    private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(3);
    private static final Pattern VERSION = Pattern.compile("\\.v\\d+$");

    private final Pool pool;
    private final Runnable onAppended;
    private final Map<String, Listed> listed = new ConcurrentHashMap<>();

    /** Consumers that were given something again: on a refilled topic or after a restart nearly all is. */
    private final Set<String> again = ConcurrentHashMap.newKeySet();

    public Inbox(Pool pool, Runnable onAppended) {
        this.pool = pool;
        this.onAppended = onAppended;
    }

    /** What became of a record. */
    public enum Result {
        APPLIED,
        /** Seen before, or of a type that the effect does not use. */
        PASSED_OVER,
        /** Its case waits. */
        PARKED
    }

    /** A version of a listed type that this release does not know. */
    static final class UnknownVersion extends RuntimeException {
        UnknownVersion() {
            super("unknown version", null, false, false);
        }
    }

    /** The types that an effect uses, and their names without a version. */
    private record Listed(Set<String> types, Set<String> names) {
        static Listed of(Effect effect) {
            return new Listed(
                    Set.copyOf(effect.types()),
                    effect.types().stream().map(Listed::name).collect(Collectors.toUnmodifiableSet()));
        }

        static String name(String type) {
            return VERSION.matcher(type).replaceFirst("");
        }

        boolean concerns(IncomingEvent event) {
            return types.contains(event.type()) || names.contains(name(event.type()));
        }
    }

    private Listed listed(Effect effect) {
        return listed.computeIfAbsent(effect.consumer(), consumer -> Listed.of(effect));
    }

    /** Completes when the record needs never to be delivered again. */
    public Uni<Result> receive(IncomingEvent event, Effect effect) {
        return receive(List.of(event), effect).map(List::getFirst);
    }

    /**
     * Takes in records, those of a case in this order. Completes when none of them needs ever to be delivered again;
     * while the infrastructure is in trouble it does not complete, and may be cancelled.
     *
     * @param events at most a few dozen: they share a transaction of at most 10 s
     * @return in the order of the records
     */
    public Uni<List<Result>> receive(List<IncomingEvent> events, Effect effect) {
        Result[] results = new Result[events.size()];
        Arrays.fill(results, Result.PASSED_OVER);
        int[] concerning = IntStream.range(0, events.size())
                .filter(i -> listed(effect).concerns(events.get(i)))
                .toArray();
        if (concerning.length == 0) {
            return Uni.createFrom().item(List.of(results));
        }
        Uni<Void> done = unseen(events, concerning, effect)
                .flatMap(unseen ->
                        unseen.length == 0 ? Uni.createFrom().voidItem() : takeIn(events, unseen, effect, results));
        return done.map(nothing -> List.of(results)).invoke(all -> {
            if (all.contains(Result.APPLIED)) {
                onAppended.run();
            }
        });
    }

    /** Without a lock or a commit: a position never goes back. Where nothing came again lately nobody looks. */
    private Uni<int[]> unseen(List<IncomingEvent> events, int[] concerning, Effect effect) {
        if (!again.contains(effect.consumer())) {
            return Uni.createFrom().item(concerning);
        }
        return Positions.glance(
                        pool,
                        effect.consumer(),
                        IntStream.of(concerning).mapToObj(events::get).toList())
                .map(positions -> {
                    int[] unseen = IntStream.of(concerning)
                            .filter(i -> !positions.seen(events.get(i)))
                            .toArray();
                    if (unseen.length == concerning.length) {
                        again.remove(effect.consumer());
                    }
                    return unseen;
                })
                .onFailure()
                .recoverWithItem(concerning);
    }

    private Uni<Void> takeIn(List<IncomingEvent> events, int[] which, Effect effect, Result[] results) {
        if (which.length == 1) {
            return alone(events, which[0], effect, results);
        }
        return together(events, which, effect, results).onFailure().recoverWithUni(failure -> {
            LOG.debugf("%s takes records one by one: %s", effect.consumer(), failure.getClass());
            return Multi.createFrom()
                    .iterable(() -> IntStream.of(which).iterator())
                    .onItem()
                    .transformToUniAndConcatenate(
                            i -> alone(events, i, effect, results).replaceWith(i))
                    .collect()
                    .last()
                    .replaceWithVoid();
        });
    }

    /** In one transaction, case by case in one order everywhere, so that two of them do not wait for each other. */
    private Uni<Void> together(List<IncomingEvent> events, int[] which, Effect effect, Result[] results) {
        List<Integer> byCase = IntStream.of(which)
                .boxed()
                .sorted(Comparator.comparing(i -> events.get(i).key()))
                .toList();
        return Uni.createFrom()
                .deferred(() -> pool.withTransaction(tx -> Positions.lock(
                                tx,
                                effect.consumer(),
                                byCase.stream().map(events::get).toList())
                        .flatMap(positions -> Multi.createFrom()
                                .iterable(byCase)
                                .onItem()
                                .transformToUniAndConcatenate(i -> apply(tx, positions, events.get(i), effect)
                                        .invoke(result -> results[i] = result))
                                .collect()
                                .last()
                                .chain(() -> positions.save(tx)))));
    }

    private Uni<Result> apply(SqlConnection tx, Positions positions, IncomingEvent event, Effect effect) {
        if (positions.seen(event)) {
            again.add(effect.consumer());
            return Uni.createFrom().item(Result.PASSED_OVER);
        }
        if (positions.parked(event.key())) {
            return store(tx, event, effect.consumer(), "waits behind a parked record", false)
                    .replaceWith(Result.PARKED);
        }
        return effect(tx, event, effect).invoke(() -> positions.moveTo(event)).replaceWith(Result.APPLIED);
    }

    /** The effect itself, for a record whose turn it is. */
    Uni<Void> effect(SqlConnection tx, IncomingEvent event, Effect effect) {
        if (!listed(effect).types().contains(event.type())) {
            return Uni.createFrom().failure(new UnknownVersion());
        }
        return Uni.createFrom().deferred(() -> effect.apply(tx, event));
    }

    private Uni<Void> alone(List<IncomingEvent> events, int which, Effect effect, Result[] results) {
        IncomingEvent event = events.get(which);
        return together(events, new int[] {which}, effect, results)
                .onFailure(failure -> !Infrastructure.isTrouble(failure))
                .recoverWithUni(failure -> park(event, effect, failure)
                        .invoke(result -> results[which] = result)
                        .replaceWithVoid())
                .onFailure()
                .invoke(failure -> LOG.warnf(
                        "%s waits: %s", effect.consumer(), failure.getClass().getName()))
                .onFailure()
                .retry()
                .withBackOff(FIRST_PATIENCE, LONGEST_PATIENCE)
                .indefinitely();
    }

    /** An error's class or a refusal's code; never a message, which could name somebody. */
    static String reason(Throwable failure) {
        return switch (failure) {
            case Refusal refusal -> refusal.code();
            case FactMissing missing -> "waits for " + missing.fact();
            case UnknownVersion unknown -> "unknown version of the type";
            default -> failure.getClass().getName();
        };
    }

    private Uni<Result> park(IncomingEvent event, Effect effect, Throwable failure) {
        String reason = reason(failure);
        boolean waits = failure instanceof FactMissing;
        return pool.withTransaction(tx -> Positions.lock(tx, effect.consumer(), List.of(event))
                        .flatMap(positions -> {
                            if (positions.seen(event)) {
                                return Uni.createFrom().item(Result.PASSED_OVER);
                            }
                            return positions
                                    .park(tx, event)
                                    .chain(() -> store(tx, event, effect.consumer(), reason, waits))
                                    .replaceWith(Result.PARKED);
                        }))
                .invoke(result -> {
                    if (result == Result.PARKED && waits) {
                        LOG.infof("%s: %s %s", effect.consumer(), event.key(), reason);
                    } else if (result == Result.PARKED) {
                        LOG.errorf(
                                "%s parks %s at %d of type %s: %s",
                                effect.consumer(), event.key(), event.sequence(), event.type(), reason);
                    }
                });
    }

    private static Uni<Void> store(
            SqlConnection tx, IncomingEvent event, String consumer, String reason, boolean waits) {
        byte[] json;
        try {
            json = EventJson.MAPPER.writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return tx.preparedQuery("insert into parked_record (consumer, source, key, seq, type, event, reason, waiting)"
                        + " values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing")
                .execute(tuple(
                        consumer,
                        event.source(),
                        event.key(),
                        event.sequence(),
                        event.type(),
                        Buffer.buffer(json),
                        reason,
                        waits))
                .replaceWithVoid();
    }
}
