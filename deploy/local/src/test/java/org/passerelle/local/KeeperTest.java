package org.passerelle.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeeperTest {
    @TempDir
    Path directory = Path.of("");

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Console console = new Console(new PrintStream(said));
    private @Nullable Keeper keeper;

    @AfterEach
    void stop() {
        if (keeper != null) {
            keeper.stop();
        }
    }

    @Test
    void aKilledComponentIsStartedAgainAndItsPidFileFollows() throws Exception {
        var keeper = kept("sleep", "1000");
        keeper.start();
        var first = pid();

        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        await(() -> pid() != first);

        assertThat(ProcessHandle.of(pid())).isPresent();
        await(() -> said.toString().contains("started again, process " + pid()));
        assertThat(said.toString()).contains("sleeper", "ended (signal 9); starting it again in 0.05 s");
    }

    @Test
    void theMoreOftenItEndsTheLongerThePause() throws Exception {
        var keeper = kept("false");
        keeper.start();

        await(() -> said.toString().contains("starting it again in 0.4 s"));

        assertThat(said.toString())
                .containsSubsequence("exit code 1", "again in 0.05 s", "again in 0.1 s", "again in 0.2 s");
    }

    @Test
    void aStoppedComponentStaysStopped() throws Exception {
        var keeper = kept("sleep", "1000");
        keeper.start();
        var process = ProcessHandle.of(pid()).orElseThrow();

        keeper.stop();
        Thread.sleep(200);

        assertThat(process.isAlive()).isFalse();
        assertThat(keeper.alive()).isFalse();
        assertThat(directory.resolve("sleeper.pid")).doesNotExist();
        assertThat(said.toString()).doesNotContain("again");
    }

    private long pid() {
        try {
            return Long.parseLong(
                    Files.readString(directory.resolve("sleeper.pid")).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (var attempt = 0; attempt < 200 && !condition.getAsBoolean(); attempt++) {
            Thread.sleep(50);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private Keeper kept(String... command) {
        var component = new Component() {
            @Override
            public String name() {
                return "sleeper";
            }

            @Override
            public Path log() {
                return directory.resolve("sleeper.log");
            }

            @Override
            public Process start() {
                try {
                    return new ProcessBuilder(command).start();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public boolean healthy() {
                return true;
            }

            @Override
            public void stop(Process process) {
                process.destroyForcibly().onExit().join();
            }
        };
        var kept = new Keeper(component, directory.resolve("sleeper.pid"), console, Duration.ofMillis(50));
        keeper = kept;
        return kept;
    }
}
