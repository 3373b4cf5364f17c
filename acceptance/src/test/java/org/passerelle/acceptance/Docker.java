package org.passerelle.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The docker command, as an operator would type it; DOCKER_HOST is honoured. */
final class Docker {

    /**
     * What a command did.
     *
     * @param exit its exit code
     * @param output both streams together
     */
    record Ended(int exit, String output) {

        String orFail(String what) {
            if (exit != 0) {
                throw new IllegalStateException(what + " failed (" + exit + "):\n" + output);
            }
            return output.strip();
        }
    }

    private Docker() {}

    /** The root of the checkout, from which images are built. */
    static Path checkout() {
        return Path.of(Objects.requireNonNull(System.getProperty("passerelle.root"), "passerelle.root"));
    }

    /** Whether an engine answers: the client alone is on many machines. */
    static boolean answers() {
        return run(Duration.ofSeconds(20), "info", "--format", "{{.ServerVersion}}")
                        .exit()
                == 0;
    }

    /** Whether the image is on this machine, or could be fetched to it. */
    static boolean has(String image) {
        return run(Duration.ofSeconds(20), "image", "inspect", image).exit() == 0
                || run(Duration.ofMinutes(5), "pull", "-q", image).exit() == 0;
    }

    static Ended run(Duration limit, String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        try {
            var output = Files.createTempFile("docker-", ".log");
            try {
                var process = new ProcessBuilder(command)
                        .directory(checkout().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    return new Ended(124, "no end after " + limit + ": " + String.join(" ", command));
                }
                return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
            } finally {
                Files.delete(output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("No such file")) {
                return new Ended(127, "there is no docker command");
            }
            throw new UncheckedIOException(e);
        }
    }
}
