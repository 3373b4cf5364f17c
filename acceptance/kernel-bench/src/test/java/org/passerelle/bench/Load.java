package org.passerelle.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
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

    /** Every client begins its next call when its last has ended. */
    static Result closed(int clients, Duration time, Clients factory) throws Exception {
        AtomicLong units = new AtomicLong();
        List<long[]> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            List<Client> made = new ArrayList<>();
            for (int n = 0; n < clients; n++) {
                made.add(factory.client(n));
            }
            long begun = System.nanoTime();
            long end = begun + time.toNanos();
            List<Future<long[]>> running = new ArrayList<>();
            for (Client client : made) {
                running.add(threads.submit((Callable<long[]>) () -> {
                    long[] took = new long[1024];
                    int calls = 0;
                    long done = 0;
                    for (long now = System.nanoTime(); now < end; ) {
                        done += client.once();
                        long after = System.nanoTime();
                        if (calls == took.length) {
                            took = Arrays.copyOf(took, calls * 2);
                        }
                        took[calls++] = after - now;
                        now = after;
                    }
                    units.addAndGet(done);
                    return Arrays.copyOf(took, calls);
                }));
            }
            for (Future<long[]> one : running) {
                all.add(one.get());
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            long[] latencies =
                    all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            return new Result(units.get() / seconds, at(latencies, 0.5), at(latencies, 0.99));
        }
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
