package org.passerelle.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("chart")
class BackendsChartTest {

    private final Rendered rendered = Chart.BACKENDS.render();

    @Test
    void lints() {
        var result = Chart.BACKENDS.lint();

        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    @Test
    void everyObjectIsKnownToItsOperator() {
        assertThat(rendered.objects()).hasSizeGreaterThan(15).allSatisfy(KubernetesModel::parse);
    }

    @Test
    void aPropertyThatAnOperatorDoesNotKnowIsRefused() {
        for (String kind : List.of("Cluster", "Kafka", "KafkaNodePool", "KafkaTopic", "KafkaUser")) {
            ObjectNode object = rendered.kind(kind).findFirst().orElseThrow();
            ((ObjectNode) object.path("spec")).put("unheardOf", true);

            assertThatThrownBy(() -> KubernetesModel.parse(object))
                    .hasMessageContaining(kind)
                    .hasMessageContaining("unheardOf");
        }
    }

    @Test
    void aCommitWaitsForAStandby() {
        assertThat(rendered.kind("Cluster")).hasSize(8).allSatisfy(cluster -> {
            assertThat(cluster.at("/spec/postgresql/synchronous/dataDurability").asText())
                    .isEqualTo("required");
            assertThat(cluster.at("/spec/postgresql/synchronous/number").asInt())
                    .isEqualTo(1);
            assertThat(cluster.at("/spec/postgresql/parameters/synchronous_commit")
                            .asText())
                    .isEqualTo("on");
            assertThat(cluster.at("/spec/instances").asInt()).isGreaterThanOrEqualTo(3);
        });
        assertThatThrownBy(() -> Chart.BACKENDS.render(Map.of("postgresql.instances", 2)))
                .hasMessageContaining("instances");
    }

    @Test
    void topicsAreFixedInPartitionsAndKeptThirtyDaysOnTwoBrokers() {
        assertThat(rendered.kind("KafkaTopic").map(Rendered::name))
                .containsExactlyInAnyOrder("passerelle.identification", "passerelle.referral", "passerelle.assistance");
        assertThat(rendered.kind("KafkaTopic")).allSatisfy(topic -> {
            assertThat(topic.at("/spec/partitions").asInt()).isEqualTo(64);
            assertThat(topic.at("/spec/replicas").asInt()).isEqualTo(3);
            assertThat(topic.at("/spec/config/retention.ms").asLong()).isEqualTo(2_592_000_000L);
            assertThat(topic.at("/spec/config/min.insync.replicas").asInt()).isEqualTo(2);
        });
        assertThat(rendered.one("Kafka", "passerelle")
                        .at("/spec/kafka/config/auto.create.topics.enable")
                        .asBoolean(true))
                .isFalse();
    }

    @Test
    void theServicesChartExpectsWhatThisChartMakes() {
        Rendered services = Chart.SERVICES.render("required.yaml");
        int allowed = rendered.kind("Cluster")
                .mapToInt(
                        c -> c.at("/spec/postgresql/parameters/max_connections").asInt())
                .min()
                .orElseThrow();

        assertThat(services.pods()).allSatisfy(pods -> {
            String service = pods.component().replace("-migration", "");
            String url = Objects.requireNonNull(pods.env("QUARKUS_DATASOURCE_REACTIVE_URL"));
            ObjectNode cluster = rendered.one("Cluster", "passerelle-" + service + "-db");
            assertThat(url)
                    .isEqualTo("postgresql://" + Rendered.name(cluster) + "-rw:5432/"
                            + cluster.at("/spec/bootstrap/initdb/database").asText());
            ObjectNode keys = rendered.one("Cluster", "passerelle-" + service + "-keys");
            assertThat(Objects.requireNonNull(pods.env("QUARKUS_DATASOURCE_KEYS_REACTIVE_URL")))
                    .isEqualTo("postgresql://" + Rendered.name(keys) + "-rw:5432/"
                            + keys.at("/spec/bootstrap/initdb/database").asText());
            // A migration has the address and no key.
            assertThat(pods.spec().toString().contains("passerelle-" + service + "-key-encryption"))
                    .isEqualTo(pods.serving());
            if (pods.serving()) {
                assertThat(pods.env("KAFKA_BOOTSTRAP_SERVERS")).isEqualTo("passerelle-kafka-bootstrap:9093");
                assertThat(pods.env("PASSERELLE_TOPIC_PARTITIONS")).isEqualTo("64");
                assertThat(pods.spec().toString())
                        .contains("\"passerelle-" + service + "\"", "passerelle-cluster-ca-cert");
                rendered.one("KafkaUser", "passerelle-" + service);
            }
        });
        assertThat(services.kind("Deployment"))
                .allSatisfy(d -> assertThat(d.at("/metadata/annotations/passerelle.org~1connection-budget")
                                .asText())
                        .endsWith(" of " + allowed));
    }

    @Test
    void eachDatabaseOpensToItsOwnServiceOnly() {
        assertThat(Flows.allowed(rendered).stream().filter(flow -> flow.contains("-> passerelle-referral-db")))
                .containsExactly(
                        "in cnpg-system -> passerelle-referral-db : TCP 5432",
                        "in cnpg-system -> passerelle-referral-db : TCP 8000",
                        "passerelle-referral-db -> passerelle-referral-db : TCP 5432",
                        "passerelle-referral-db -> passerelle-referral-db : TCP 8000",
                        "referral -> passerelle-referral-db : TCP 5432",
                        "referral-migration -> passerelle-referral-db : TCP 5432");
    }
}
