package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.passerelle.local.Backends;
import org.passerelle.local.demonstration.Addresses;
import org.passerelle.local.demonstration.Cast;
import org.passerelle.local.demonstration.Demo;
import org.passerelle.local.demonstration.PlatformClient;
import org.passerelle.local.demonstration.Road;

/**
 * The four images as a cluster runs them: built from their Dockerfiles without a network, migrated by a container that
 * ends, then as nobody in particular on a root file system that cannot be written, down the whole road.
 *
 * <p>Skipped where no Docker engine answers. The base image is the system property {@code base.image}, else the
 * environment's PASSERELLE_BASE_IMAGE, else the default of the Dockerfiles; {@code deploy/images/make-local-images}
 * makes one where no registry is in reach.
 */
@Tag("images")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ImagesTest {

    private static final List<String> SERVICES = List.of("identification", "referral", "assistance", "reporting");
    private static final String DEFAULT_BASE = "eclipse-temurin:25-jre";
    private static final String RUN = UUID.randomUUID().toString().substring(0, 8);
    private static final int PARTITIONS = 6;
    private static final Duration READY = Duration.ofMinutes(5);

    private record Ports(int http, int management) {}

    private static final Map<String, Ports> PORTS = new LinkedHashMap<>();

    /** Why nothing can be run here. Said for each test: a class that is left out whole would leave no word. */
    private static @Nullable String missing;

    @BeforeAll
    static void build() throws IOException {
        if (!Docker.answers()) {
            missing = "no Docker engine answers on this machine, so no image is built or run";
            return;
        }
        String base =
                System.getProperty("base.image", System.getenv().getOrDefault("PASSERELLE_BASE_IMAGE", DEFAULT_BASE));
        if (!Docker.has(base) && base.equals(DEFAULT_BASE)) {
            missing = "the base image " + base + " is not to be had here: name one by PASSERELLE_BASE_IMAGE"
                    + " (deploy/images/make-local-images makes one without a registry)";
            return;
        }
        assertThat(Docker.has(base))
                .as("the base image %s is on this machine", base)
                .isTrue();
        for (String service : SERVICES) {
            assertThat(Docker.checkout().resolve(service + "-service/target/quarkus-app/quarkus-run.jar"))
                    .as("%s-service is packaged (./passerelle test images does it)", service)
                    .matches(Files::exists);
            Docker.run(
                            Duration.ofMinutes(5),
                            "build",
                            "--network",
                            "none",
                            "--build-arg",
                            "BASE_IMAGE=" + base,
                            "-t",
                            image(service),
                            "-f",
                            service + "-service/Dockerfile",
                            ".")
                    .orFail("building the image of " + service);
            PORTS.put(service, new Ports(freePort(), freePort()));
        }
        Backends backends = Backends.shared();
        SERVICES.forEach(backends::createDatabase);
        SERVICES.forEach(service -> backends.createDatabase(service + "_keys"));
        List.of("identification", "referral", "assistance")
                .forEach(topic -> backends.createTopic("passerelle." + topic, PARTITIONS));
    }

    @BeforeEach
    void needsAnEngine() {
        assumeTrue(missing == null, () -> String.valueOf(missing));
    }

    @AfterAll
    static void clear() {
        for (String service : PORTS.keySet()) {
            Docker.run(Duration.ofMinutes(1), "rm", "-f", container(service));
            Docker.run(Duration.ofMinutes(1), "rmi", "-f", image(service));
        }
    }

    @Test
    @Order(1)
    void anImageHoldsTheApplicationAndNoSources() {
        for (String service : SERVICES) {
            String config = Docker.run(
                            Duration.ofSeconds(20),
                            "image",
                            "inspect",
                            "--format",
                            "{{.Config.User}} {{json .Config.Entrypoint}}",
                            image(service))
                    .orFail("inspecting " + service);
            assertThat(config).isEqualTo("1001:1001 [\"java\",\"-jar\",\"/app/quarkus-run.jar\"]");

            String files = Docker.run(
                            Duration.ofMinutes(1),
                            "run",
                            "--rm",
                            "--entrypoint",
                            "find",
                            image(service),
                            "/app",
                            "-maxdepth",
                            "1",
                            "-mindepth",
                            "1")
                    .orFail("listing " + service);
            assertThat(files.lines())
                    .containsExactlyInAnyOrder("/app/lib", "/app/app", "/app/quarkus", "/app/quarkus-run.jar");
        }
    }

    @Test
    @Order(2)
    void aMigrationEndsByItselfAndCanBeRepeated() {
        SERVICES.forEach(ImagesTest::migrate);
        migrate(SERVICES.getFirst());
    }

    private static void migrate(String service) {
        List<String> command = restricted("--rm");
        database(service, command);
        set(
                command,
                Map.of(
                        "QUARKUS_FLYWAY_MIGRATE_AT_START", "true",
                        "QUARKUS_INIT_AND_EXIT", "true",
                        "QUARKUS_OIDC_TENANT_ENABLED", "false",
                        "QUARKUS_OIDC_CONSOLE_TENANT_ENABLED", "false"));
        command.add(image(service));
        Docker.run(READY, command.toArray(String[]::new)).orFail("the migration of " + service);
    }

    @Test
    @Order(3)
    void theServicesRunAsNobodyOnAReadOnlyFileSystem() throws Exception {
        for (String service : SERVICES) {
            List<String> command = restricted("-d");
            database(service, command);
            serving(service, command);
            command.addAll(List.of("--name", container(service), image(service)));
            Docker.run(Duration.ofMinutes(1), command.toArray(String[]::new)).orFail("starting " + service);
        }
        for (String service : SERVICES) {
            awaitReady(service);
            assertThat(inside(service, "id", "-u").orFail("id")).isEqualTo("1001");
            assertThat(inside(service, "touch", "/app/written").exit())
                    .as("%s can write its own files", service)
                    .isNotZero();
            assertThat(inside(service, "touch", "/tmp/written").exit()).isZero();
        }
    }

    @Test
    @Order(4)
    void aCaseWalksTheWholeRoad() {
        var client = new PlatformClient(
                new Addresses(
                        address("identification"),
                        address("referral"),
                        address("assistance"),
                        address("reporting"),
                        URI.create(Backends.shared().issuer() + "/token")),
                Duration.ofMinutes(2));
        client.command("coordination", "/referral/directory/imports", Cast.directory(), "images-directory");
        List<String> said = new ArrayList<>();

        var played = new Demo(client, "en", Clock.systemUTC(), said::add, step -> {}).play("images-" + RUN);

        assertThat(played.timeline())
                .extracting(Road::kind)
                .contains("case-detected", "offer-declined", "offer-accepted", "service-delivered", "case-closed");
        said.forEach(System.out::println);
    }

    @Test
    @Order(5)
    void aStopIsGraceful() {
        for (String service : SERVICES) {
            Docker.run(Duration.ofMinutes(2), "stop", "-t", "60", container(service))
                    .orFail("stopping " + service);
            String exit = Docker.run(
                            Duration.ofSeconds(20), "inspect", "--format", "{{.State.ExitCode}}", container(service))
                    .orFail("inspecting " + service);
            assertThat(exit)
                    .as("exit code of %s: by the signal, not killed after the grace period (137)", service)
                    .isIn("143", "0");
        }
    }

    /** As the chart's security context has it; the host's network, because the login server is on loopback only. */
    private static List<String> restricted(String how) {
        return new ArrayList<>(List.of(
                "run",
                how,
                "--network",
                "host",
                "--read-only",
                "--tmpfs",
                "/tmp:size=128m",
                "--cap-drop",
                "ALL",
                "--security-opt",
                "no-new-privileges",
                "--memory",
                "768m"));
    }

    private static Ports ports(String service) {
        return Objects.requireNonNull(PORTS.get(service), service);
    }

    private static void database(String service, List<String> command) {
        Backends backends = Backends.shared();
        set(
                command,
                Map.of(
                        "QUARKUS_PROFILE", "prod",
                        "QUARKUS_DATASOURCE_REACTIVE_URL", backends.reactiveUrl(service),
                        "QUARKUS_DATASOURCE_JDBC_URL", backends.jdbcUrl(service),
                        "QUARKUS_DATASOURCE_KEYS_REACTIVE_URL", backends.reactiveUrl(service + "_keys"),
                        "QUARKUS_DATASOURCE_KEYS_JDBC_URL", backends.jdbcUrl(service + "_keys"),
                        "PASSERELLE_KEYS_ENCRYPTION", "file:///tmp/keys.json",
                        "QUARKUS_DATASOURCE_USERNAME", backends.user(),
                        "QUARKUS_DATASOURCE_PASSWORD", backends.password()));
    }

    private static void serving(String service, List<String> command) {
        Backends backends = Backends.shared();
        Ports ports = ports(service);
        set(
                command,
                Map.of(
                        "QUARKUS_HTTP_HOST", "127.0.0.1",
                        "QUARKUS_HTTP_PORT", String.valueOf(ports.http()),
                        "QUARKUS_MANAGEMENT_HOST", "127.0.0.1",
                        "QUARKUS_MANAGEMENT_PORT", String.valueOf(ports.management()),
                        "KAFKA_BOOTSTRAP_SERVERS", backends.kafkaBootstrap(),
                        "QUARKUS_OIDC_AUTH_SERVER_URL", backends.issuer(),
                        "PASSERELLE_CONSOLE_CLIENT_SECRET", UUID.randomUUID().toString(),
                        "PASSERELLE_TOPIC_PARTITIONS", String.valueOf(PARTITIONS),
                        "PASSERELLE_KEYS_CREATE_FILE", "true",
                        "QUARKUS_FLYWAY_MIGRATE_AT_START", "false"));
    }

    private static void set(List<String> command, Map<String, String> environment) {
        environment.forEach((name, value) -> command.addAll(List.of("-e", name + "=" + value)));
    }

    private static Docker.Ended inside(String service, String... command) {
        List<String> arguments = new ArrayList<>(List.of("exec", container(service)));
        arguments.addAll(List.of(command));
        return Docker.run(Duration.ofSeconds(20), arguments.toArray(String[]::new));
    }

    private static void awaitReady(String service) throws InterruptedException {
        var health = HttpRequest.newBuilder(
                        loopback(ports(service).management()).resolve("/q/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        long end = System.nanoTime() + READY.toNanos();
        try (var http = HttpClient.newHttpClient()) {
            while (System.nanoTime() < end) {
                try {
                    if (http.send(health, BodyHandlers.discarding()).statusCode() == 200) {
                        return;
                    }
                } catch (IOException notYet) {
                    // Refused until the service listens; the log below tells if it never does.
                }
                Thread.sleep(250);
            }
        }
        throw new IllegalStateException(service + " was not ready after " + READY + ":\n"
                + Docker.run(Duration.ofSeconds(20), "logs", "--tail", "60", container(service))
                        .output());
    }

    private static URI address(String service) {
        return loopback(ports(service).http());
    }

    private static URI loopback(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    private static String image(String service) {
        return "passerelle-test/" + service + ":" + RUN;
    }

    private static String container(String service) {
        return "passerelle-" + service + "-" + RUN;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
