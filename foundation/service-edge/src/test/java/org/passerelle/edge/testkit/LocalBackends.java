package org.passerelle.edge.testkit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.passerelle.local.AvoidanceKeys;
import org.passerelle.local.Backends;
import org.passerelle.local.LinkKeys;
import org.passerelle.proof.ServiceKeys;

/** A service under test on real parts, with a database of its own. */
public class LocalBackends implements QuarkusTestResourceLifecycleManager {

    /** Tests run in another class loader than this resource: system properties reach both. */
    static final String ISSUER = "passerelle.test.issuer";

    /** The file with the key that lets in by links. */
    public static final String LINK_KEYS = "passerelle.test.link-keys";

    /** The file with the key that opens what a case avoids. */
    public static final String AVOIDANCE_KEYS = "passerelle.test.avoidance-keys";

    /** Where the keys of {@link #NEIGHBOUR} are. */
    private static final String NEIGHBOURS_KEYS = "passerelle.test.neighbour";

    /** A log that the service under test witnesses. */
    static final String NEIGHBOUR = "neighbour";

    public static final int PARTITIONS = 6;

    static ServiceKeys neighbour() {
        return ServiceKeys.in(Path.of(System.getProperty(NEIGHBOURS_KEYS)), NEIGHBOUR);
    }

    @Override
    public Map<String, String> start() {
        Backends backends = Backends.shared();
        String database = "test_" + UUID.randomUUID().toString().substring(0, 8);
        backends.createDatabase(database);
        backends.createDatabase(database + "_keys");
        for (String service : List.of("identification", "referral", "assistance", "sample")) {
            backends.createTopic("passerelle." + service, PARTITIONS);
        }
        System.setProperty(ISSUER, backends.issuer());
        Path secrets = directory(database);
        LinkKeys links = new LinkKeys(secrets.resolve("link-keys.json")).prepare();
        System.setProperty(LINK_KEYS, secrets.resolve("link-keys.json").toString());
        Path avoidanceKeys = secrets.resolve("avoidance-keys.json");
        AvoidanceKeys avoidance = new AvoidanceKeys(avoidanceKeys).prepare();
        System.setProperty(AVOIDANCE_KEYS, avoidanceKeys.toString());
        System.setProperty(NEIGHBOURS_KEYS, proofKeys());
        return Map.ofEntries(
                Map.entry("quarkus.http.test-port", "0"),
                Map.entry("quarkus.management.test-port", "0"),
                Map.entry("quarkus.datasource.reactive.url", backends.reactiveUrl(database)),
                Map.entry("quarkus.datasource.jdbc.url", backends.jdbcUrl(database)),
                Map.entry("quarkus.datasource.keys.reactive.url", backends.reactiveUrl(database + "_keys")),
                Map.entry("quarkus.datasource.keys.jdbc.url", backends.jdbcUrl(database + "_keys")),
                Map.entry(
                        "passerelle.keys.encryption",
                        secrets.resolve("keys.json").toUri().toString()),
                Map.entry(
                        "passerelle.links.keys",
                        secrets.resolve("link-keys.json").toString()),
                Map.entry("passerelle.links.trusted", links.trusted()),
                Map.entry("passerelle.avoidance.keys", avoidanceKeys.toString()),
                Map.entry("passerelle.avoidance.recipient", avoidance.recipient()),
                Map.entry("passerelle.keys.create-file", "true"),
                Map.entry("passerelle.proof.keys", proofKeys()),
                Map.entry("passerelle.proof.witness-of", neighbour().log().key().text()),
                // A few accounts play everybody.
                Map.entry("passerelle.limits.requests-per-minute", "1000000"),
                Map.entry("passerelle.limits.requests-per-minute-by-systems", "1000000"),
                // The tests are the gateway too.
                Map.entry("passerelle.access.client-certificate.header", "Client-Cert"),
                Map.entry("passerelle.access.client-certificate.from", "127.0.0.0/8,::1"),
                // Nobody plays the heartbeat of referral-service all the time.
                Map.entry("passerelle.access.silence", "PT1H"),
                Map.entry("quarkus.datasource.username", backends.user()),
                Map.entry("quarkus.datasource.password", backends.password()),
                Map.entry("quarkus.flyway.migrate-at-start", "true"),
                Map.entry("kafka.bootstrap.servers", backends.kafkaBootstrap()),
                Map.entry("quarkus.oidc.auth-server-url", backends.issuer()),
                Map.entry("passerelle.topic.partitions", Integer.toString(PARTITIONS)));
    }

    private static String proofKeys() {
        try {
            Path directory = Files.createTempDirectory("passerelle-proof");
            ServiceKeys.makeIn(directory);
            return directory.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path directory(String database) {
        try {
            return Files.createTempDirectory("passerelle-" + database);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The backends live as long as the JVM: other tests use them too. */
    @Override
    public void stop() {}
}
