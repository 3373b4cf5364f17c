package org.passerelle.eventsourcing;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Lets concurrent appends share transactions: while one is under way the next appends gather, and go together when it
 * has ended and those in it have been answered, who often come again; so nobody waits for company, and the busier the
 * store, the fewer commits an append costs. What shares a stream or a receipt with something under way waits for its end,
 * in order. A transaction that fails is rolled back and each of its appends is tried alone. Full, it refuses instead of
 * growing.
 */
final class AppendQueue {

    /** Transactions at a time; another one only for a full batch, because the fewer there are, the less each append costs. */
    static final int LANES = 4;

    /** Appends in one transaction. */
    static final int BATCH = 64;

    /** So many are company enough not to wait for those who were just answered. */
    private static final int ENOUGH = 16;

    /** For one of those who are answered may have a thread that is held up. */
    static final Duration LONGEST_REST = Duration.ofMillis(1);

    private static final int BATCH_BYTES = 250_000;

    /** What may wait: appends, and bytes of their events. */
    static final int WAITING = 4_096;

    private static final long WAITING_BYTES = 64_000_000;

    /** An unknown outcome is asked for again this often where a receipt makes that harmless; some 5 s in all. */
    private static final int ASK_AGAIN = 8;

    /** Appends at a time that are tried alone; each may hold a connection for some seconds. */
    private static final int ALONE = 6;

    private final Pool pool;
    private final Appender appender;
    private final Runnable onAppended;

    /** What is under way or waits for each stream and receipt, in order; the first may go. */
    private final Map<Object, Deque<Waiting>> lines = new HashMap<>();

    /** First in all of their lines. */
    private final Deque<Waiting> ready = new ArrayDeque<>();

    private int waiting;
    private long waitingBytes;
    private int lanesAtWork;

    /** Lanes whose callers are being answered. */
    private int resting;

    private final Deque<Waiting> waitingAlone = new ArrayDeque<>();
    private int alone;

    private final int room;
    private final Duration longestRest;

    AppendQueue(Pool pool, Appender appender, Runnable onAppended) {
        this(pool, appender, onAppended, WAITING, LONGEST_REST);
    }

    /**
     * @param room for how many waiting appends
     * @param longestRest how long at most others wait for those to come again who were just answered
     */
    AppendQueue(Pool pool, Appender appender, Runnable onAppended, int room, Duration longestRest) {
        this.pool = pool;
        this.appender = appender;
        this.onAppended = onAppended;
        this.room = room;
        this.longestRest = longestRest;
    }

    private static final class Waiting {
        private final Append append;
        private final Set<Object> keys = new HashSet<>();
        private final long bytes;
        private final UniEmitter<? super Appended> caller;
        private final @Nullable Context context = Vertx.currentContext();

        /** In how many of its lines others stand before it. */
        private int behind;

        Waiting(Append append, UniEmitter<? super Appended> caller) {
            this.append = append;
            this.bytes = append.bytes();
            this.caller = caller;
            append.streams().forEach(stream -> keys.add(stream.stream()));
            Receipt receipt = append.receipt();
            if (receipt != null) {
                keys.add(receipt.key());
            }
        }

        /** On the caller's own context, where its request lives. */
        private void answer(Runnable answer) {
            if (context == null) {
                answer.run();
            } else {
                context.runOnContext(ignored -> answer.run());
            }
        }

        void complete(Appended appended) {
            answer(() -> caller.complete(appended));
        }

        /** @param then when the caller has had the answer, and perhaps come again */
        void complete(Appended appended, Runnable then) {
            answer(() -> {
                try {
                    caller.complete(appended);
                } finally {
                    then.run();
                }
            });
        }

        void fail(Throwable failure) {
            answer(() -> caller.fail(failure));
        }
    }

    /**
     * @return failing with {@link AppendRejected}, {@link AlreadyAnswered}, or what a projection threw
     */
    Uni<Appended> append(Append append) {
        return Uni.createFrom().emitter(caller -> {
            Waiting one = new Waiting(append, caller);
            if (lineUp(one)) {
                startLanes();
            } else {
                one.fail(new AppendRejected.Unavailable("too many appends wait", null));
            }
        });
    }

    private synchronized boolean lineUp(Waiting one) {
        if (waiting >= room || waitingBytes + one.bytes > WAITING_BYTES) {
            return false;
        }
        waiting++;
        waitingBytes += one.bytes;
        for (Object key : one.keys) {
            Deque<Waiting> line = lines.computeIfAbsent(key, first -> new ArrayDeque<>(2));
            if (!line.isEmpty()) {
                one.behind++;
            }
            line.add(one);
        }
        if (one.behind == 0) {
            ready.add(one);
        }
        return true;
    }

    private void leave(Waiting one) {
        for (Object key : one.keys) {
            Deque<Waiting> line = Objects.requireNonNull(lines.get(key));
            line.remove();
            Waiting next = line.peek();
            if (next == null) {
                lines.remove(key);
            } else if (--next.behind == 0) {
                ready.add(next);
            }
        }
    }

    private void startLanes() {
        List<Waiting> batch;
        while (!(batch = nextBatch()).isEmpty()) {
            run(batch);
        }
    }

