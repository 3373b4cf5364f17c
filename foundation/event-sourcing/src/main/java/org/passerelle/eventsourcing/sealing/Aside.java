package org.passerelle.eventsourcing.sealing;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Work that may wait for a key management: never on an event loop. */
final class Aside {

    /** Questions to a key management at a time. */
    private static final int MOST = 32;

    private static final ExecutorService WAITING = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * Threads that stay: Tink makes a source of randomness for each thread, and looks through the class path for it, which
     * takes longer than making a key.
     */
    private static final ExecutorService WORKING = Executors.newFixedThreadPool(
            MOST, Thread.ofPlatform().daemon().name("data keys ", 0).factory());

    private Aside() {}

    /** All at once; the results in the order of the items. */
    static <T, R> Uni<List<R>> all(List<T> items, Function<T, R> work) {
        if (items.isEmpty()) {
            return Uni.createFrom().item(new ArrayList<>());
        }
        return Uni.createFrom()
                .emitter(caller -> WAITING.execute(() -> {
                    try {
                        List<Future<R>> under = items.stream()
                                .map(item -> WORKING.submit(() -> work.apply(item)))
                                .toList();
                        List<R> results = new ArrayList<>(items.size());
                        for (Future<R> one : under) {
                            results.add(one.get());
                        }
                        caller.complete(results);
                    } catch (ExecutionException e) {
                        caller.fail(e.getCause() == null ? e : e.getCause());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        caller.fail(new KeysUnavailable("interrupted", e));
                    }
                }));
    }

    /** Goes on where it was asked for: where the caller's request or transaction lives. */
    static <T> Uni<T> back(Uni<T> uni) {
        Context context = Vertx.currentContext();
        return context == null ? uni : uni.emitOn(then -> context.runOnContext(ignored -> then.run()));
    }
}
