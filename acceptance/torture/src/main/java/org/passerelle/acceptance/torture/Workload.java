package org.passerelle.acceptance.torture;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.passerelle.acceptance.torture.history.Entry;
import org.passerelle.acceptance.torture.history.Entry.Target;
import org.passerelle.acceptance.torture.history.Entry.Verdict;
import org.passerelle.acceptance.torture.history.HistoryFile;
import org.passerelle.acceptance.torture.node.Wire;

/**
 * Clients that write and read at once: hot streams and cold ones, one or several in an append, with every kind of
 * expectation, with and without receipts, some in transactions that are slow or rolled back. What each client does is
 * drawn from the seed; what they meet is not.
 */
final class Workload {

    private static final int HOT = 8;
    /** A client leaves the hot streams for others after so many operations. */
    private static final int ROUNDS = 60;

    private static final int MOST_EVENTS = 3;
    /** Streams that now and then get an event that no consumer can process. */
    private static final int POISONED_CASES = 2;

    private final Nodes nodes;
    private final HistoryFile history;
    private final long seed;
    private final Map<String, Long> versions = new ConcurrentHashMap<>();
    private final AtomicInteger cold = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger operations = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile boolean running = true;
    private volatile long giveUpAt = Long.MAX_VALUE;

    Workload(Nodes nodes, HistoryFile history, long seed) {
        this.nodes = nodes;
        this.history = history;
        this.seed = seed;
    }

    void start(int clients) {
        for (int n = 0; n < clients; n++) {
            int client = n;
            threads.add(Thread.ofVirtual().name("client-" + n).start(() -> run(client)));
        }
    }

    int operations() {
        return operations.get();
    }

    int reads() {
        return reads.get();
    }

    /** No new operations; those without an answer are asked again until they have one, or until the time is up. */
    void stop(long nanos) throws InterruptedException {
        giveUpAt = System.nanoTime() + nanos;
        running = false;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void run(int client) {
        Random random = new Random(seed * 1_000 + client);
        try {
            for (int n = 0; running; n++) {
                if (random.nextInt(10) == 0) {
                    read(random, n);
                } else {
                    perform(random, ask(random, n, "c" + client + "-" + n));
                }
                Thread.sleep(random.nextInt(10, 90));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Hot streams grow cold again after a while, so that none becomes endless. */
    private String stream(Random random, int round) {
        int known = cold.get();
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> "torture-hot" + (round / ROUNDS * HOT + random.nextInt(HOT));
            case 4, 5, 6 -> "torture-cold" + cold.incrementAndGet();
            case 7 -> "torture-poison" + random.nextInt(POISONED_CASES);
            default -> "torture-cold" + (known == 0 ? 0 : Math.max(0, known - random.nextInt(50)));
        };
    }

    private Wire.Ask ask(Random random, int round, String op) {
        Wire.Way way = switch (random.nextInt(10)) {
            case 0, 1 -> Wire.Way.COMMAND;
            case 2 -> Wire.Way.TRANSACTION;
            default -> Wire.Way.APPEND;
        };
        Set<String> streams = new LinkedHashSet<>();
        int wanted = way == Wire.Way.COMMAND || random.nextInt(3) > 0 ? 1 : random.nextInt(2, 5);
        while (streams.size() < wanted) {
            streams.add(stream(random, round));
        }
        List<Target> targets = new ArrayList<>();
        for (String stream : streams) {
            targets.add(target(random, way, op + "-" + targets.size(), stream));
        }
        boolean slow = way == Wire.Way.TRANSACTION;
        return new Wire.Ask(
                way,
                op,
                random.nextInt(5) > 0 ? "receipt-" + op : null,
                slow && random.nextInt(3) == 0,
                slow && random.nextBoolean() ? random.nextInt(20, 1_200) : 0,
                slow && random.nextBoolean() ? random.nextInt(10, 600) : 0,
                random.nextInt(0, 4_000),
                targets);
    }

    private Target target(Random random, Wire.Way way, String prefix, String stream) {
        List<String> tokens = new ArrayList<>();
        int events = way == Wire.Way.COMMAND ? 1 : random.nextInt(1, MOST_EVENTS + 1);
        boolean poison = stream.startsWith("torture-poison") && random.nextInt(20) == 0;
        for (int e = 0; e < events; e++) {
            tokens.add(prefix + "-" + e + (poison && e == 0 ? Wire.POISON : ""));
        }
        List<String> alarms = random.nextInt(12) == 0 ? List.of(tokens.getLast()) : List.of();
        return new Target(stream, expected(random, stream), tokens, alarms);
    }

    /** What a client believes: often nothing, mostly what it heard last, which may be old. */
    private long expected(Random random, String stream) {
        Long known = versions.get(stream);
        return switch (random.nextInt(4)) {
            case 0 -> known == null ? 0 : known;
            case 1 -> stream.startsWith("torture-cold") && known == null ? 0 : Entry.ANY;
            default -> Entry.ANY;
        };
    }

    private void perform(Random random, Wire.Ask ask) throws InterruptedException {
        operations.incrementAndGet();
        history.add(new Entry.Asked(history.now(), ask.op(), ask.receipt() != null, ask.aborts(), ask.targets()));
        while (true) {
            Wire.Answer answer = attempt(random, ask);
            Verdict verdict = answer == null ? null : answer.verdict();
            if (answer != null && verdict != null) {
                history.add(new Entry.Told(history.now(), ask.op(), verdict, answer.versions()));
                answer.versions().forEach((stream, version) -> versions.merge(stream, version, Math::max));
                duplicate(random, ask, verdict);
                return;
            }
            history.add(new Entry.NoAnswer(history.now(), ask.op()));
            if (ask.receipt() == null || ask.aborts() || System.nanoTime() > giveUpAt) {
                return;
            }
            Thread.sleep(random.nextInt(50, 500));
        }
    }

    /** Some clients ask again although they were answered: a repeat must change nothing. */
    private void duplicate(Random random, Wire.Ask ask, Verdict verdict) throws InterruptedException {
        boolean took = verdict == Verdict.ACCEPTED || verdict == Verdict.REPEATED;
        if (ask.receipt() == null || !took || random.nextInt(8) > 0) {
            return;
        }
        Wire.Answer again = attempt(random, ask);
        Verdict repeated = again == null ? null : again.verdict();
        if (again != null && repeated != null) {
            history.add(new Entry.Told(history.now(), ask.op(), repeated, again.versions()));
        }
    }

    private Wire.@Nullable Answer attempt(Random random, Wire.Ask ask) throws InterruptedException {
        try {
            return nodes.append(random, ask);
        } catch (IOException noAnswer) {
            return null;
        }
    }

    private void read(Random random, int round) throws InterruptedException {
        String stream = stream(random, round);
        long asked = history.now();
        try {
            List<String> tokens = nodes.stream(random, stream).tokens();
            reads.incrementAndGet();
            history.add(new Entry.StreamPage(asked, history.now(), stream, tokens));
        } catch (IOException noAnswer) {
            Thread.sleep(50);
        }
    }
}
