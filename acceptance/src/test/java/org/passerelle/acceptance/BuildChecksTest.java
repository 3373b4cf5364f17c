package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every check of the build is shown to fail: each test builds a small module of this very build that breaks one of them.
 * (The rules about packages and endpoints have their fixtures beside them.)
 */
@Tag("checks")
class BuildChecksTest {

    private static final Path ROOT = Path.of(System.getProperty("passerelle.root", ".."));

    private record Build(int exitCode, String output) {}

    @Test
    void aSoundModuleBuilds() {
        Build build = build("sound", "", source("return 1;"));
        assertThat(build.exitCode()).as(build.output()).isZero();
    }

    @Test
    void nullAwayFindsANullThatIsReturned() {
        assertFails(build("nulls", "", source("return Integer.valueOf(nothing().length());")), "[NullAway]");
    }

    @Test
    void errorProneFindsAnExceptionThatIsNotThrown() {
        assertFails(build("mistake", "", source("new IllegalStateException();\n        return 1;")), "[DeadException]");
    }

    @Test
    void spotlessFindsASourceThatIsFormattedOtherwise() {
        assertFails(build("format", "", source("return 1;").replace("        return", " return")), "format violations");
    }

    @Test
    void theEnforcerFindsAnOldJdk() {
        assertFails(build("jdk", "", source("return 1;"), "-Djdk.floor=[99,)"), "RequireJavaVersion");
    }

    @Test
    void theEnforcerFindsDependenciesThatDoNotConverge() {
        String conflict = """
                <dependencies>
                  <dependency>
                    <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${kafka.broker.version}</version>
                  </dependency>
                  <dependency>
                    <groupId>org.apache.kafka</groupId><artifactId>kafka-clients</artifactId><version>${kafka.broker.version}</version>
                  </dependency>
                </dependencies>
                """;
        assertFails(build("convergence", conflict, source("return 1;")), "Dependency convergence error");
    }

    private static void assertFails(Build build, String message) {
        assertThat(build.exitCode()).as(build.output()).isNotZero();
        assertThat(build.output()).contains(message);
    }

    private static String source(String body) {
        return """
                package fixture;

                import org.jspecify.annotations.NullMarked;
                import org.jspecify.annotations.Nullable;

                @NullMarked
                final class Fixture {
                    private Fixture() {}

                    static int number() {
                        %s
                    }

                    static @Nullable String nothing() {
                        return null;
                    }
                }
                """.formatted(body);
    }

    private static Build build(String name, String dependencies, String source, String... options) {
        try {
            Path module = ROOT.resolve("acceptance/target/checks").resolve(name);
            Path sources = Files.createDirectories(module.resolve("src/main/java/fixture"));
            Files.writeString(sources.resolve("Fixture.java"), source);
            Files.writeString(module.resolve("pom.xml"), """
                    <project xmlns="http://maven.apache.org/POM/4.0.0">
                      <modelVersion>4.0.0</modelVersion>
                      <parent>
                        <groupId>org.passerelle</groupId><artifactId>passerelle</artifactId>
                        <version>0.1.0-SNAPSHOT</version><relativePath>../../../../pom.xml</relativePath>
                      </parent>
                      <artifactId>fixture-%s</artifactId>
                      %s
                    </project>
                    """.formatted(name, dependencies));
            List<String> command = new ArrayList<>(
                    List.of(maven(), "-B", "-o", "-f", module.resolve("pom.xml").toString()));
            command.addAll(List.of(options));
            command.add("compile");
            Path log = module.resolve("build.log");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(ROOT.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            int exitCode = builder.start().waitFor();
            return new Build(exitCode, Files.readString(log, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The Maven that runs this test. */
    private static String maven() {
        String home = System.getProperty("maven.home");
        return home == null ? "mvn" : Path.of(home, "bin", "mvn").toString();
    }
}
