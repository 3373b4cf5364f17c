package org.passerelle.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps one component alive: starts it again whenever it ends, after a pause that grows while it keeps ending. */
final class Keeper {
    /** A component that lived this long ended by accident, not because it cannot run. */
    private static final Duration STEADY = Duration.ofSeconds(30);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private final Component component;
    private final Path pidFile;
    private final Console console;
    private final Duration firstPause;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile @Nullable Process process;
    private @Nullable Thread watcher;

    /** @param firstPause before the first new start; it doubles up to 15 s */
    Keeper(Component component, Path pidFile, Console console, Duration firstPause) {
        this.component = component;
        this.pidFile = pidFile;
        this.console = console;
        this.firstPause = firstPause;
    }

    Component component() {
        return component;
    }

    /** Starts the component; an error of this first start is the caller's. */
    void start() {
        var first = launch();
        watcher = Thread.ofVirtual().name("keeper-" + component.name()).start(() -> watch(first));
    }

    boolean alive() {
        var current = process;
        return current != null && current.isAlive();
    }

    /** Stops the component for good. */
    void stop() {
        stopping.countDown();
        synchronized (this) {
            var current = process;
            if (current != null && current.isAlive()) {
                component.stop(current);
            }
        }
        if (watcher != null) {
            watcher.interrupt();
        }
        try {
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            console.say(component.name(), "cannot delete " + pidFile + ": " + e.getMessage());
        }
    }

    /** Under the same lock as {@link #stop}: nothing is started any more once all is to stop. */
    private synchronized Process launch() {
        if (stopping.getCount() == 0) {
            throw new IllegalStateException("stopped while " + component.name() + " was starting");
        }
        var started = component.start();
        process = started;
        try {
            Files.writeString(pidFile, started.pid() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return started;
    }

    private void watch(Process first) {
        var current = first;
        var pause = firstPause;
        var since = System.nanoTime();
        try {
            while (true) {
                var code = current.waitFor();
                if (isStopping(Duration.ZERO)) {
                    return;
                }
                if (System.nanoTime() - since > STEADY.toNanos()) {
                    pause = firstPause;
                }
                console.say(component.name(), "ended (" + reason(code) + "); starting it again in " + words(pause));
                if (isStopping(pause)) {
                    return;
                }
                pause = next(pause);
                since = System.nanoTime();
                current = relaunched(pause);
                console.say(component.name(), "started again, process " + current.pid());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tries until it works or everything is to stop. */
    private Process relaunched(Duration firstWait) throws InterruptedException {
        var wait = firstWait;
        while (true) {
            try {
                return launch();
            } catch (IllegalStateException | UncheckedIOException e) {
                if (isStopping(Duration.ZERO)) {
                    throw new InterruptedException("stopping");
                }
                console.say(component.name(), e.getMessage() + "; trying again in " + words(wait));
                if (isStopping(wait)) {
                    throw new InterruptedException("stopping");
                }
                wait = next(wait);
            }
        }
    }

    private boolean isStopping(Duration after) throws InterruptedException {
        return stopping.await(after.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Duration next(Duration pause) {
        var doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private static String reason(int exitCode) {
        // The shells' way to say that a signal ended a process.
        return exitCode > 128 ? "signal " + (exitCode - 128) : "exit code " + exitCode;
    }

    private static String words(Duration pause) {
        return pause.toMillis() / 1000.0 + " s";
    }
}
