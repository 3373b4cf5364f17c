package org.passerelle.eventsourcing;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.mutiny.pgclient.PgConnection;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Hears the sequencer's NOTIFY on one connection of the pool, which must not be a transaction pooler's. Only a hint:
 * whoever waits for it also has a limit of patience, so a lost connection makes readers slower and never wrong. Run it
 * in a {@link Loop}, which brings a lost connection back.
 */
public final class LogSignal implements Loop.Step {

    private final Pool pool;
    private final AtomicLong heard = new AtomicLong();
    private final Set<UniEmitter<? super Void>> waiting = ConcurrentHashMap.newKeySet();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable SqlConnection connection;

    public LogSignal(Pool pool) {
        this.pool = pool;
    }

    /** Called at every signal, on a thread that must not be blocked. */
    public void onSignal(Runnable listener) {
        listeners.add(listener);
    }

    /** How many signals there have been; asked before a read, so that one during the read is not missed. */
    long heard() {
        return heard.get();
    }

    /** Ends at the first signal after that many, which may have been already, or when patience does. */
    Uni<Void> after(long seen, Duration patience) {
        return Uni.createFrom()
                .<Void>emitter(emitter -> {
                    waiting.add(emitter);
                    emitter.onTermination(() -> waiting.remove(emitter));
                    if (heard.get() != seen) {
                        emitter.complete(null);
                    }
                })
                .ifNoItem()
                .after(patience)
                .recoverWithUni(Uni.createFrom().voidItem());
    }

    /** There may be more in the log. */
    void signal() {
        heard.incrementAndGet();
        listeners.forEach(Runnable::run);
        waiting.forEach(emitter -> emitter.complete(null));
    }

    @Override
    public Uni<Integer> step() {
        if (connection != null) {
            return Uni.createFrom().item(0);
        }
        return pool.getConnection().flatMap(taken -> {
            PgConnection listening = PgConnection.cast(taken);
            listening.notificationHandler(notification -> signal());
            taken.closeHandler(() -> connection = null);
            connection = taken;
            return taken.query("listen " + Sequencer.CHANNEL)
                    .execute()
                    .replaceWith(0)
                    .onFailure()
                    .call(() -> {
                        connection = null;
                        return taken.close();
                    });
        });
    }

    @Override
    public Uni<Void> stop() {
        SqlConnection open = connection;
        connection = null;
        // Another borrower of the connection must not inherit the subscription.
        return open == null
                ? Uni.createFrom().voidItem()
                : open.query("unlisten *").execute().chain(open::close);
    }
}
