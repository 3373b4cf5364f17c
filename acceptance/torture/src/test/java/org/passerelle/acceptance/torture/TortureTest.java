package org.passerelle.acceptance.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A slice of {@code ./passerelle torture}; {@code -Dtorture.seed=N} repeats one. */
@Tag("torture")
class TortureTest {

    private static final String SEED =
            System.getProperty("torture.seed", String.valueOf(System.nanoTime() % 1_000_000));
    private static final String MINUTES = System.getProperty("torture.minutes", "2");

    @Test
    void nothingIsLostDoubledOrReorderedWhileThingsBreak() throws Exception {
        Path root = Path.of(System.getProperty("passerelle.root", "../.."));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-Dpasserelle.root=" + root,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Torture.class.getName(),
                        "--binaries",
                        root.resolve("deploy/local/target/postgres").toString(),
                        "--seed",
                        SEED,
                        "--minutes",
                        MINUTES)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        System.out.println(said);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said)
                .containsPattern(
                        "torture: seed " + SEED + ", \\d+ operations, \\d+ reads, [1-9]\\d* faults, 0 anomalies");
    }
}
