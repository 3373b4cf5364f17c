package org.passerelle.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** One of the four services, as its own JVM. */
final class ServiceComponent implements Component {
    private static final long STOP_SECONDS = 20;

    private final Installation installation;
    private final ServiceName service;

    ServiceComponent(Installation installation, ServiceName service) {
        this.installation = installation;
        this.service = service;
    }

    @Override
    public String name() {
        return service.slug();
    }

    @Override
    public Path log() {
        return installation.log(name());
    }

    @Override
    public Process start() {
        var jar = installation.app().resolve(service.module()).resolve("quarkus-run.jar");
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-jar",
                jar.toString());
        try {
            var builder = new ProcessBuilder(Processes.inOwnSession(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
            builder.environment().putAll(environment());
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name(), e);
        }
    }

    @Override
    public boolean healthy() {
        return Http.status(readiness(installation, service)) == 200;
    }

    @Override
    public void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    static URI readiness(Installation installation, ServiceName service) {
        return URI.create("http://127.0.0.1:" + installation.managementPort(service) + "/q/health/ready");
    }

    private Map<String, String> environment() {
        var database = "postgresql://127.0.0.1:" + installation.postgresPort() + "/" + service.slug();
        var environment = new TreeMap<String, String>();
        environment.put("QUARKUS_PROFILE", "local");
        // A few accounts play a whole country, as fast as this machine can.
        environment.put("PASSERELLE_LIMITS_REQUESTS_PER_MINUTE", "1000000");
        environment.put("PASSERELLE_LIMITS_REQUESTS_PER_MINUTE_BY_SYSTEMS", "1000000");
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", String.valueOf(installation.httpPort(service)));
        environment.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        environment.put("QUARKUS_MANAGEMENT_PORT", String.valueOf(installation.managementPort(service)));
        environment.put("QUARKUS_DATASOURCE_REACTIVE_URL", database);
        environment.put("QUARKUS_DATASOURCE_JDBC_URL", "jdbc:" + database);
        var keys = "postgresql://127.0.0.1:" + installation.postgresPort() + "/" + service.keyDatabase();
        environment.put("QUARKUS_DATASOURCE_KEYS_REACTIVE_URL", keys);
        environment.put("QUARKUS_DATASOURCE_KEYS_JDBC_URL", "jdbc:" + keys);
        environment.put(
                "PASSERELLE_KEYS_ENCRYPTION",
                installation.secret("keys-" + service.slug() + ".json").toUri().toString());
        environment.put("PASSERELLE_KEYS_CREATE_FILE", "true");
        environment.put("QUARKUS_DATASOURCE_USERNAME", PostgresNode.USER);
        environment.put("QUARKUS_DATASOURCE_PASSWORD", installation.databasePassword());
        environment.put("QUARKUS_FLYWAY_MIGRATE_AT_START", "true");
        environment.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + installation.kafkaPort());
        environment.put("QUARKUS_OIDC_AUTH_SERVER_URL", installation.issuer());
        environment.put("PASSERELLE_TOPIC_PARTITIONS", String.valueOf(Supervisor.TOPIC_PARTITIONS));
        environment.putAll(new WitnessRing(installation).environment(service));
        environment.putAll(installation.linkKeys().environment(service));
        environment.putAll(installation.avoidanceKeys().environment(service));
        if (service == ServiceName.REPORTING) {
            environment.put(
                    "PASSERELLE_DEMONSTRATION_USERS",
                    installation.demonstrationUsers().toString());
        }
        return environment;
    }
}
