package org.passerelle.acceptance.torture.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.passerelle.acceptance.torture.node.Node;
import org.passerelle.acceptance.torture.node.Settings;

/** One node with its own way to its database; what is killed can be started again under the same name. */
public final class Replica implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Node.Role role;
    private final String name;
    private final Path directory;
    private final Proxy toDatabase;
    private final String password;
    private final int kafkaPort;
    private volatile @Nullable Process process;
    private int port;

    Replica(Node.Role role, String name, Path directory, int databasePort, String password, int kafkaPort) {
        this.role = role;
        this.name = name;
        this.directory = directory;
        this.toDatabase = new Proxy(databasePort);
        this.password = password;
        this.kafkaPort = kafkaPort;
    }

    public String name() {
        return name;
    }

    public Proxy toDatabase() {
        return toDatabase;
    }

    /** Starts the process without waiting for it. */
    public void launch() {
        try {
            forgetPort();
            ProcessBuilder builder = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Node.class.getName(),
                            role.name(),
                            portFile().toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            directory.resolve(name + ".log").toFile()));
            builder.environment()
                    .putAll(new Settings(
                                    name,
                                    toDatabase.port(),
                                    Database.ROLE,
                                    password,
                                    "127.0.0.1:" + kafkaPort,
                                    ProcessHandle.current().pid())
                            .toEnvironment());
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path portFile() {
        return directory.resolve(name + ".port");
    }

    /** Waits until the process answers. */
    public void awaitUp() {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        Process started = process;
        while (!Files.exists(portFile())) {
            if (started == null || !started.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException(name + " did not start; its log is in " + directory);
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    /** In one step for those who ask: else one of them may read the last process's port and keep it for this one's. */
    private synchronized void forgetPort() throws IOException {
        Files.deleteIfExists(portFile());
        port = 0;
    }

    /** Where it answers; null as long as it does not. */
    public synchronized @Nullable URI address() {
        if (port == 0) {
            try {
                if (!Files.exists(portFile())) {
                    return null;
                }
                port = Integer.parseInt(Files.readString(portFile()).strip());
            } catch (IOException | NumberFormatException notYet) {
                return null;
            }
        }
        return URI.create("http://127.0.0.1:" + port);
    }

    public boolean alive() {
        Process current = process;
        return current != null && current.isAlive();
    }

    public void kill() {
        Process current = process;
        if (current != null) {
            Signals.kill(current);
        }
    }

    /** Asks it to stop in order, and waits for that. */
    public void stop() {
        Process current = process;
        if (current != null) {
            current.destroy();
            try {
                if (!current.waitFor(15, java.util.concurrent.TimeUnit.SECONDS)) {
                    Signals.kill(current);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    public void freeze() {
        Process current = process;
        if (current != null) {
            Signals.send(current, "STOP");
        }
    }

    public void thaw() {
        Process current = process;
        if (current != null) {
            Signals.send(current, "CONT");
        }
    }

    @Override
    public void close() {
        thaw();
        kill();
        toDatabase.close();
    }
}
