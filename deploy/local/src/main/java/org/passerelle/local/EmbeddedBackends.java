package org.passerelle.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/** PostgreSQL and Kafka as processes of this machine, on free ports, on data that goes with them. */
final class EmbeddedBackends extends Backends {
    private final Path directory;
    private final String password =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    private final PostgresNode postgres;
    private final KafkaNode kafka;

    private EmbeddedBackends() {
        directory = temporaryDirectory();
        var binaries = Checkout.root()
                .map(root -> root.resolve("deploy/local/target"))
                .orElse(Path.of(System.getProperty("java.io.tmpdir")))
                .resolve("postgres");
        postgres = new PostgresNode(
                binaries,
                directory.resolve("postgres"),
                directory.resolve("postgres.log"),
                Ports.free(),
                password,
                PostgresNode.Durability.valueOf(
                        System.getProperty("backends.durability", PostgresNode.Durability.UNTIL_POWER_CUT.name())));
        kafka = new KafkaNode(directory.resolve("kafka"), directory.resolve("kafka.log"), Ports.free(), Ports.free());
    }

    static Backends start() {
        var backends = new EmbeddedBackends();
        Runtime.getRuntime().addShutdownHook(new Thread(backends::stop, "backends-stop"));
        var kafka = CompletableFuture.runAsync(backends.kafka::start);
        var postmaster = backends.postgres.start();
        // Kafka ends by itself when its parent is gone; PostgreSQL needs somebody who watches.
        Guard.overPostmaster(postmaster.pid(), backends.directory);
        kafka.join();
        return backends;
    }

    private void stop() {
        postgres.close();
        kafka.close();
        try {
            PostgresBinaries.delete(directory);
        } catch (IOException leftInTheTemporaryDirectory) {
            System.err.println("could not delete " + directory + ": " + leftInTheTemporaryDirectory.getMessage());
        }
    }

    @Override
    public String jdbcUrl(String database) {
        return postgres.jdbcUrl(database);
    }

    @Override
    public String user() {
        return PostgresNode.USER;
    }

    @Override
    public String password() {
        return password;
    }

    @Override
    public void createDatabase(String name) {
        postgres.createDatabase(name);
    }

    @Override
    public String kafkaBootstrap() {
        return kafka.bootstrap();
    }
}
