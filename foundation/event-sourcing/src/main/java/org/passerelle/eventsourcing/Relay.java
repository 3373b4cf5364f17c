package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * Publishes the log on a topic, in order, at least once. Reads from its committed cursor, sends, and moves the cursor
 * over what the broker has acknowledged. Never has two records of one key under way at once, so that a failed one
 * cannot be overtaken by its successor; stops at the first failure and begins again from the cursor.
 */
public final class Relay implements Loop.Step {

    private static final int BATCH = 500;

    /** Sends records to a topic; the returned item means that the broker has them. */
    public interface Sender {
        Uni<Void> send(List<Outgoing> wave);
    }

    /** A public event ready to go. */
    public record Outgoing(String topic, String source, LogEntry entry, PublicEvent event) {}

    private final Pool pool;
    private final Lease lease;
    private final String topic;
    private final String service;
    private final Function<StoredEvent, Optional<PublicEvent>> translate;
    private final Sender sender;

    /**
     * @param service   name in the source of its events, e.g. {@code referral}
     * @param translate which events go out, and how
     */
    public Relay(
            Pool pool,
            String topic,
            String service,
            Function<StoredEvent, Optional<PublicEvent>> translate,
            Sender sender) {
        this.pool = pool;
        this.lease = new Lease(pool, "relay " + topic);
        this.topic = topic;
        this.service = service;
        this.translate = translate;
        this.sender = sender;
    }

    public static String source(String service, UUID epoch) {
        return "urn:passerelle:" + service + ":" + epoch;
    }

    /** How many log entries were passed. */
    @Override
    public Uni<Integer> step() {
        return lease.hold()
                .flatMap(leads -> leads ? publish() : Uni.createFrom().item(0))
                .onFailure(Lease.Lost.class)
                .recoverWithItem(0);
    }

    private Uni<Integer> publish() {
        return cursor().flatMap(cursor -> EventLog.read(pool, cursor, BATCH).flatMap(page -> {
            if (page.isEmpty()) {
                return Uni.createFrom().item(0);
            }
            return EventLog.epoch(pool)
                    .flatMap(epoch -> send(waves(page, source(service, epoch))))
                    .chain(() -> move(cursor, page.getLast().seq()))
                    .replaceWith(page.size());
        }));
    }

    private Uni<Long> cursor() {
        return pool.preparedQuery("select last_seq from relay_position where topic = $1")
                .execute(tuple(topic))
                .flatMap(rows -> rows.size() > 0
                        ? Uni.createFrom().item(rows.iterator().next().getLong("last_seq"))
                        : pool.preparedQuery(
                                        "insert into relay_position (topic, last_seq) values ($1, 0) on conflict do nothing")
                                .execute(tuple(topic))
                                .replaceWith(0L));
    }

    private List<List<Outgoing>> waves(List<LogEntry> page, String source) {
        List<List<Outgoing>> waves = new ArrayList<>();
        List<Outgoing> wave = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (LogEntry entry : page) {
            Optional<PublicEvent> event = translate.apply(entry.event());
            if (event.isEmpty()) {
                continue;
            }
            if (!keys.add(event.get().key())) {
                waves.add(wave);
                wave = new ArrayList<>();
                keys.clear();
                keys.add(event.get().key());
            }
            wave.add(new Outgoing(topic, source, entry, event.get()));
        }
        if (!wave.isEmpty()) {
            waves.add(wave);
        }
        return waves;
    }

    private Uni<Void> send(List<List<Outgoing>> waves) {
        Uni<Void> sent = Uni.createFrom().voidItem();
        for (List<Outgoing> wave : waves) {
            sent = sent.chain(() -> sender.send(wave));
        }
        return sent;
    }

    /** Moves the cursor unless somebody has set it back meanwhile. */
    private Uni<Void> move(long from, long to) {
        return pool.withTransaction(tx -> lease.check(tx)
                .chain(() -> tx.preparedQuery(
                                "update relay_position set last_seq = $3 where topic = $1 and last_seq = $2")
                        .execute(tuple(topic, from, to))
                        .replaceWithVoid()));
    }

    /**
     * Sets the cursor back, so that the topic is filled again from that position on, in order: consumers that have seen
     * the records pass over them, new ones see all.
     *
     * @param from first position to be published again, from 1
     * @return how many log entries will go out again
     */
    public static Uni<Long> republish(Pool pool, String topic, long from) {
        return pool.withTransaction(tx -> tx.preparedQuery(
                        "select last_seq from relay_position where topic = $1 for update")
                .execute(tuple(topic))
                .flatMap(rows -> {
                    long last = rows.size() == 0 ? 0 : rows.iterator().next().getLong("last_seq");
                    long cursor = Math.min(last, Math.max(0, from - 1));
                    return tx.preparedQuery("update relay_position set last_seq = $2 where topic = $1")
                            .execute(tuple(topic, cursor))
                            .replaceWith(last - cursor);
                }));
    }

    @Override
    public Uni<Void> stop() {
        return lease.release();
    }
}
