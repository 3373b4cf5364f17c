package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Publishes the log on a topic, in order per key, at least once. Reads from its committed cursor, sends, and moves the cursor
 * over what the broker has acknowledged. Never has two records of one key under way at once, so that a failed one
 * cannot be overtaken by its successor; stops at the first failure and begins again from the cursor.
 */
public final class Relay implements Loop.Step {

    private static final int BATCH = 500;

    private static final String CURSOR = "coalesce((select last_seq from relay_position where topic = $1), 0)";

    /** Sends records to a topic; the returned item means that the broker has them. */
    public interface Sender {
        Uni<Void> send(List<Outgoing> wave);
    }

    /**
     * A public event ready to go.
     *
     * @param source   the sender and the epoch that gave the position
     * @param sequence the position under which others know it
     * @param mark     how far the log has come
     */
    public record Outgoing(
            String topic, String source, long sequence, LogMark mark, LogEntry entry, PublicEvent event) {}

    /** A log entry with its name towards others. */
    private record Named(LogEntry entry, UUID epoch, long sequence) {}

    /** What was read at once, from where, with the state of the log at that moment. */
    private record Page(long cursor, List<Named> entries, LogMark mark) {}

    private final Pool pool;
    private final Lease lease;
    private final String topic;
    private final String service;
    private final Function<StoredEvent, Optional<PublicEvent>> translate;
    private final Sender sender;
    private final Leadership leadership;
    private final Function<List<StoredEvent>, Uni<List<StoredEvent>>> open;

    /** A relay to where nobody remembers positions. */
    public Relay(
            Pool pool,
            String topic,
            String service,
            Function<StoredEvent, Optional<PublicEvent>> translate,
            Sender sender) {
        this(pool, topic, service, translate, sender, () -> Uni.createFrom().item(true));
    }

    /**
     * @param service   name in the source of its events, e.g. {@code referral}
     * @param translate which events go out, and how
     * @param mayBegin  asked at the beginning of each leadership, see {@link RestoreCheck#sound}: what a restored log
     *     sends again would cover the traces by which its restore is seen
     */
    public Relay(
            Pool pool,
            String topic,
            String service,
            Function<StoredEvent, Optional<PublicEvent>> translate,
            Sender sender,
            Supplier<Uni<Boolean>> mayBegin) {
        this(pool, topic, service, translate, sender, mayBegin, Uni.createFrom()::item);
    }

    /**
     * @param open finds the keys of what is sealed in events that go out, see {@link EventStore#opened}
     */
    public Relay(
            Pool pool,
            String topic,
            String service,
            Function<StoredEvent, Optional<PublicEvent>> translate,
            Sender sender,
            Supplier<Uni<Boolean>> mayBegin,
            Function<List<StoredEvent>, Uni<List<StoredEvent>>> open) {
        this.open = open;
        this.pool = pool;
        this.lease = new Lease(pool, "relay " + topic);
        this.leadership = new Leadership(lease, mayBegin);
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
        return leadership
                .leads()
                .flatMap(leads -> leads ? publish() : Uni.createFrom().item(0))
                .onFailure()
                .invoke(leadership::lookAgain)
                .onFailure(Lease.Lost.class)
                .recoverWithItem(0);
    }

    private Uni<Integer> publish() {
        return read().flatMap(this::opened).flatMap(page -> {
            if (page.isEmpty()) {
                return Uni.createFrom().item(0);
            }
            leadership.sawHead(page.get().mark().head());
            List<Named> entries = page.get().entries();
            return send(waves(page.get()))
                    .chain(() -> move(
                            page.get().cursor(),
                            entries.getLast().entry().seq(),
                            page.get().mark().epoch()))
                    .replaceWith(entries.size());
        });
    }