    /** What can go now without meeting anything under way; nothing when it had better wait. */
    private synchronized List<Waiting> nextBatch() {
        List<Waiting> batch = new ArrayList<>();
        boolean full = ready.size() >= BATCH || waitingBytes >= BATCH_BYTES;
        boolean enough = full || ready.size() >= ENOUGH;
        if (lanesAtWork >= LANES || lanesAtWork > 0 && !full || resting > 0 && !enough) {
            return batch;
        }
        long bytes = 0;
        while (!ready.isEmpty() && batch.size() < BATCH && bytes < BATCH_BYTES) {
            Waiting one = ready.remove();
            waiting--;
            waitingBytes -= one.bytes;
            bytes += one.bytes;
            batch.add(one);
        }
        if (!batch.isEmpty()) {
            lanesAtWork++;
            // As they are locked; in this order they may be one plain statement.
            batch.sort(Comparator.comparing(one -> one.append.streams().isEmpty()
                    ? ""
                    : one.append.streams().getFirst().stream().text()));
        }
        return batch;
    }

    private void run(List<Waiting> batch) {
        Uni.createFrom()
                .deferred(() -> appender.commit(
                        pool, batch.stream().map(one -> one.append).toList(), Appender.Patience.SHORT))
                .subscribe()
                .with(verdicts -> committed(batch, verdicts), failure -> rolledBack(batch, failure));
    }

    private void committed(List<Waiting> batch, List<Appender.Verdict> verdicts) {
        Rest rest = new Rest(batch.size());
        endLane(batch, rest);
        onAppended.run();
        for (int i = 0; i < batch.size(); i++) {
            Waiting one = batch.get(i);
            if (verdicts.get(i) instanceof Appender.Verdict.Stored stored) {
                one.complete(stored.appended(), rest::answered);
            } else {
                rest.answered();
                appender.appended(pool, one.append, verdicts.get(i))
                        .subscribe()
                        .with(one::complete, failure -> one.fail(AppendRejected.why(failure, one.append)));
            }
        }
    }

    /** The lane goes on with others; what is tried alone keeps its streams until it has ended. */
    private void rolledBack(List<Waiting> batch, Throwable failure) {
        synchronized (this) {
            lanesAtWork--;
        }
        for (Waiting one : batch) {
            Throwable why = AppendRejected.why(failure, one.append);
            boolean tooImpatient = why instanceof AppendRejected.InFlight || isHeld(why);
            boolean blamedForAnother = batch.size() > 1 && !(why instanceof AppendRejected.UnknownOutcome);
            if (tooImpatient || blamedForAnother || worthAnotherTry(why, one)) {
                tryAlone(one);
            } else {
                one.fail(why);
                end(one);
            }
        }
        startLanes();
    }

    private static boolean isHeld(Throwable why) {
        return why instanceof AppendRejected.Unavailable && Appender.isLockTimeout(why.getCause());
    }

    /** A receipt tells on the next try what the last one came to; a deadlock or a vanished stream passes. */
    private static boolean worthAnotherTry(Throwable why, Waiting one) {
        return why instanceof AppendRejected.UnknownOutcome && one.append.receipt() != null
                || why instanceof AppendRejected.Unavailable
                        && why.getCause() instanceof PgException postgres
                        && String.valueOf(postgres.getSqlState()).startsWith("40");
    }

    private void tryAlone(Waiting one) {
        synchronized (this) {
            if (alone >= ALONE) {
                waitingAlone.add(one);
                return;
            }
            alone++;
        }
        Uni.createFrom()
                .deferred(() -> appender.commit(pool, List.of(one.append), Appender.Patience.LONG))
                .flatMap(verdicts -> appender.appended(pool, one.append, verdicts.getFirst()))
                .onFailure()
                .transform(failure -> AppendRejected.why(failure, one.append))
                .onFailure(failure -> worthAnotherTry(failure, one))
                .retry()
                .withBackOff(Duration.ofMillis(20), Duration.ofSeconds(1))
                .atMost(ASK_AGAIN)
                .subscribe()
                .with(
                        appended -> {
                            onAppended.run();
                            one.complete(appended);
                            endAlone(one);
                        },
                        failure -> {
                            // The retry wraps the last failure when it gives up.
                            one.fail(
                                    failure instanceof IllegalStateException && failure.getCause() != null
                                            ? failure.getCause()
                                            : failure);
                            endAlone(one);
                        });
    }

    private void endAlone(Waiting one) {
        Waiting next;
        synchronized (this) {
            alone--;
            next = waitingAlone.poll();
        }
        if (next != null) {
            tryAlone(next);
        }
        end(one);
    }

    private void end(Waiting one) {
        synchronized (this) {
            leave(one);
        }
        startLanes();
    }

    private void endLane(List<Waiting> batch, Rest rest) {
        synchronized (this) {
            lanesAtWork--;
            batch.forEach(this::leave);
            rest.begin();
        }
        startLanes();
    }

    /**
     * The time in which those are answered who shared a transaction. Whoever comes first again would otherwise go alone
     * and leave the others to share the next one, for ever by turns: twice the transactions.
     */
    private final class Rest {
        private final AtomicInteger unanswered;

        Rest(int answers) {
            unanswered = new AtomicInteger(answers);
        }

        /** One alone has nobody to wait for. */
        void begin() {
            Context here = Vertx.currentContext();
            if (unanswered.get() > 1 && here != null) {
                resting++;
                here.owner().setTimer(longestRest.toMillis(), timer -> {
                    if (unanswered.getAndSet(0) > 0) {
                        end();
                    }
                });
            } else {
                unanswered.set(0);
            }
        }

        void answered() {
            if (unanswered.getAndUpdate(n -> Math.max(0, n - 1)) == 1) {
                end();
            }
        }

        private void end() {
            synchronized (AppendQueue.this) {
                resting--;
            }
            startLanes();
        }
    }
}
