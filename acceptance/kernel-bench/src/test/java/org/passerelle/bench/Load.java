package org.passerelle.bench;

import io.smallrye.mutiny.Uni;
import io.vertx.core.impl.VertxInternal;
import io.vertx.mutiny.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/** Clients that do one thing after another for a while, or things that begin at a given rate whatever becomes of them. */
final class Load {

    private Load() {}

    /** What one client repeats. */
    interface Client {
        /** @return how many units were done, e.g. events */
        long once() throws Exception;
    }

    /** Makes the client of a number from 0. */
    interface Clients {
        Client client(int number) throws Exception;
    }

    /**
     * @param perSecond units
     * @param p50 median of one call, microseconds
     */
    record Result(double perSecond, double p50, double p99) {}

    /** What one client repeats without holding a thread. */
    interface Caller {
        /** @return how many units were done, e.g. events */
        Uni<Long> once();
    }

    /** Clients that begin their next call when their last has ended, for so long. */
    interface Run {
        Result during(Duration time) throws Exception;
    }

    /** Each on a thread of its own, as JDBC has it. */
    static Run threads(int clients, Clients factory) {
        return time -> {
            List<Client> made = new ArrayList<>();
            for (int n = 0; n < clients; n++) {
                made.add(factory.client(n));
            }
            try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
                long begun = System.nanoTime();
                List<Future<Calls>> running = new ArrayList<>();
                for (Client client : made) {
                    running.add(threads.submit((Callable<Calls>) () -> {
                        Calls calls = new Calls(begun + time.toNanos());
                        while (calls.goOn()) {
                            calls.done(client.once());
                        }
                        return calls;
                    }));
                }
                List<Calls> all = new ArrayList<>();
                for (Future<Calls> one : running) {
                    all.add(one.get());
                }
                return result(begun, all);
            }
        };
    }

    /** Each on one of the event loops, from which the services call the store. */
    static Run loops(Vertx vertx, int clients, Caller caller) {
        return time -> {
            long begun = System.nanoTime();
            List<CompletableFuture<Calls>> running = new ArrayList<>();
            for (int n = 0; n < clients; n++) {
                CompletableFuture<Calls> ended = new CompletableFuture<>();
                running.add(ended);
                Calls calls = new Calls(begun + time.toNanos());
                // A thread of no loop would be given the same one every time.
                ((VertxInternal) vertx.getDelegate())
                        .createEventLoopContext()
                        .runOnContext(ignored -> call(caller, calls, ended));
            }
            return result(begun, running.stream().map(CompletableFuture::join).toList());
        };
    }

    private static void call(Caller caller, Calls calls, CompletableFuture<Calls> ended) {
        if (calls.goOn()) {
            caller.once()
                    .subscribe()
                    .with(
                            units -> {
                                calls.done(units);
                                call(caller, calls, ended);
                            },
                            ended::completeExceptionally);
        } else {
            ended.complete(calls);
        }
    }

    /** Of one client. */
    private static final class Calls {
        private final long end;
        private long begun;
        private long units;
        private long[] took = new long[1024];
        private int count;

        Calls(long end) {
            this.end = end;
        }

        boolean goOn() {
            begun = System.nanoTime();
            return begun < end;
        }

        void done(long more) {
            if (count == took.length) {
                took = Arrays.copyOf(took, count * 2);
            }
            took[count++] = System.nanoTime() - begun;
            units += more;
        }
    }

    private static Result result(long begun, List<Calls> all) {
        double seconds = (System.nanoTime() - begun) / 1e9;
        long[] latencies = all.stream()
                .flatMapToLong(calls -> Arrays.stream(calls.took, 0, calls.count))
                .sorted()
                .toArray();
        return new Result(
                all.stream().mapToLong(calls -> calls.units).sum() / seconds, at(latencies, 0.5), at(latencies, 0.99));
    }

    /** Calls begin at a rate, by the clock: what is late does not make the next one later. */
    static void open(double perSecond, Duration time, LongConsumer begin) {
        long interval = (long) (1e9 / perSecond);
        long start = System.nanoTime();
        long calls = time.toNanos() / interval;
        for (long n = 0; n < calls; n++) {
            long due = start + n * interval;
            for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
                LockSupport.parkNanos(due - now);
            }
            begin.accept(due);
        }
    }

    /** Microseconds. */
    static double at(long[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1e3;
    }
}
