package org.passerelle.local.demonstration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Loads the demonstration country through the public interfaces: its directory, its members and its invented cases. Loading again
 * continues where it stopped and doubles nothing, because every command carries the same key and body as the first time.
 */
public final class Demonstration {
    /** Cases walked at once; more would only queue on two cores. */
    private static final int AT_ONCE = 4;

    private Demonstration() {}

    /** Told after each case. */
    public interface Progress {
        void at(int cases, int of);
    }

    /**
     * @param memory a small file that remembers the day of the first load, from which the stories count back, and whether
     *     loading came to its end
     */
    public static void load(PlatformClient platform, Path memory, Progress progress) {
        var remembered = remembered(memory);
        if (remembered.endsWith("complete")) {
            return;
        }
        var today = LocalDate.parse(remembered.substring(0, "2026-01-01".length()));
        var cast = Cast.load();
        platform.command("coordination", "/referral/directory/imports", Cast.directory(), "demonstration-directory");
        Membership.record(platform, cast);
        walkAll(platform, cast, today, progress);
        write(memory, today + " complete");
    }

    private static void walkAll(PlatformClient platform, Cast cast, LocalDate today, Progress progress) {
        var stories = Story.all(today);
        try (var pool = Executors.newFixedThreadPool(AT_ONCE)) {
            var walks = new ExecutorCompletionService<Void>(pool);
            var under = new ArrayList<Future<Void>>();
            for (Story story : stories) {
                under.add(walks.submit(() -> {
                    story.walk(platform, cast);
                    return null;
                }));
            }
            try {
                for (int done = 1; done <= stories.size(); done++) {
                    walks.take().get();
                    progress.at(done, stories.size());
                }
            } catch (ExecutionException failed) {
                under.forEach(walk -> walk.cancel(true));
                var cause = failed.getCause();
                throw new IllegalStateException(
                        "The demonstration country was not loaded to its end: "
                                + (cause == null ? failed : cause.getMessage()),
                        cause);
            } catch (InterruptedException interrupted) {
                under.forEach(walk -> walk.cancel(true));
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while loading the demonstration country", interrupted);
            }
        }
    }

    private static String remembered(Path memory) {
        try {
            if (Files.exists(memory)) {
                return Files.readString(memory).strip();
            }
            var today = LocalDate.now(ZoneOffset.UTC).toString();
            write(memory, today);
            return today;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static void write(Path memory, String content) {
        try {
            Files.writeString(memory, content + "\n");
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }
}
