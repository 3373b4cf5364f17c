package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Begins another life of a log whose database was restored to an earlier moment. Positions that the log still has keep
 * the epoch that gave them; those it gives from now on belong to a new one. Events that were published before and that
 * the restored database holds as pending keep their old names, so that nobody takes them in twice. Published events that
 * are gone are listed.
 */
public final class Restore {

    /** Clocks of the service's machines and of the database's may differ by so much. */
    private static final Duration CLOCKS = Duration.ofHours(1);

    private static final int ROWS = 1_000;
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    private final Pool pool;
    private final String service;
    private final List<String> topics;
    private final TopicTail tail;
    private final Function<StoredEvent, Optional<PublicEvent>> translate;

    /** @param translate as the relays of these topics do */
    public Restore(
            Pool pool,
            String service,
            List<String> topics,
            TopicTail tail,
            Function<StoredEvent, Optional<PublicEvent>> translate) {
        this.pool = pool;
        this.service = service;
        this.topics = List.copyOf(topics);
        this.tail = tail;
        this.translate = translate;
    }

    /** A published event that the log no longer has. Others may have acted upon it. */
    public record Lost(String topic, UUID epoch, long sequence, String key, String id, String type, Instant time) {}

    /**
     * @param epoch    the new one
     * @param firstSeq its first position
     * @param kept     pending events that had been published before, now placed under their old names
     * @param lost     what was published and is gone, by case and in order
     * @param witnessed how many events a witness had seen of what this database does not hold; 0 where none contradicted
     */
    public record Adopted(UUID epoch, long firstSeq, long kept, List<Lost> lost, long witnessed) {}

    /** The log lies behind nothing that was published, and no witness contradicts it: there is nothing to adopt. */
    public static final class NothingToAdopt extends RuntimeException {
        NothingToAdopt() {
            super("nothing to adopt", null, false, false);
        }
    }

    /**
     * @param by the operator's account, kept with the new epoch
     * @return failing with {@link NothingToAdopt}, or as infrastructure does when the topic cannot be read
     */
    public Uni<Adopted> adopt(String by) {
        return Uni.createFrom()
                .item(() -> topics.stream()
                        .flatMap(topic -> tail.ends(topic).stream())
                        .toList())
                .runSubscriptionOn(THREADS)
                .flatMap(ends -> Contradictions.standing(pool, service)
                        .flatMap(against -> RestoreCheck.lives(pool).flatMap(lives -> {
                            if (against.isEmpty()
                                    && !RestoreCheck.judge(service, ends, lives).stops()) {
                                throw new NothingToAdopt();
                            }
                            return newest().emitOn(THREADS).map(newest -> beyond(lives, ends, against, newest));
                        })))
                .flatMap(beyond -> pool.withTransaction(tx -> adopt(tx, beyond, by)));
    }

    private Uni<Optional<Instant>> newest() {
        return pool.query("select max(last_recorded_at) as at from stream")
                .execute()
                .map(rows -> Optional.ofNullable(rows.iterator().next().getOffsetDateTime("at"))
                        .map(at -> at.toInstant()));
    }

    /**
     * @param undone lives of this log that it has never heard of
     * @param found  what the topic tells beyond the log, one entry per position, ascending
     * @param witnessed as in {@link Adopted}
     */
    private record Beyond(RestoreCheck.Lives lives, Set<UUID> undone, List<Found> found, long witnessed) {}

    private record Found(TopicTail.Told told, UUID epoch) {}

    private Beyond beyond(
            RestoreCheck.Lives lives,
            List<TopicTail.Told> ends,
            List<Recollection.Remembered> against,
            Optional<Instant> newest) {
        Set<UUID> known = new HashSet<>(lives.epochs());
        Set<UUID> undone = new LinkedHashSet<>();
        against.stream()
                .map(one -> Contradictions.epoch(service, one.checkpoint()))
                .flatMap(Optional::stream)
                .filter(epoch -> !known.contains(epoch))
                .forEach(undone::add);
        ends.stream().map(TopicTail.Told::mark).forEach(mark -> {
            if (mark != null && mark.origin().equals(lives.origin()) && !known.contains(mark.epoch())) {
                undone.add(mark.epoch());
            }
        });
        Map<String, Found> found = new HashMap<>();
        Instant from = newest.map(at -> at.minus(CLOCKS)).orElse(null);
        for (String topic : topics) {
            tail.since(topic, from, told -> {
                UUID epoch = epoch(told.source());
                LogMark mark = told.mark();
                boolean gone = epoch != null
                        && (epoch.equals(lives.current())
                                ? told.sequence() > lives.lastSeq()
                                : !known.contains(epoch)
                                        && mark != null
                                        && mark.origin().equals(lives.origin()));
                if (gone && epoch != null) {
                    if (!known.contains(epoch)) {
                        undone.add(epoch);
                    }
                    found.putIfAbsent(topic + " " + told.id(), new Found(told, epoch));
                }
            });
        }
        List<Found> ordered = new ArrayList<>(found.values());
        // An unknown epoch came after the current one, whose positions it went on from.
        ordered.sort(Comparator.comparingLong(one -> one.told().sequence()));
        long witnessed =
                against.stream().mapToLong(one -> one.checkpoint().size()).max().orElse(0);
        return new Beyond(lives, undone, ordered, witnessed);
    }

