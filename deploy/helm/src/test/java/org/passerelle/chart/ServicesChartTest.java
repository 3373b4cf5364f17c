package org.passerelle.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("chart")
class ServicesChartTest {

    @Test
    void lintsWithItsOwnValues() {
        var result = Chart.SERVICES.lint();

        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"required.yaml", "one-replica.yaml", "production.yaml"})
    void lintsWith(String values, @TempDir Path scratch) {
        var result = Chart.SERVICES.lint(values, scratch);

        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"required.yaml", "one-replica.yaml", "production.yaml"})
    void everyObjectIsKnownToKubernetes(String values) {
        Rendered rendered = Chart.SERVICES.render(values);

        assertThat(rendered.objects()).hasSizeGreaterThan(30).allSatisfy(KubernetesModel::parse);
    }

    @ParameterizedTest
    @ValueSource(strings = {"required.yaml", "one-replica.yaml", "production.yaml"})
    void keepsThePolicy(String values) {
        Rendered rendered = Chart.SERVICES.render(values);

        assertThat(Policy.RULES)
                .allSatisfy(rule -> assertThat(rule.violations().apply(rendered))
                        .as(rule.claim())
                        .isEmpty());
    }

    @Test
    void letsThroughExactlyTheseFlows() {
        assertThat(Flows.allowed(Chart.SERVICES.render("required.yaml")))
                .containsExactly("""
                assistance -> 192.0.2.10/32 : TCP 443
                assistance -> kube-dns in kube-system : TCP 53
                assistance -> kube-dns in kube-system : UDP 53
                assistance -> passerelle : TCP 9093
                assistance -> passerelle-assistance-db : TCP 5432
                assistance -> passerelle-assistance-keys : TCP 5432
                assistance-migration -> kube-dns in kube-system : TCP 53
                assistance-migration -> kube-dns in kube-system : UDP 53
                assistance-migration -> passerelle-assistance-db : TCP 5432
                assistance-migration -> passerelle-assistance-keys : TCP 5432
                identification -> 192.0.2.10/32 : TCP 443
                identification -> kube-dns in kube-system : TCP 53
                identification -> kube-dns in kube-system : UDP 53
                identification -> passerelle : TCP 9093
                identification -> passerelle-identification-db : TCP 5432
                identification -> passerelle-identification-keys : TCP 5432
                identification-migration -> kube-dns in kube-system : TCP 53
                identification-migration -> kube-dns in kube-system : UDP 53
                identification-migration -> passerelle-identification-db : TCP 5432
                identification-migration -> passerelle-identification-keys : TCP 5432
                ingress-nginx in ingress-nginx -> assistance : TCP http
                ingress-nginx in ingress-nginx -> identification : TCP http
                ingress-nginx in ingress-nginx -> referral : TCP http
                ingress-nginx in ingress-nginx -> reporting : TCP http
                referral -> 192.0.2.10/32 : TCP 443
                referral -> kube-dns in kube-system : TCP 53
                referral -> kube-dns in kube-system : UDP 53
                referral -> passerelle : TCP 9093
                referral -> passerelle-referral-db : TCP 5432
                referral -> passerelle-referral-keys : TCP 5432
                referral-migration -> kube-dns in kube-system : TCP 53
                referral-migration -> kube-dns in kube-system : UDP 53
                referral-migration -> passerelle-referral-db : TCP 5432
                referral-migration -> passerelle-referral-keys : TCP 5432
                reporting -> 192.0.2.10/32 : TCP 443
                reporting -> kube-dns in kube-system : TCP 53
                reporting -> kube-dns in kube-system : UDP 53
                reporting -> passerelle : TCP 9093
                reporting -> passerelle-reporting-db : TCP 5432
                reporting -> passerelle-reporting-keys : TCP 5432
                reporting-migration -> kube-dns in kube-system : TCP 53
                reporting-migration -> kube-dns in kube-system : UDP 53
                reporting-migration -> passerelle-reporting-db : TCP 5432
                reporting-migration -> passerelle-reporting-keys : TCP 5432
                """.lines().toArray(String[]::new));
    }

    @Test
    void metricsAreReadByTheMonitoringNamespaceOnlyWhereSwitchedOn() {
        Rendered monitored = Chart.SERVICES.render("production.yaml");

        assertThat(Flows.allowed(monitored)).contains("in monitoring -> referral : TCP management");
        assertThat(monitored.kind("PodMonitor")).hasSize(4);
        assertThat(Flows.allowed(Chart.SERVICES.render("required.yaml")))
                .noneMatch(flow -> flow.contains("management"));
    }

    @Test
    void eachServiceHasItsOwnKeysAndReachesWitnessesOnlyWhereItHasSome() {
        Rendered rendered = Chart.SERVICES.render("production.yaml");

        for (String service : List.of("identification", "referral", "assistance", "reporting")) {
            String own =
                    service.equals("identification") ? "identification-history" : "passerelle-" + service + "-proof";
            assertThat(rendered.kind("Deployment")
                            .filter(deployment -> deployment.toString().contains("\"" + own + "\"")))
                    .hasSize(1);
            assertThat(Flows.allowed(rendered).contains(service + " -> 198.51.100.64/28 : TCP 443"))
                    .isEqualTo(service.equals("identification"));
        }
        assertThat(rendered.kind("Job").filter(job -> job.toString().contains("proof")))
                .isEmpty();
    }

    @Test
    void onlyTheServiceThatRoutesOpensWhatACaseAvoids() {
        Rendered rendered = Chart.SERVICES.render("production.yaml");

        assertThat(rendered.pods()
                        .filter(pods -> pods.spec().toString().contains("nrm-avoidance"))
                        .map(Rendered.Pods::component))
                .containsExactly("referral");
        assertThat(rendered.pods()
                        .filter(pods -> pods.spec().toString().contains("PASSERELLE_AVOIDANCE_RECIPIENT"))
                        .map(Rendered.Pods::component))
                .containsExactly("identification");
        assertThat(Chart.SERVICES
                        .render("required.yaml")
                        .pods()
                        .filter(pods -> pods.spec().toString().contains("PASSERELLE_AVOIDANCE")))
                .isEmpty();
    }

    @Test
    void onlyTheServiceThatLetsInByLinksHasTheirKeyAndOnlyTheOneThatBelievesItTheirPublicKey() {
        Rendered rendered = Chart.SERVICES.render("production.yaml");

        assertThat(rendered.pods()
                        .filter(pods -> pods.spec().toString().contains("nrm-links"))
                        .map(Rendered.Pods::component))
                .containsExactly("referral");
        assertThat(rendered.pods()
                        .filter(pods -> pods.spec().toString().contains("PASSERELLE_LINKS_TRUSTED"))
                        .map(Rendered.Pods::component))
                .containsExactly("identification");
        assertThat(Chart.SERVICES
                        .render("required.yaml")
                        .pods()
                        .filter(pods -> pods.spec().toString().contains("PASSERELLE_LINKS")))
                .isEmpty();
    }

    @Test
    void onlyTheServiceWithPagesKnowsTheirClientSecret() {
        var services = Chart.SERVICES
                .render("production.yaml")
                .pods()
                .filter(pods -> pods.spec().toString().contains("nrm-pages-client"))
                .map(Rendered.Pods::component);

        assertThat(services).containsExactly("reporting");
    }

    @Test
    void statesTheConnectionBudget() {
        Rendered rendered = Chart.SERVICES.render("required.yaml");

        assertThat(rendered.one("Deployment", "nrm-referral")
                        .at("/metadata/annotations/passerelle.org~1connection-budget")
                        .asText())
                .as("(3 replicas + 1) x 16 + 2 for the migration + 20 reserved")
                .isEqualTo("86 of 100");
    }

    @Test
    void refusesMoreConnectionsThanTheDatabaseAllows() {
        assertThatThrownBy(() -> Chart.SERVICES.render(Map.of("services.referral.replicas", 6), "required.yaml"))
                .hasMessageContaining("services.referral")
                .hasMessageContaining("= 134, but the database allows 100");
    }

    @Test
    void refusesMoreReplicasThanPartitions() {
        assertThatThrownBy(() -> Chart.SERVICES.render(
                        Map.of("services.referral.replicas", 8, "database.maxConnections", 300), "one-replica.yaml"))
                .hasMessageContaining("8 replicas, but the topics have only 6 partitions");
    }

    @ParameterizedTest
    @CsvSource({
        "host, host is required",
        "image.repository, image.repository is required",
        "oidc.issuer, oidc.issuer is required",
        "ingress.tlsSecret, ingress.tlsSecret is required"
    })
    void saysWhichSettingIsMissing(String setting, String says) {
        assertThatThrownBy(() -> Chart.SERVICES.render(Map.of(setting, ""), "required.yaml"))
                .hasMessageContaining(says);
    }

    @Test
    void refusesAnEmptyListOfPeersBecauseItWouldMeanAnywhere() {
        assertThatThrownBy(() -> Chart.SERVICES.render("required.yaml", "broken/no-peers.yaml"))
                .hasMessageContaining("oidc.peers is required");
    }

    @ParameterizedTest
    @CsvSource({
        "hots, nrm.example.org",
        "image.tag, latest",
        "oidc.issuer, http://login.example.org",
        "services.referral.password, tiger",
        "services.referral.database.host, passerelle-referral-db-pooler-rw",
        "services.referral.replicas, 0",
        "services.payments.replicas, 1"
    })
    void refusesSettings(String setting, String value) {
        assertThatThrownBy(() -> Chart.SERVICES.render(Map.of(setting, value), "required.yaml"))
                .hasMessageContaining("values don't meet the specifications of the schema");
    }
}
