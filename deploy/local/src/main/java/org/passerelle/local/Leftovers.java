package org.passerelle.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Ends what a killed predecessor left behind, and only that. */
final class Leftovers {
    private Leftovers() {}

    /**
     * A postmaster that still serves this data directory is stopped; a pid file that names no such process is removed,
     * for PostgreSQL would take any process with that number for its own.
     */
    static void endPostmaster(Path data) throws IOException, InterruptedException {
        var pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        var pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
        var process = ProcessHandle.of(pid);
        if (process.isPresent() && Processes.commandLine(pid).contains(data.toString())) {
            Processes.signal(process.get(), "INT");
            try {
                process.get().onExit().get(10, TimeUnit.SECONDS);
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                Processes.signal(process.get(), "QUIT");
            }
        } else {
            Files.deleteIfExists(pidFile);
        }
    }
}
