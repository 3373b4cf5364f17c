package org.passerelle.acceptance.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.passerelle.acceptance.torture.checker.Anomaly;
import org.passerelle.acceptance.torture.checker.Checker;
import org.passerelle.acceptance.torture.history.History;
import org.passerelle.acceptance.torture.history.HistoryFile;
import org.passerelle.acceptance.torture.machine.Machine;

/** One torture from beginning to end: start everything, load and break it, let it come to rest, judge the history. */
final class Run {

    private static final int CLIENTS = 12;
    private static final Duration REST_LIMIT = Duration.ofMinutes(6);
    /** Longer than what failed while something was broken is put off. */
    private static final Duration STUCK = Duration.ofSeconds(75);

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
    private static final int MOST_STEPS = 10_000;

    /**
     * @param directory with the history and the logs; deleted by whoever asked, when nothing was wrong
     */
    record Outcome(int operations, int reads, int faults, List<String> skipped, List<Anomaly> anomalies) {}

    private final long seed;
    private final Duration length;
    private final Path directory;
    private final Consumer<String> log;

    Run(long seed, Duration length, Path directory, Consumer<String> log) {
        this.seed = seed;
        this.length = length;
        this.directory = directory;
        this.log = log;
    }

    Outcome go(Path binaries) throws InterruptedException {
        Path file = directory.resolve("history.jsonl");
        List<String> skipped = new ArrayList<>();
        int faults;
        Workload workload;
        try (HistoryFile history = new HistoryFile(file);
                Machine machine = new Machine(binaries, directory)) {
            log.accept("everything runs: two databases, Kafka, two producers, two consumers");
            Nodes nodes = new Nodes(machine.producers());
            workload = new Workload(nodes, history, seed);
            List<Follower> followers = followers(nodes, history);
            Thread probe = Thread.ofVirtual().name("probe").start(() -> probe(machine, history));
            workload.start(CLIENTS);
            Nemesis nemesis = new Nemesis(machine, nodes, history, directory, line -> {
                log.accept(line);
                if (line.startsWith("skipped")) {
                    skipped.add(line);
                }
            });
            nemesis.run(Schedule.of(seed, MOST_STEPS).steps(), System.nanoTime() + length.toNanos());
            faults = nemesis.done().values().stream().mapToInt(n -> n).sum();
            log.accept("healing; " + nemesis.done());
            machine.heal();
            workload.stop(ANSWER_LIMIT.toNanos());
            comeToRest(machine, followers);
            probe.interrupt();
            probe.join();
            for (Follower follower : followers) {
                follower.stop();
            }
            new Truth(machine).write(history);
        } catch (SQLException e) {
            throw new IllegalStateException("a database cannot be reached at the end", e);
        }
        log.accept("checking the history");
        List<Anomaly> anomalies = Checker.check(new History(HistoryFile.read(file)));
        return new Outcome(workload.operations(), workload.reads(), faults, skipped, anomalies);
    }

    private List<Follower> followers(Nodes nodes, HistoryFile history) {
        return List.of(
                new Follower(nodes, history, "pages-1", Follower.Way.PAGES, seed + 1),
                new Follower(nodes, history, "tail-1", Follower.Way.TAIL, seed + 2),
                new Follower(nodes, history, "tail-2", Follower.Way.TAIL, seed + 3));
    }

    private static void probe(Machine machine, HistoryFile history) {
        while (!Thread.currentThread().isInterrupted()) {
            try (Connection connection = machine.producing().connect()) {
                while (true) {
                    Truth.probe(connection, history);
                    Thread.sleep(100);
                }
            } catch (SQLException away) {
                try {
                    Thread.sleep(200);
                } catch (InterruptedException stopping) {
                    return;
                }
            } catch (InterruptedException stopping) {
                return;
            }
        }
    }

    /** Until nothing is under way any more, or nothing gets less for a while: then what is missing is an anomaly. */
    private void comeToRest(Machine machine, List<Follower> followers) throws InterruptedException, SQLException {
        long end = System.nanoTime() + REST_LIMIT.toNanos();
        long stuckAt = System.nanoTime() + STUCK.toNanos();
        long least = Long.MAX_VALUE;
        Truth truth = new Truth(machine);
        while (true) {
            Truth.Rest rest = truth.rest();
            long unread = followers.stream()
                    .mapToLong(follower -> rest.head() - follower.cursor())
                    .sum();
            if (rest.all() == 0 && unread == 0) {
                log.accept("everything has come to rest at position " + rest.head());
                return;
            }
            if (rest.all() + unread < least) {
                least = rest.all() + unread;
                stuckAt = System.nanoTime() + STUCK.toNanos();
            }
            if (System.nanoTime() > Math.min(end, stuckAt)) {
                log.accept("not everything came to rest: " + rest + ", not read " + unread);
                return;
            }
            Thread.sleep(1_000);
        }
    }

    static void delete(Path directory) {
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
