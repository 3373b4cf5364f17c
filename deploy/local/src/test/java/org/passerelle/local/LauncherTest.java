package org.passerelle.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bash launcher, copied to a checkout of its own, with a Maven that only pretends. */
class LauncherTest {
    private record Said(int exitCode, String text) {
        String lastLine() {
            return text.lines().reduce("", (before, line) -> line);
        }
    }

    @TempDir
    Path checkout = Path.of("");

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void copyTheLauncher() throws IOException {
        Files.copy(Checkout.root().orElseThrow().resolve("passerelle"), checkout.resolve("passerelle"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
    }

    @Test
    void helpNamesEveryCommand() throws Exception {
        var said = launch("--help");

        assertThat(said.exitCode()).isZero();
        assertThat(said.text())
                .contains("up", "down", "status", "demo", "test", "bench", "ctl", "--port-base", "--data");
    }

    @Test
    void anUnknownCommandOrOptionIsNamed() throws Exception {
        assertThat(launch("frobnicate").text()).contains("there is no command frobnicate");
        assertThat(launch("up", "--frob").text()).contains("up does not know --frob");
        assertThat(launch("up", "--port-base", "eighty").text())
                .contains("--port-base must be a number from 1024 to 65522, not 'eighty'");
    }

    @Test
    void aMissingJdkIsNamedWithWhatWasFoundInstead() throws Exception {
        var old = checkout.resolve("jdks/java-21");
        Files.createDirectories(old.resolve("bin"));
        for (var program : List.of("java", "javac")) {
            executable(old.resolve("bin").resolve(program), "exit 0");
        }
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"21.0.4\"\n");
        environment.put("JAVA_HOME", "");
        environment.put("PASSERELLE_JDK_DIRS", checkout.resolve("jdks").toString());

        var said = launch("up");

        assertThat(said.exitCode()).isEqualTo(1);
        assertThat(said.text())
                .contains("a JDK of version 25 or later is missing", old + " (version 21)", "https://adoptium.net");
    }

    @Test
    void aMissingOrOldMavenIsNamed() throws Exception {
        Files.createDirectories(checkout.resolve("module/src/test/java"));
        Files.writeString(checkout.resolve("module/src/test/java/RoadTest.java"), "@Tag(\"road\")");
        maven("echo 'Apache Maven 3.6.3 (abc)'");

        assertThat(launch("test", "road").text()).contains("Maven 3.8.6 or later is missing", "is 3.6.3");
    }

    @Test
    void testEndsWithTheCountsOfAllModulesAndTheRunnersExitCode() throws Exception {
        Files.createDirectories(checkout.resolve("one/src/test/java"));
        Files.writeString(checkout.resolve("one/src/test/java/RoadTest.java"), "@Tag(\"road\")");
        maven("""
                if [ "$1" = -version ]; then echo 'Apache Maven 3.9.9 (abc)'; exit; fi
                echo "arguments: $*"
                mkdir -p "%1$s/one/target/surefire-reports" "%1$s/two/target/surefire-reports"
                cat >"%1$s/one/target/surefire-reports/TEST-a.xml" <<'XML'
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="a" time="3.1" tests="5" errors="1" skipped="1" failures="1">
                  <testcase name="x"><skipped message="Assumption failed: no Docker engine is present"/></testcase>
                </testsuite>
                XML
                echo '<testsuite name="b" tests="2" errors="0" skipped="0" failures="0"></testsuite>' >"%1$s/two/target/surefire-reports/TEST-b.xml"
                exit 3
                """.formatted(checkout));

        var said = launch("test", "road");

        assertThat(said.text())
                .contains("-Dsurefire.groups=road", "-pl one -am")
                .contains("skipped (1): no Docker engine is present");
        assertThat(said.lastLine()).isEqualTo("4 passed, 2 failed, 1 skipped");
        assertThat(said.exitCode()).isEqualTo(3);
        assertThat(launch("test", "roda").text()).contains("there is no battery roda; there are: road");
    }

    @Test
    void downEndsWhatAKilledSupervisorLeftAndNothingElse() throws Exception {
        var data = checkout.resolve("data");
        Files.createDirectories(data.resolve("run"));
        // A process that names the data directory on its command line is ours; any other with a number of ours is not.
        var ours = new ProcessBuilder(
                        "tail",
                        "-f",
                        Files.createFile(data.resolve("referral.log")).toString())
                .start();
        var foreign = new ProcessBuilder("sleep", "1000").start();
        try {
            Files.writeString(data.resolve("run/referral.pid"), ours.pid() + "\n");
            Files.writeString(data.resolve("run/kafka.pid"), foreign.pid() + "\n");

            var said = launch("down", "--data", data.toString());

            assertThat(said.exitCode()).as(said.text()).isZero();
            assertThat(ours.waitFor(5, TimeUnit.SECONDS)).isTrue();
            assertThat(foreign.isAlive()).isTrue();
            assertThat(data.resolve("run/referral.pid")).doesNotExist();
        } finally {
            ours.destroyForcibly();
            foreign.destroyForcibly();
        }
    }

    @Test
    void statusSaysThatNothingRuns() throws Exception {
        var said = launch("status");

        assertThat(said.exitCode()).isEqualTo(1);
        assertThat(said.text()).contains("Passerelle does not run", "./passerelle up");
    }

    private Said launch(String... arguments) throws Exception {
        var command =
                new ArrayList<>(List.of("bash", checkout.resolve("passerelle").toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        var process = builder.start();
        var text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }

    private void maven(String script) throws IOException {
        Files.createDirectories(checkout.resolve("maven/bin"));
        executable(checkout.resolve("maven/bin/mvn"), script);
        environment.put("MAVEN_HOME", checkout.resolve("maven").toString());
    }

    private static void executable(Path file, String script) throws IOException {
        Files.writeString(file, "#!/usr/bin/env bash\n" + script + "\n");
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