    private Uni<Optional<Page>> opened(Optional<Page> page) {
        if (page.isEmpty()) {
            return Uni.createFrom().item(page);
        }
        List<Named> entries = page.get().entries();
        return open.apply(entries.stream().map(one -> one.entry().event()).toList())
                .map(events -> {
                    List<Named> opened = new ArrayList<>(entries.size());
                    for (int i = 0; i < entries.size(); i++) {
                        Named one = entries.get(i);
                        opened.add(
                                new Named(new LogEntry(one.entry().seq(), events.get(i)), one.epoch(), one.sequence()));
                    }
                    return Optional.of(
                            new Page(page.get().cursor(), opened, page.get().mark()));
                });
    }

    /** One statement and so one snapshot: an entry never goes out under an epoch that did not give its position. */
    private Uni<Optional<Page>> read() {
        return pool.preparedQuery("select " + CURSOR + " as cursor, n.seq, n.epoch, n.epoch_seq, h.last_seq as head,"
                        + " h.epoch as now, o.epoch as origin, " + Rows.EVENT_COLUMNS
                        + " from log_name n join event e on e.id = n.id"
                        + " cross join log_head h cross join (select epoch from log_epoch where number = 1) o"
                        + " where n.seq > " + CURSOR + " order by n.seq limit " + BATCH)
                .execute(tuple(topic))
                .map(rows -> {
                    List<Named> entries = new ArrayList<>(rows.size());
                    long cursor = 0;
                    LogMark mark = null;
                    for (var row : rows) {
                        cursor = row.getLong("cursor");
                        mark = new LogMark(row.getUUID("origin"), row.getUUID("now"), row.getLong("head"));
                        entries.add(new Named(
                                new LogEntry(row.getLong("seq"), Rows.event(row)),
                                row.getUUID("epoch"),
                                row.getLong("epoch_seq")));
                    }
                    return mark == null ? Optional.empty() : Optional.of(new Page(cursor, entries, mark));
                });
    }

    /** The first record of every key, then the second of those that have one, and so on: as few waves as can be. */
    private List<List<Outgoing>> waves(Page page) {
        List<List<Outgoing>> waves = new ArrayList<>();
        Map<String, Integer> times = new HashMap<>();
        for (Named named : page.entries()) {
            translate.apply(named.entry().event()).ifPresent(event -> {
                int wave = times.merge(event.key(), 1, Integer::sum);
                if (waves.size() < wave) {
                    waves.add(new ArrayList<>());
                }
                waves.get(wave - 1)
                        .add(new Outgoing(
                                topic,
                                source(service, named.epoch()),
                                named.sequence(),
                                page.mark(),
                                named.entry(),
                                event));
            });
        }
        return waves;
    }

    /** Keeps the lease meanwhile: where a page takes longer than that, nobody would ever get to its end. */
    private Uni<Void> send(List<List<Outgoing>> waves) {
        Uni<Void> sent = Uni.createFrom().voidItem();
        for (List<Outgoing> wave : waves) {
            sent = sent.chain(() -> sender.send(wave)).chain(lease::hold).map(leads -> {
                if (!leads) {
                    throw new Lease.Lost();
                }
                return null;
            });
        }
        return sent;
    }

    /** Moves the cursor unless somebody has set it back, or leads or lives in our stead, meanwhile. */
    private Uni<Void> move(long from, long to, UUID epoch) {
        return pool.preparedQuery("with held as (" + Lease.HELD + ")"
                        + " insert into relay_position as p (topic, last_seq) select $4, $6"
                        + " where exists (select 1 from held) and exists (select 1 from log_life where epoch = $7)"
                        + " and ($5 = 0 or exists (select 1 from relay_position where topic = $4))"
                        + " on conflict (topic) do update set last_seq = excluded.last_seq where p.last_seq = $5")
                .execute(tuple(lease.name(), lease.holder(), lease.term(), topic, from, to, epoch))
                .replaceWithVoid();
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

    /** Whether this process leads, as far as it knows. */
    public boolean leads() {
        return lease.term() > 0;
    }

    @Override
    public Uni<Void> stop() {
        return lease.release();
    }
}
