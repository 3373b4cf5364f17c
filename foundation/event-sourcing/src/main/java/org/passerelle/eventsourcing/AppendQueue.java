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
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets concurrent appends share transactions: while all lanes are at work the next appends gather, and go together when
 * one is free; so nobody waits for company, and the busier the store, the fewer commits an append costs. What shares a
 * stream or a receipt with something under way waits for its end, in order. A transaction that fails is rolled back and
 * each of its appends is tried alone. Full, it refuses instead of growing.
 */
final class AppendQueue {

    /** Transactions at a time. More make batches smaller, fewer leave the disk idle between commits. */
    static final int LANES = 2;

    /** Appends in one transaction. */
    static final int BATCH = 64;

    private static final int BATCH_BYTES = 1_000_000;

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

    private final LinkedList<Waiting> waiting = new LinkedList<>();
    private final Set<Object> underWay = new HashSet<>();
    private long waitingBytes;
    private int lanesAtWork;
    private final Deque<Waiting> waitingAlone = new ArrayDeque<>();
    private int alone;

    private final int room;

    AppendQueue(Pool pool, Appender appender, Runnable onAppended) {
        this(pool, appender, onAppended, WAITING);
    }

    /**
     * @param room for how many waiting appends
     */
    AppendQueue(Pool pool, Appender appender, Runnable onAppended, int room) {
        this.pool = pool;
        this.appender = appender;
        this.onAppended = onAppended;
        this.room = room;
    }

    private record Waiting(
            Append append,
            Set<Object> keys,
            long bytes,
            UniEmitter<? super Appended> caller,
            @Nullable Context context) {

        static Waiting of(Append append, UniEmitter<? super Appended> caller) {
            Set<Object> keys = new HashSet<>();
            append.streams().forEach(stream -> keys.add(stream.stream()));
            Receipt receipt = append.receipt();
            if (receipt != null) {
                keys.add(receipt.key());
            }
            return new Waiting(append, keys, append.bytes(), caller, Vertx.currentContext());
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

        void fail(Throwable failure) {
            answer(() -> caller.fail(failure));
        }
    }

    /**
     * @return failing with {@link AppendRejected}, {@link AlreadyAnswered}, or what a projection threw
     */
    Uni<Appended> append(Append append) {
        return Uni.createFrom().emitter(caller -> {
            Waiting one = Waiting.of(append, caller);
            synchronized (this) {
                if (waiting.size() >= room || waitingBytes + one.bytes() > WAITING_BYTES) {
                    one.fail(new AppendRejected.Unavailable("too many appends wait", null));
                    return;
                }
                waiting.add(one);
                waitingBytes += one.bytes();
            }
            startLanes();
        });
    }

    private void startLanes() {
        List<Waiting> batch;
        while (!(batch = nextBatch()).isEmpty()) {
            run(batch);
        }
    }

    /** What can go now without meeting anything under way; nothing when the lanes are full. */
    private synchronized List<Waiting> nextBatch() {
        List<Waiting> batch = new ArrayList<>();
        if (lanesAtWork >= LANES) {
            return batch;
        }
        // What must wait holds back what came later for the same stream.
        Set<Object> heldBack = new HashSet<>();
        long bytes = 0;
        for (Iterator<Waiting> all = waiting.iterator();
                all.hasNext() && batch.size() < BATCH && bytes < BATCH_BYTES; ) {
            Waiting one = all.next();
            if (one.keys().stream().anyMatch(key -> underWay.contains(key) || heldBack.contains(key))) {
                heldBack.addAll(one.keys());
                continue;
            }
            all.remove();
            waitingBytes -= one.bytes();
            bytes += one.bytes();
            underWay.addAll(one.keys());
            batch.add(one);
        }
        if (!batch.isEmpty()) {
            lanesAtWork++;
        }
        return batch;
    }

    private void run(List<Waiting> batch) {
        Uni.createFrom()
                .deferred(() -> appender.commit(
                        pool, batch.stream().map(Waiting::append).toList(), Appender.Patience.SHORT))
                .subscribe()
                .with(verdicts -> committed(batch, verdicts), failure -> rolledBack(batch, failure));
    }

    private void committed(List<Waiting> batch, List<Appender.Verdict> verdicts) {
        endLane(batch);
        onAppended.run();
        for (int i = 0; i < batch.size(); i++) {
            Waiting one = batch.get(i);
            if (verdicts.get(i) instanceof Appender.Verdict.Stored stored) {
                one.complete(stored.appended());
            } else {
                appender.appended(pool, one.append(), verdicts.get(i))
                        .subscribe()
                        .with(one::complete, failure -> one.fail(AppendRejected.why(failure, one.append())));
            }
        }
    }

    /** The lane goes on with others; what is tried alone keeps its streams until it has ended. */
    private void rolledBack(List<Waiting> batch, Throwable failure) {
        synchronized (this) {
            lanesAtWork--;
        }
        for (Waiting one : batch) {
            Throwable why = AppendRejected.why(failure, one.append());
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
        return why instanceof AppendRejected.UnknownOutcome && one.append().receipt() != null
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
                .deferred(() -> appender.commit(pool, List.of(one.append()), Appender.Patience.LONG))
                .flatMap(verdicts -> appender.appended(pool, one.append(), verdicts.getFirst()))
                .onFailure()
                .transform(failure -> AppendRejected.why(failure, one.append()))
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
            underWay.removeAll(one.keys());
        }
        startLanes();
    }

    private void endLane(List<Waiting> batch) {
        synchronized (this) {
            lanesAtWork--;
            batch.forEach(one -> underWay.removeAll(one.keys()));
        }
        startLanes();
    }
}
