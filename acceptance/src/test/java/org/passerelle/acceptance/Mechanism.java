package org.passerelle.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.passerelle.local.Backends;
import org.passerelle.local.LoginUser;

/** The identification-service of one country: a process with databases, keys, log and organisation of its own. */
final class Mechanism implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    /** Keeps its cases, and answers arrivals. */
    final String desk = UUID.randomUUID().toString();

    private final Backends backends;
    private final Path log;
    private final Process process;
    private final int port = freePort();
    private final int managementPort = freePort();

    /** @param settings of the exchange, and the address of its Kafka */
    Mechanism(String country, Backends backends, Path directory, Map<String, String> settings) {
        this.backends = backends;
        this.log = directory.resolve(country + ".log");
        String database = "mechanism_" + country.toLowerCase(Locale.ROOT);
        backends.createDatabase(database);
        backends.createDatabase(database + "_keys");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"));
        set(command, "quarkus.profile", "test");
        set(command, "quarkus.http.host", "127.0.0.1");
        set(command, "quarkus.http.port", "" + port);
        set(command, "quarkus.management.host", "127.0.0.1");
        set(command, "quarkus.management.port", "" + managementPort);
        set(command, "quarkus.datasource.reactive.url", backends.reactiveUrl(database));
        set(command, "quarkus.datasource.jdbc.url", backends.jdbcUrl(database));
        set(command, "quarkus.datasource.keys.reactive.url", backends.reactiveUrl(database + "_keys"));
        set(command, "quarkus.datasource.keys.jdbc.url", backends.jdbcUrl(database + "_keys"));
        set(command, "quarkus.datasource.username", backends.user());
        set(command, "quarkus.datasource.password", backends.password());
        set(command, "quarkus.flyway.migrate-at-start", "true");
        set(command, "quarkus.oidc.auth-server-url", backends.issuer());
        set(
                command,
                "passerelle.keys.encryption",
                directory.resolve(country + "-keys.json").toUri().toString());
        set(command, "passerelle.keys.create-file", "true");
        set(command, "passerelle.topic.partitions", "6");
        // referral-service, which would say every minute that it is there, is not part of this.
        set(command, "passerelle.access.silence", "PT1H");
        set(command, "passerelle.cross-border.country", country);
        set(
                command,
                "passerelle.cross-border.keys",
                directory.resolve(country + ".json").toString());
        set(command, "passerelle.cross-border.desk", desk);
        set(command, "passerelle.cross-border.patience", "PT0.5S");
        settings.forEach((name, value) -> set(command, name, value));
        command.add("-jar");
        command.add(RunningPlatform.root()
                .resolve("identification-service/target/quarkus-app/quarkus-run.jar")
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

    private static void set(List<String> command, String name, String value) {
        command.add("-D" + name + "=" + value);
    }

    void awaitReady() {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (!ready()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException("identification-service did not start; its log is " + log);
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

    URI messages() {
        return uri("/cross-border/messages");
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + "/identification" + path);
    }

    /** Somebody of the organisation that keeps its cases. */
    private HttpRequest.Builder as(String role, String path) {
        String token = backends.login()
                .token(new LoginUser(role + "-" + desk.substring(0, 8), role, List.of(role), desk, null, null));
        return HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer " + token)
                .header("Accept-Language", "en")
                .header("Idempotency-Key", UUID.randomUUID().toString());
    }

    HttpResponse<String> get(String path) {
        return send(as("case-worker", path));
    }

    HttpResponse<String> getAs(String role, String path) {
        return send(as(role, path));
    }

    JsonNode read(String path) {
        HttpResponse<String> answer = get(path);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return json(answer.body());
    }

    JsonNode post(String path, String body) {
        HttpResponse<String> answer = tryPost(path, body);
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return json(answer.body());
    }

    HttpResponse<String> tryPost(String path, String body) {
        HttpRequest.Builder request = as("case-worker", path).header("Content-Type", "application/json");
        if (path.endsWith("/withdrawal")) {
            request.header("If-Match", version(path));
        }
        return send(request.POST(BodyPublishers.ofString(body)));
    }

    private String version(String path) {
        return get(path.replaceFirst("/consents/.*", ""))
                .headers()
                .firstValue("ETag")
                .orElseThrow();
    }

    HttpResponse<String> carry(String file) {
        return send(as("case-worker", "/cross-border/imports")
                .header("Content-Type", "application/jose")
                .POST(BodyPublishers.ofString(file)));
    }

    /** As another country's installation would. */
    HttpResponse<String> message(String proof, String file) {
        return send(HttpRequest.newBuilder(messages())
                .header("Content-Type", "application/jose")
                .header("Accept-Language", "en")
                .header("Passerelle-Proof", proof)
                .POST(BodyPublishers.ofString(file)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
