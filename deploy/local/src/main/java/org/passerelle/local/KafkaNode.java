package org.passerelle.local;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/** One Kafka node on the loopback interface, in a JVM and on a class path of its own. */
public final class KafkaNode implements AutoCloseable {
    private static final String MAIN = "org.passerelle.local.kafka.KafkaNodeMain";
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final long RETENTION_MS = Duration.ofDays(30).toMillis();

    private final Path data;
    private final Path log;
    private final int port;
    private final int controllerPort;
    private final int advertisedPort;
    private volatile @Nullable Process process;

    public KafkaNode(Path data, Path log, int port, int controllerPort) {
        this(data, log, port, controllerPort, port);
    }

    /** @param advertisedPort where clients are told to connect: that of a proxy in front of the node */
    public KafkaNode(Path data, Path log, int port, int controllerPort, int advertisedPort) {
        this.data = data.toAbsolutePath();
        this.log = log.toAbsolutePath();
        this.port = port;
        this.controllerPort = controllerPort;
        this.advertisedPort = advertisedPort;
    }

    /** Starts the node and returns when it answers. */
    public Process start() {
        try {
            var started = new ProcessBuilder(Processes.inOwnSession(command()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            process = started;
            awaitReady(started);
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        var running = process;
        if (running == null || !running.isAlive()) {
            return;
        }
        running.destroy();
        try {
            if (!running.waitFor(15, TimeUnit.SECONDS)) {
                running.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** Creates a topic that keeps its records for 30 days, unless it is there. */
    public void createTopic(String name, int partitions) {
        createTopic(bootstrap(), name, partitions);
    }

    static void createTopic(String bootstrap, String name, int partitions) {
        try (var admin = admin(bootstrap)) {
            var topic = new NewTopic(name, partitions, (short) 1)
                    .configs(Map.of("retention.ms", String.valueOf(RETENTION_MS)));
            admin.createTopics(List.of(topic)).all().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException("cannot create the topic " + name, e.getCause());
            }
        } catch (java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("cannot create the topic " + name + ": Kafka does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while creating the topic " + name, e);
        }
    }

    /** A new JVM on a busy machine takes seconds to load Kafka's client: a shorter wait would call a healthy node down. */
    boolean answers() {
        if (!Ports.isListenedOn(port)) {
            return false;
        }
        try (var admin = admin(bootstrap())) {
            return !admin.describeCluster().nodes().get(20, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Admin admin(String bootstrap) {
        // Kafka's client loads its parts by the context class loader, which in a Quarkus test is not that of this
        // class.
        Thread thread = Thread.currentThread();
        ClassLoader context = thread.getContextClassLoader();
        thread.setContextClassLoader(KafkaNode.class.getClassLoader());
        try {
            return Admin.create(Map.of(
                    AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                    bootstrap,
                    AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                    500,
                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    5_000,
                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                    60_000));
        } finally {
            thread.setContextClassLoader(context);
        }
    }

    private List<String> command() {
        var built = built();
        var classPath = built.resolve("classes") + File.pathSeparator + built.resolve("lib") + "/*";
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx400m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                MAIN,
                data.toString(),
                String.valueOf(port),
                String.valueOf(controllerPort),
                String.valueOf(ProcessHandle.current().pid()),
                String.valueOf(advertisedPort));
    }

    /** The directory with the node's classes and libraries: the launcher's copy, else the checkout's. */
    private static Path built() {
        var copy = System.getProperty("passerelle.kafka-node");
        if (copy != null) {
            return Path.of(copy);
        }
        return Checkout.root()
                .map(root -> root.resolve("deploy/local/kafka-node/target"))
                .filter(directory -> Files.isDirectory(directory.resolve("lib")))
                .orElseThrow(() -> new IllegalStateException(
                        "the Kafka node is not built: run `mvn -pl deploy/local/kafka-node compile` in the checkout,"
                                + " or name the checkout by -Dpasserelle.root"));
    }

    private void awaitReady(Process started) {
        var deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!listens()) {
            if (!started.isAlive()) {
                throw new IllegalStateException("Kafka ended while starting; its log is " + log);
            }
            if (System.nanoTime() > deadline) {
                started.destroyForcibly();
                throw new IllegalStateException(
                        "Kafka did not start within " + START_LIMIT.toSeconds() + " s; its log is " + log);
            }
            pause();
        }
        while (!answers()) {
            if (!started.isAlive() || System.nanoTime() > deadline) {
                started.destroyForcibly();
                throw new IllegalStateException("Kafka does not answer; its log is " + log);
            }
        }
    }

    /** Asking by a raw connection first spares the log the admin client's complaints. */
    private boolean listens() {
        try (var socket = new java.net.Socket()) {
            socket.connect(new java.net.InetSocketAddress("127.0.0.1", port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Kafka was starting", e);
        }
    }
}
