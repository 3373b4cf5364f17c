package org.passerelle.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Keycloak of this machine, on loopback, its data in memory. It has imported the realm that is shipped, as it is, and once
 * more under another name: a login server of somebody else's, with the same clients, roles and audience.
 */
final class Keycloak implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(8);
    private static final String SHIPPED = "passerelle";
    private static final String ELSEWHERE = "elsewhere";
    private static final String PASSWORD = UUID.randomUUID().toString();

    private final Process process;
    private final URI base;
    private final Path log;

    /** @param home where the distribution was unpacked; takes the realms to import */
    Keycloak(Path home, Path realm, Path directory) {
        int port = ServiceProcess.freePort();
        base = URI.create("http://127.0.0.1:" + port);
        log = directory.resolve("keycloak.log");
        ProcessBuilder start = new ProcessBuilder(
                        home.resolve("bin/kc.sh").toString(),
                        "start-dev",
                        "--import-realm",
                        "--db=dev-mem",
                        "--cache=local",
                        "--http-host=127.0.0.1",
                        "--http-port=" + port,
                        "--http-management-port=" + ServiceProcess.freePort())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // Those of the tests choose a collector; it chooses its own.
        start.environment().remove("JDK_JAVA_OPTIONS");
        start.environment()
                .putAll(Map.of(
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "JAVA_OPTS_KC_HEAP",
                        "-Xmx400m",
                        // Its threads need it from Java 24 on.
                        "JAVA_OPTS_APPEND",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "KC_BOOTSTRAP_ADMIN_USERNAME",
                        "admin",
                        "KC_BOOTSTRAP_ADMIN_PASSWORD",
                        PASSWORD));
        try {
            Path imported = Files.createDirectories(home.resolve("data/import"));
            String shipped = Files.readString(realm);
            Files.writeString(imported.resolve(SHIPPED + "-realm.json"), shipped);
            Files.writeString(
                    imported.resolve(ELSEWHERE + "-realm.json"),
                    shipped.replace("\"realm\": \"" + SHIPPED + "\"", "\"realm\": \"" + ELSEWHERE + "\""));
            process = start.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    void awaitReady() {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (!ready()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException("Keycloak did not start:\n" + said());
            }
            RunningPlatform.pause(Duration.ofMillis(500));
        }
    }

    private String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean ready() {
        URI metadata = URI.create(shipped().issuer() + "/.well-known/openid-configuration");
        try {
            return Http.send(HttpRequest.newBuilder(metadata)).statusCode() == 200;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    KeycloakRealm shipped() {
        return new KeycloakRealm(this, SHIPPED);
    }

    KeycloakRealm elsewhere() {
        return new KeycloakRealm(this, ELSEWHERE);
    }

    URI uri(String path) {
        return base.resolve(path);
    }

    /** As its administrator. */
    JsonNode admin(String method, String path, @Nullable JsonNode body, int status) {
        HttpResponse<String> answer = Http.send(HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer " + administrators())
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString())));
        if (answer.statusCode() != status) {
            throw new IllegalStateException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return Http.json(answer.body());
    }

    private String administrators() {
        URI tokens = uri("/realms/master/protocol/openid-connect/token");
        return Http.json(Http.send(Http.form(
                                tokens,
                                Map.of(
                                        "grant_type",
                                        "password",
                                        "client_id",
                                        "admin-cli",
                                        "username",
                                        "admin",
                                        "password",
                                        PASSWORD)))
                        .body())
                .path("access_token")
                .asText();
    }

    /** Its script starts the server as a child. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
