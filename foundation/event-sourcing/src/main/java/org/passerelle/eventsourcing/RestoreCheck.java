package org.passerelle.eventsourcing;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Whether this log is the one that others know. A database restored from a backup has forgotten positions that were
 * published; giving them again to other events would make every consumer pass over those. So whoever begins to give
 * positions first looks at the end of the service's own topic and asks the witnesses what they remember, and a log that
 * lies behind the topic, or that a witness contradicts, does nothing more until an operator adopts it ({@link
 * Restore#adopt}). A witness that gives no answer holds up nothing.
 */
public final class RestoreCheck {

    private static final Logger LOG = Logger.getLogger(RestoreCheck.class);

    /** A look that was not satisfied is not repeated sooner. */
    private static final Duration BETWEEN = Duration.ofSeconds(2);

    /** Between two questions to the witnesses while all is well. */
    private static final Duration ASK = Duration.ofSeconds(10);

    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    /** What a look found. */
    public sealed interface Verdict {

        /** Whether nothing may be taken, ordered or published until an operator has adopted this log. */
        default boolean stops() {
            return switch (this) {
                case Unknown unknown -> false;
                case Sound sound -> false;
                case Behind behind -> true;
                case Contradicted contradicted -> true;
            };
        }

        /** Nobody looked yet, or the topic could not be read. Commands may be taken; they wait for their position. */
        record Unknown() implements Verdict {}

        /** The log is at least as far as anything that was published from it. */
        record Sound() implements Verdict {}

        /**
         * The log is behind its own topic.
         *
         * @param lastSeq the log's head
         * @param told    a position that the topic knows of
         */
        record Behind(long lastSeq, long told) implements Verdict {}

        /**
         * A witness holds a checkpoint with this log's own signature of a history that this database does not hold: it was
         * set back, or rewritten.
         *
         * @param lastSeq the log's head
         * @param told    how many events the checkpoint covers
         */
        record Contradicted(long lastSeq, long told, String witness) implements Verdict {}
    }

    private final Pool pool;
    private final String service;
    private final List<String> topics;
    private final TopicTail tail;
    private final Supplier<Uni<List<Recollection.Remembered>>> witnesses;
    private volatile Verdict last = new Verdict.Unknown();
    private volatile long seen;
    private volatile long lookedAt = System.nanoTime() - BETWEEN.toNanos();
    private volatile long askedAt = lookedAt;

    /** Of a log that nobody witnesses. */
    public RestoreCheck(Pool pool, String service, List<String> topics, TopicTail tail) {
        this(pool, service, topics, tail, () -> Uni.createFrom().item(List.of()));
    }

    /**
     * @param topics    the service's own; none for a service that publishes nothing
     * @param witnesses what they remember, see {@link Recollection#ask}
     */
    public RestoreCheck(
            Pool pool,
            String service,
            List<String> topics,
            TopicTail tail,
            Supplier<Uni<List<Recollection.Remembered>>> witnesses) {
        this.pool = pool;
        this.witnesses = witnesses;
        this.service = service;
        this.topics = List.copyOf(topics);
        this.tail = tail;
    }

    /** What the last look found. */
    public Verdict verdict() {
        return last;
    }

    /** Whether positions may be given: looks now, but no sooner than {@code 2 s} after a look that was not satisfied. */
    public Uni<Boolean> sound() {
        if (!(last instanceof Verdict.Sound) && System.nanoTime() - lookedAt < BETWEEN.toNanos()) {
            return Uni.createFrom().item(false);
        }
        return look().map(verdict -> verdict instanceof Verdict.Sound);
    }

    /**
     * To be called every second or so: looks again after a look that was not satisfied, and when the log went back; asks
     * the witnesses every {@code 10 s}.
     */
    public Uni<Verdict> watch() {
        return lives(pool).flatMap(lives -> {
            boolean back = lives.lastSeq() < seen;
            seen = lives.lastSeq();
            if (back) {
                return look();
            }
            return last instanceof Verdict.Sound ? ask() : sound().map(sound -> last);
        });
    }

    private Uni<Verdict> ask() {
        if (System.nanoTime() - askedAt < ASK.toNanos()) {
            return Uni.createFrom().item(last);
        }
        return contradiction()
                .flatMap(found -> found.isEmpty() ? Uni.createFrom().item(last) : remember(found.get()));
    }

    /** Reads the topic's end, then the log's head: in this order a leader at work elsewhere does no harm. */
    public Uni<Verdict> look() {
        return topic().flatMap(topic -> topic instanceof Verdict.Behind
                        ? Uni.createFrom().item(topic)
                        : contradiction().map(found -> found.orElse(topic)))
                .onFailure()
                .recoverWithItem(this::unseen)
                .flatMap(this::remember);
    }

    private Uni<Verdict> topic() {
        return Uni.createFrom()
                .item(this::ends)
                .runSubscriptionOn(THREADS)
                .flatMap(ends -> lives(pool).map(lives -> judge(service, ends, lives)))
                .onFailure()
                .recoverWithItem(this::unseen);
    }

    private Verdict unseen(Throwable failure) {
        LOG.warnf(
                "whether the log of %s is whole could not be seen: %s",
                service, failure.getClass().getName());
        return new Verdict.Unknown();
    }

    private Uni<Optional<Verdict>> contradiction() {
        askedAt = System.nanoTime();
        return witnesses
                .get()
                .flatMap(told -> Contradictions.note(pool, service, told))
                .chain(() -> Contradictions.standing(pool, service))
                .flatMap(standing -> lives(pool)
                        .map(lives -> standing.stream()
                                .findFirst()
                                .map(one -> new Verdict.Contradicted(
                                        lives.lastSeq(), one.checkpoint().size(), one.witness()))));
    }

    private List<TopicTail.Told> ends() {
        List<TopicTail.Told> ends = new ArrayList<>();
        topics.forEach(topic -> ends.addAll(tail.ends(topic)));
        return ends;
    }

    private Uni<Verdict> remember(Verdict found) {
        lookedAt = System.nanoTime();
        boolean news = !found.equals(last);
        last = found;
        switch (found) {
            case Verdict.Unknown unknown -> {}
            case Verdict.Sound sound -> {}
            case Verdict.Behind behind -> {
                if (news) {
                    LOG.errorf(
                            "the log of %s ends at %d, but its topic knows of %d: the database was restored. Nothing is"
                                    + " taken, ordered or published until an operator runs: passerelle ctl"
                                    + " adopt-restore %s",
                            service, behind.lastSeq(), behind.told(), service);
                }
            }
            case Verdict.Contradicted contradicted -> {
                if (news) {
                    LOG.errorf(
                            "%s holds a checkpoint of %d events with the signature of %s that its database contradicts:"
                                    + " it was set back, or rewritten. Nothing is taken, ordered or published until an"
                                    + " operator runs: passerelle ctl adopt-restore %s. See docs/proof.md",
                            contradicted.witness(), contradicted.told(), service, service);
                }
            }
        }
        return Uni.createFrom().item(found);
    }

    /** The epochs of this log, oldest first, and its head. */
    record Lives(List<UUID> epochs, long lastSeq) {
        UUID origin() {
            return epochs.getFirst();
        }

        UUID current() {
            return epochs.getLast();
        }
    }

    static Uni<Lives> lives(io.vertx.mutiny.sqlclient.SqlClient client) {
        return client.query("select e.epoch, h.last_seq from log_epoch e cross join log_head h order by e.number")
                .execute()
                .map(rows -> {
                    List<UUID> epochs = new ArrayList<>();
                    long head = 0;
                    for (var row : rows) {
                        epochs.add(row.getUUID("epoch"));
                        head = row.getLong("last_seq");
                    }
                    return new Lives(epochs, head);
                });
    }

    /** Pure: what these records say of a log with these lives. */
    static Verdict judge(String service, List<TopicTail.Told> ends, Lives lives) {
        Set<UUID> known = new HashSet<>(lives.epochs());
        long told = 0;
        boolean behind = false;
        for (TopicTail.Told end : ends) {
            LogMark mark = end.mark();
            long head = mark == null ? end.sequence() : mark.head();
            boolean ours = mark == null
                    ? end.source().equals(Relay.source(service, lives.current()))
                    : mark.epoch().equals(lives.current());
            // A life of this log that the restored database has never heard of.
            boolean later = mark != null && mark.origin().equals(lives.origin()) && !known.contains(mark.epoch());
            if (later || ours && head > lives.lastSeq()) {
                behind = true;
                told = Math.max(told, head);
            }
        }
        return behind ? new Verdict.Behind(lives.lastSeq(), told) : new Verdict.Sound();
    }
}
