package org.passerelle.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.passerelle.local.Backends;

/** One of the services by itself: a process with databases, keys and ports of its own, as the build has packaged it. */
final class ServiceProcess implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    private final String service;
    private final Path log;
    private final Process process;
    private final int port = freePort();
    private final int managementPort = freePort();

    /**
     * @param service  identification, referral ...
     * @param name     of its databases and files
     * @param settings win over those that are the same for all
     */
    ServiceProcess(String service, String name, Backends backends, Path directory, Map<String, String> settings) {
        this.service = service;
        this.log = directory.resolve(name + ".log");
        backends.createDatabase(name);
        backends.createDatabase(name + "_keys");
        Map<String, String> all = new TreeMap<>();
        all.put("quarkus.profile", "test");
        all.put("quarkus.http.host", "127.0.0.1");
        all.put("quarkus.http.port", "" + port);
        all.put("quarkus.management.host", "127.0.0.1");
        all.put("quarkus.management.port", "" + managementPort);
        all.put("quarkus.datasource.reactive.url", backends.reactiveUrl(name));
        all.put("quarkus.datasource.jdbc.url", backends.jdbcUrl(name));
        all.put("quarkus.datasource.keys.reactive.url", backends.reactiveUrl(name + "_keys"));
        all.put("quarkus.datasource.keys.jdbc.url", backends.jdbcUrl(name + "_keys"));
        all.put("quarkus.datasource.username", backends.user());
        all.put("quarkus.datasource.password", backends.password());
        all.put("kafka.bootstrap.servers", backends.kafkaBootstrap());
        all.put("quarkus.flyway.migrate-at-start", "true");
        all.put(
                "passerelle.keys.encryption",
                directory.resolve(name + "-keys.json").toUri().toString());
        all.put("passerelle.keys.create-file", "true");
        all.put("passerelle.topic.partitions", "6");
        all.putAll(settings);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"));
        all.forEach((setting, value) -> command.add("-D" + setting + "=" + value));
        command.add("-jar");
        command.add(RunningPlatform.root()
                .resolve(service + "-service/target/quarkus-app/quarkus-run.jar")
                .toString());
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    void awaitReady() {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (!ready()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException(service + "-service did not start; its log is " + log);
            }
            RunningPlatform.pause(Duration.ofMillis(100));
        }
    }

    private boolean ready() {
        try {
            URI health = URI.create("http://127.0.0.1:" + managementPort + "/q/health/ready");
            return HTTP.send(HttpRequest.newBuilder(health).build(), BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** @param path below the service's own */
    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + "/" + service + path);
    }

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