    private @Nullable UUID epoch(String source) {
        String prefix = "urn:passerelle:" + service + ":";
        try {
            return source.startsWith(prefix) ? UUID.fromString(source.substring(prefix.length())) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private Uni<Adopted> adopt(SqlConnection tx, Beyond beyond, String by) {
        UUID epoch = UUID.randomUUID();
        // Reading what is pending may take longer than an append may.
        return tx.query("set local transaction_timeout = '10min'")
                .execute()
                .chain(() -> tx.query("select 1 from log_life for update").execute())
                .chain(() -> tx.query("select last_seq, epoch from log_head").execute())
                .invoke(rows -> {
                    var head = rows.iterator().next();
                    if (head.getLong("last_seq") != beyond.lives().lastSeq()
                            || !head.getUUID("epoch").equals(beyond.lives().current())) {
                        // Somebody else adopted it meanwhile.
                        throw new NothingToAdopt();
                    }
                })
                // Whoever led an earlier life leads no more.
                .chain(() -> tx.query("update lease set holder = gen_random_uuid(), term = term + 1,"
                                + " expires_at = clock_timestamp()")
                        .execute())
                .chain(() -> pending(tx))
                .flatMap(pending -> {
                    long head = beyond.lives().lastSeq();
                    Placing placing = placing(pending, beyond.found(), head);
                    return undone(tx, beyond.undone())
                            .chain(() -> tx.preparedQuery("insert into log_epoch (number, epoch, first_seq, opened_by)"
                                            + " select max(number) + 1, $1, $2, $3 from log_epoch")
                                    .execute(tuple(epoch, head + 1, by)))
                            .chain(() -> place(tx, placing, head))
                            .chain(() -> tx.preparedQuery("update log_life set epoch = $1")
                                    .execute(tuple(epoch)))
                            .chain(() -> lost(tx, placing.lost()))
                            .chain(() -> tx.query("notify " + Sequencer.CHANNEL).execute())
                            .replaceWith(new Adopted(
                                    epoch, head + 1, placing.kept().size(), placing.lost(), beyond.witnessed()));
                });
    }

    private static Uni<Void> undone(SqlConnection tx, Set<UUID> epochs) {
        Uni<Void> done = Uni.createFrom().voidItem();
        for (UUID epoch : epochs) {
            done = done.chain(() -> tx.preparedQuery(
                            "insert into log_epoch (number, epoch) select max(number) + 1, $1 from log_epoch")
                    .execute(tuple(epoch))
                    .replaceWithVoid());
        }
        return done;
    }

    private static Uni<List<StoredEvent>> pending(SqlConnection tx) {
        return tx.query("select " + Rows.EVENT_COLUMNS + " from (" + Sequencer.PENDING
                        + ") p join event e on e.id = p.id order by e.id")
                .execute()
                .map(rows -> {
                    List<StoredEvent> events = new ArrayList<>(rows.size());
                    rows.forEach(row -> events.add(Rows.event(row)));
                    return events;
                });
    }

    /**
     * @param order ids of pending events in the order of their new positions
     * @param kept  index in {@code order}, and the name it was published under
     */
    private record Placing(List<Long> order, Map<Integer, Found> kept, List<Lost> lost) {}

    /** What makes two published records the same event; none of it differs between two translations. */
    private record Face(
            String type,
            String subject,
            String key,
            Instant time,
            String correlationId,
            @Nullable String causationId) {}

    /**
     * Recognises pending events that had been published, and orders all of them so that streams keep their order and
     * published ones the order in which they were.
     */
    private Placing placing(List<StoredEvent> pending, List<Found> found, long head) {
        Map<Face, Deque<Found>> told = new HashMap<>();
        for (Found one : found) {
            TopicTail.Told t = one.told();
            told.computeIfAbsent(
                            new Face(t.type(), t.subject(), t.key(), t.time(), t.correlationId(), t.causationId()),
                            face -> new ArrayDeque<>())
                    .add(one);
        }
        record Placed(StoredEvent event, @Nullable Found as, long rank) {}
        List<Placed> placed = new ArrayList<>();
        Map<StreamId, Long> ranks = new HashMap<>();
        Set<Found> kept = new HashSet<>();
        for (StoredEvent event : pending) {
            Found as = translate
                    .apply(event)
                    .map(face -> told.get(new Face(
                            face.type(),
                            face.subject(),
                            face.key(),
                            event.recordedAt(),
                            event.metadata().correlationId(),
                            event.metadata().causationId())))
                    .map(Deque::poll)
                    .orElse(null);
            // One that was not published follows its stream's last one that was.
            long rank = as != null
                    ? Math.max(as.told().sequence(), ranks.getOrDefault(event.stream(), head))
                    : ranks.getOrDefault(event.stream(), head);
            ranks.put(event.stream(), rank);
            placed.add(new Placed(event, as, rank));
            if (as != null) {
                kept.add(as);
            }
        }
        placed.sort(Comparator.comparingLong(Placed::rank)
                .thenComparingLong(one -> one.event().id()));
        List<Long> order = new ArrayList<>();
        Map<Integer, Found> names = new HashMap<>();
        for (Placed one : placed) {
            if (one.as() != null) {
                names.put(order.size(), one.as());
            }
            order.add(one.event().id());
        }
        List<Lost> lost = found.stream()
                .filter(one -> !kept.contains(one))
                .map(one -> new Lost(
                        one.told().topic(),
                        one.epoch(),
                        one.told().sequence(),
                        one.told().key(),
                        one.told().id(),
                        one.told().type(),
                        one.told().time()))
                .sorted(Comparator.comparing(Lost::key).thenComparingLong(Lost::sequence))
                .toList();
        return new Placing(order, names, lost);
    }

    private static Uni<Void> place(SqlConnection tx, Placing placing, long head) {
        Long[] ids = placing.order().toArray(Long[]::new);
        Uni<Void> done = tx.preparedQuery(
                        "insert into log (seq, id) select $1 + n, id from unnest($2::bigint[]) with ordinality as o (id, n)")
                .execute(Tuple.of(head, ids))
                .replaceWithVoid();
        for (int table = 0; table < Appender.PENDING_TABLES; table++) {
            String sql = "delete from pending_" + table + " where id = any ($1)";
            done = done.chain(() -> tx.preparedQuery(sql).execute(Tuple.of(ids)).replaceWithVoid());
        }
        List<Tuple> names = new ArrayList<>();
        placing.kept()
                .forEach((index, as) ->
                        names.add(tuple(head + 1 + index, as.epoch(), as.told().sequence())));
        return done.chain(
                () -> insert(tx, "insert into published_before (seq, epoch, epoch_seq) values ($1, $2, $3)", names));
    }

    private static Uni<Void> lost(SqlConnection tx, List<Lost> lost) {
        return insert(
                tx,
                "insert into lost_event (epoch, epoch_seq, topic, key, event_id, type, told_at)"
                        + " values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
                lost.stream()
                        .map(one -> tuple(
                                one.epoch(),
                                one.sequence(),
                                one.topic(),
                                one.key(),
                                one.id(),
                                one.type(),
                                Rows.utc(one.time())))
                        .toList());
    }

    private static Uni<Void> insert(SqlConnection tx, String sql, List<Tuple> rows) {
        Uni<Void> done = Uni.createFrom().voidItem();
        for (int from = 0; from < rows.size(); from += ROWS) {
            List<Tuple> some = rows.subList(from, Math.min(rows.size(), from + ROWS));
            done = done.chain(() -> tx.preparedQuery(sql).executeBatch(some).replaceWithVoid());
        }
        return done;
    }

    /**
     * What earlier restores lost, newest restore first, then by case and in order.
     *
     * @param limit 1 to 10 000
     */
    public static Uni<List<Lost>> lost(SqlClient client, int limit) {
        return client.preparedQuery("select * from lost_event order by adopted_at desc, key, epoch_seq limit $1")
                .execute(tuple(limit))
                .map(rows -> {
                    List<Lost> lost = new ArrayList<>();
                    rows.forEach(row -> lost.add(new Lost(
                            row.getString("topic"),
                            row.getUUID("epoch"),
                            row.getLong("epoch_seq"),
                            row.getString("key"),
                            row.getString("event_id"),
                            row.getString("type"),
                            row.getOffsetDateTime("told_at").toInstant())));
                    return lost;
                });
    }
}
