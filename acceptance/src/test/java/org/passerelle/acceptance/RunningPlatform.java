package org.passerelle.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.passerelle.local.demonstration.Addresses;
import org.passerelle.local.demonstration.Cast;
import org.passerelle.local.demonstration.PlatformClient;

/**
 * The whole platform on free ports and a directory of its own, as {@code ./passerelle up} starts it, from what the build
 * has packaged. Started at the first use in a JVM, stopped with all its processes when the JVM ends.
 */
final class RunningPlatform {
    /** How long a client keeps trying while something is down and starts again. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    static final List<String> SERVICES = List.of("identification", "referral", "assistance", "reporting");

    private static final Duration START_LIMIT = Duration.ofMinutes(4);
    /** The gateway's port and those of the components behind it. */
    private static final int PORTS = 13;

    private static @Nullable RunningPlatform running;

    private final Path data;
    private final int portBase;
    private final Process supervisor;
    private final PlatformClient client;

    /** The platform of this JVM, with the demonstration country's directory imported. */
    static synchronized RunningPlatform get() {
        if (running == null) {
            running = new RunningPlatform();
        }
        return running;
    }

    private RunningPlatform() {
        this.portBase = freePorts();
        try {
            this.data = Files.createTempDirectory("passerelle-acceptance-");
            linkApplications(data.resolve("app"));
            this.supervisor = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx300m",
                            "-XX:+UseSerialGC",
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-Dpasserelle.root=" + root(),
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            "org.passerelle.local.LaunchCommand",
                            "--data",
                            data.toString(),
                            "--port-base",
                            String.valueOf(portBase),
                            "up",
                            "--no-demonstration",
                            "--quiet")
                    .redirectErrorStream(true)
                    .redirectOutput(console().toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop-platform"));
        awaitReady();
        this.client = new PlatformClient(Addresses.behindGateway(gateway()), PATIENCE);
        client.command("coordination", "/referral/directory/imports", Cast.directory(), "acceptance-directory");
    }

    URI gateway() {
        return URI.create("http://localhost:" + portBase);
    }

    PlatformClient client() {
        return client;
    }

    Path data() {
        return data;
    }

    int portBase() {
        return portBase;
    }

    String kafka() {
        return "127.0.0.1:" + (portBase + 10);
    }

    /** A connection to a service's database, for looking only. */
    Connection database(String service) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + (portBase + 9) + "/" + service, "passerelle", databasePassword());
    }

    String databasePassword() {
        try {
            return Files.readString(data.resolve("secrets/database-password")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends a component's process at once, as a power cut would. @return the process that was killed */
    long kill(String component) {
        var pid = pid(component);
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        return pid;
    }

    long pid(String component) {
        try {
            return Long.parseLong(Files.readString(data.resolve("run").resolve(component + ".pid"))
                    .strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the supervisor has said. */
    String said() {
        try {
            return Files.readString(console());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path console() {
        return data.resolve("console.log");
    }

    private void awaitReady() {
        var end = System.nanoTime() + START_LIMIT.toNanos();
        while (!Files.exists(data.resolve("run/ready"))) {
            if (!supervisor.isAlive()) {
                throw new IllegalStateException("The platform did not start:\n" + said());
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("The platform was not ready in time:\n" + said());
            }
            pause(Duration.ofMillis(200));
        }
    }

    private void stop() {
        supervisor.destroy();
        try {
            if (!supervisor.waitFor(60, TimeUnit.SECONDS)) {
                supervisor.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (System.getProperty("keep.data") == null) {
            delete(data);
        }
    }

    private static void linkApplications(Path app) throws IOException {
        Files.createDirectories(app);
        for (String service : SERVICES) {
            var module = service + "-service";
            var built = root().resolve(module).resolve("target/quarkus-app");
            if (!Files.exists(built.resolve("quarkus-run.jar"))) {
                throw new IllegalStateException(
                        module + " is not packaged: run ./passerelle test, which builds it first");
            }
            Files.createSymbolicLink(app.resolve(module), built);
        }
    }

    static Path root() {
        return Path.of(System.getProperty("passerelle.root")).toAbsolutePath();
    }

    /** So many neighbouring ports that were free a moment ago. */
    private static int freePorts() {
        for (int tries = 0; tries < 200; tries++) {
            int base = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            boolean free = true;
            for (int port = base; free && port < base + PORTS; port++) {
                free = isFree(port);
            }
            if (free) {
                return base;
            }
        }
        throw new IllegalStateException("No " + PORTS + " neighbouring ports are free");
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void delete(Path directory) {
        try (var walk = Files.walk(directory)) {
            for (Path path : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println("Cannot delete " + directory + ": " + e);
        }
    }

    /** One command key that no other test uses. */
    static String newKey() {
        return java.util.UUID.randomUUID().toString();
    }

    static Map<String, String> withKey(String key) {
        return Map.of("Idempotency-Key", key);
    }
}
