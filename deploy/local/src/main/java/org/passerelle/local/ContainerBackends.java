package org.passerelle.local;

import java.sql.DriverManager;
import java.sql.SQLException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * PostgreSQL and Kafka in containers.
 *
 * <p>Images: system properties {@code backends.postgres.image} and {@code backends.kafka.image}, or the environment
 * variables PASSERELLE_POSTGRES_IMAGE and PASSERELLE_KAFKA_IMAGE; they may name images made on this machine.
 */
final class ContainerBackends extends Backends {
    private final PostgreSQLContainer postgres;
    private final KafkaContainer kafka;

    private ContainerBackends() {
        postgres = new PostgreSQLContainer(
                        image("backends.postgres.image", "PASSERELLE_POSTGRES_IMAGE", "postgres:18", "postgres"))
                .withDatabaseName("postgres")
                .withUsername(PostgresNode.USER);
        kafka = new KafkaContainer(
                image("backends.kafka.image", "PASSERELLE_KAFKA_IMAGE", "apache/kafka:4.2.0", "apache/kafka"));
    }

    static Backends start() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new IllegalStateException("-Dbackends=containers needs a Docker engine, and none answers on this"
                    + " machine; leave the property out to use embedded PostgreSQL and Kafka.");
        }
        var backends = new ContainerBackends();
        Runtime.getRuntime().addShutdownHook(new Thread(backends::stop, "backends-stop"));
        backends.postgres.start();
        backends.kafka.start();
        return backends;
    }

    private void stop() {
        postgres.stop();
        kafka.stop();
    }

    private static DockerImageName image(String property, String variable, String usual, String substituteFor) {
        var fromEnvironment = System.getenv().getOrDefault(variable, usual);
        return DockerImageName.parse(System.getProperty(property, fromEnvironment))
                .asCompatibleSubstituteFor(substituteFor);
    }

    @Override
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + postgres.getHost() + ":" + postgres.getFirstMappedPort() + "/" + database;
    }

    @Override
    public String user() {
        return postgres.getUsername();
    }

    @Override
    public String password() {
        return postgres.getPassword();
    }

    @Override
    public void createDatabase(String name) {
        try (var connection = DriverManager.getConnection(jdbcUrl("postgres"), user(), password())) {
            Databases.createIfAbsent(connection, name);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create the database " + name, e);
        }
    }

    @Override
    public String kafkaBootstrap() {
        return kafka.getBootstrapServers();
    }
}
