package org.passerelle.eventsourcing;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The log from a position on and then as it grows, for ever. Reading what is old and waiting for what is new are the
 * same read from the same cursor, so there is no hand-over at which an event could be lost or come twice.
 *
 * <p>A subscriber that asks for nothing makes it read nothing: at most one page of {@value #PAGE} positions is held for
 * each. New entries come at the sequencer's signal, at the latest after 50 ms. Trouble of infrastructure is waited out;
 * whatever else fails ends the stream.
 */
public final class LogTail {

    static final int PAGE = 1_000;
    private static final Duration IDLE = Duration.ofMillis(50);
    private static final Duration FIRST_PATIENCE = Duration.ofMillis(50);
    private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(2);

    private final Pool pool;
    private final LogSignal signal;

    public LogTail(Pool pool, LogSignal signal) {
        this.pool = pool;
        this.signal = signal;
    }

    /** @param after the last position already seen, 0 for all */
    public Multi<LogEntry> from(long after) {
        return from(after, Set.of());
    }

    /** @param categories of streams whose events are wanted; empty for all */
    public Multi<LogEntry> from(long after, Set<String> categories) {
        return Multi.createBy()
                .repeating()
                .uni(() -> new AtomicLong(after), cursor -> next(cursor, categories))
                .indefinitely()
                .onItem()
                .transformToMultiAndConcatenate(page -> Multi.createFrom().iterable(page.entries()));
    }

    /** The next page; after a wait an empty one, so that nothing piles up however long there is nothing new. */
    private Uni<LogPage> next(AtomicLong cursor, Set<String> categories) {
        return Uni.createFrom().deferred(() -> {
            long heard = signal.heard();
            return EventLog.read(pool, cursor.get(), PAGE, categories)
                    .onFailure(Infrastructure::isTrouble)
                    .retry()
                    .withBackOff(FIRST_PATIENCE, LONGEST_PATIENCE)
                    .indefinitely()
                    .call(page -> page.upTo() == cursor.get()
                            ? signal.after(heard, IDLE)
                            : Uni.createFrom().voidItem())
                    .invoke(page -> cursor.set(page.upTo()));
        });
    }
}
