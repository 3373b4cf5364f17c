package org.passerelle.acceptance.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.passerelle.acceptance.torture.Run.Outcome;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./passerelle torture}: ends with one line, and with an exit code other than 0 when something was wrong. */
@Command(
        name = "torture",
        description =
                "Breaks PostgreSQL, Kafka, nodes, networks, disk and clock under load; proves that nothing is lost.")
public final class Torture implements Callable<Integer> {

    private static final int SHOWN = 20;
    // What breaks here on purpose is told in one line each; logging configuration is held weakly: keep the logger.
    private static final Logger LOGS = Logger.getLogger("");

    @Option(names = "--seed", description = "repeats the operations and faults of an earlier run")
    private long seed = System.nanoTime() % 1_000_000;

    @Option(names = "--minutes", description = "how long faults go on; starting and judging come on top")
    private double minutes = 10;

    @Option(names = "--binaries", hidden = true, required = true)
    private Path binaries = Path.of("postgres");

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("passerelle-torture-");
        long begun = System.nanoTime();
        String again = "./passerelle torture --seed " + seed + " --minutes " + minutes;
        System.out.println(again);
        Run run = new Run(
                seed,
                Duration.ofMillis((long) (minutes * 60_000)),
                directory,
                line -> System.out.printf("%7.1f s  %s%n", (System.nanoTime() - begun) / 1e9, line));
        Outcome outcome;
        try {
            outcome = run.go(binaries);
        } catch (RuntimeException e) {
            System.out.println("torture could not be carried out; logs are kept in " + directory + "; again: " + again);
            throw e;
        }
        outcome.anomalies().stream().limit(SHOWN).forEach(System.out::println);
        outcome.skipped().stream().distinct().forEach(System.out::println);
        if (outcome.anomalies().isEmpty()) {
            Run.delete(directory);
        } else {
            System.out.println("history and logs are kept in " + directory + "; again: " + again);
        }
        System.out.printf(
                "torture: seed %d, %d operations, %d reads, %d faults, %d anomalies%n",
                seed,
                outcome.operations(),
                outcome.reads(),
                outcome.faults(),
                outcome.anomalies().size());
        return outcome.anomalies().isEmpty() ? 0 : 1;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        LOGS.setLevel(Level.OFF);
        if (System.getProperty(Namespace.INSIDE) == null) {
            System.exit(Namespace.run(args));
        }
        Namespace.endWithStarter();
        System.exit(new CommandLine(new Torture()).execute(args));
    }
}
