package org.passerelle.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

class BackendsTest {
    private static final Backends BACKENDS = Backends.shared();

    @Test
    void aDatabaseIsCreatedOnceAndTakesConnections() throws Exception {
        BACKENDS.createDatabase("backends_test");
        BACKENDS.createDatabase("backends_test");

        try (var connection = DriverManager.getConnection(
                        BACKENDS.jdbcUrl("backends_test"), BACKENDS.user(), BACKENDS.password());
                var version = connection.createStatement().executeQuery("show server_version")) {
            assertThat(version.next()).isTrue();
            assertThat(version.getString(1)).startsWith("18");
        }
        assertThat(BACKENDS.reactiveUrl("backends_test"))
                .startsWith("postgresql://")
                .endsWith("/backends_test");
    }

    @Test
    void aTopicHasItsPartitions() throws Exception {
        BACKENDS.createTopic("backends.test", 3);
        BACKENDS.createTopic("backends.test", 3);

        try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", BACKENDS.kafkaBootstrap()))) {
            var topics = admin.describeTopics(List.of("backends.test"))
                    .allTopicNames()
                    .get();
            assertThat(topics.values())
                    .singleElement()
                    .satisfies(topic -> assertThat(topic.partitions()).hasSize(3));
        }
    }

    @Test
    void theIssuerDescribesItself() throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var configuration = http.send(
                    HttpRequest.newBuilder(URI.create(BACKENDS.issuer() + "/.well-known/openid-configuration"))
                            .build(),
                    BodyHandlers.ofString());

            assertThat(configuration.statusCode()).as(configuration.body()).isEqualTo(200);
            assertThat(configuration.body()).contains("\"issuer\" : \"" + BACKENDS.issuer() + "\"");
        }
    }
}
