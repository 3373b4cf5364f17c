package org.passerelle.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Real PostgreSQL and Kafka, and the login server, for the tests of one JVM.
 *
 * <p>The system property {@code backends} says where they come from: {@code embedded} (default) starts both on this
 * machine, {@code containers} has Testcontainers start them on a Docker engine.
 */
public abstract sealed class Backends permits EmbeddedBackends, ContainerBackends {
    private static @Nullable Backends shared;
    private @Nullable LoginServer login;

    Backends() {}

    /** Started once per JVM, stopped when it ends. */
    public static synchronized Backends shared() {
        if (shared == null) {
            var kind = System.getProperty("backends", "embedded");
            shared = switch (kind) {
                case "embedded" -> EmbeddedBackends.start();
                case "containers" -> ContainerBackends.start();
                default ->
                    throw new IllegalArgumentException("backends must be embedded or containers, not '" + kind + "'");
            };
        }
        return shared;
    }

    public abstract String jdbcUrl(String database);

    /** For the reactive PostgreSQL client. */
    public final String reactiveUrl(String database) {
        return jdbcUrl(database).substring("jdbc:".length());
    }

    public abstract String user();

    public abstract String password();

    /** Creates a database unless it is there. */
    public abstract void createDatabase(String name);

    public abstract String kafkaBootstrap();

    /** Creates a topic that keeps its records for 30 days, unless it is there. */
    public final void createTopic(String name, int partitions) {
        KafkaNode.createTopic(kafkaBootstrap(), name, partitions);
    }

    /** Address of the login server's issuer; it starts at the first call. */
    public final String issuer() {
        return login().issuer();
    }

    /** The login server, started at the first call. */
    public final synchronized LoginServer login() {
        if (login == null) {
            login = LoginServer.start("test", 0, null, null, LoginUser.demonstration());
        }
        return login;
    }

    static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("passerelle-backends-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
