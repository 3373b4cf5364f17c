package org.passerelle.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A rule that cannot fail checks nothing: each is shown a release that is sound but for one thing. */
@Tag("chart")
class PolicyCanFailTest {

    /**
     * One change to a sound release.
     *
     * @param claim the rule that must see it
     * @param object kind/name of the object that is changed
     * @param pointer the node that is replaced (JSON pointer); {@code ~} at the end removes it, {@code +} appends
     * @param value YAML of what comes there
     */
    private record Breaking(String claim, String object, String pointer, String value) {

        void apply(Rendered rendered) throws Exception {
            if (pointer.isEmpty()) {
                rendered.objects().removeIf(o -> Rendered.id(o).equals(object));
                if (!value.isEmpty()) {
                    rendered.objects().add((ObjectNode) Chart.YAML.readTree(value));
                }
                return;
            }
            ObjectNode target =
                    rendered.one(object.substring(0, object.indexOf('/')), object.substring(object.indexOf('/') + 1));
            int last = pointer.lastIndexOf('/');
            JsonNode parent = target.at(pointer.substring(0, last));
            String key = pointer.substring(last + 1).replace("~1", "/");
            if (key.equals("+")) {
                ((ArrayNode) parent).add(Chart.YAML.readTree(value));
            } else if (key.endsWith("~")) {
                ((ObjectNode) parent).remove(key.substring(0, key.length() - 1));
            } else if (parent instanceof ArrayNode array) {
                array.set(Integer.parseInt(key), Chart.YAML.readTree(value));
            } else {
                ((ObjectNode) parent).set(key, Chart.YAML.readTree(value));
            }
        }

        @Override
        public String toString() {
            return claim + " | " + object + pointer + " "
                    + value.lines().findFirst().orElse("");
        }
    }

    private static final String D = "Deployment/nrm-referral";
    private static final String JOB = "Job/nrm-referral-migration";
    private static final String POD = "/spec/template/spec/";
    private static final String C = POD + "containers/0/";

    static Stream<Breaking> breakings() {
        return Stream.concat(pods(), Stream.concat(release(), references()));
    }

    private static Stream<Breaking> pods() {
        return Stream.of(
                new Breaking("pods run as a user who is not root", D, POD + "securityContext/runAsUser", "0"),
                new Breaking("pods run as a user who is not root", JOB, POD + "securityContext/runAsNonRoot~", ""),
                new Breaking("no container asks for root on its own", D, C + "securityContext/runAsNonRoot", "false"),
                new Breaking("no container asks for root on its own", D, C + "securityContext/privileged", "true"),
                new Breaking("no container asks for root on its own", D, C + "securityContext/runAsUser", "0"),
                new Breaking(
                        "the root file system is read-only and /tmp is a bounded emptyDir",
                        D,
                        C + "securityContext/readOnlyRootFilesystem",
                        "false"),
                new Breaking(
                        "the root file system is read-only and /tmp is a bounded emptyDir",
                        JOB,
                        POD + "volumes/0/emptyDir",
                        "{}"),
                new Breaking("no privilege escalation", D, C + "securityContext/allowPrivilegeEscalation~", ""),
                new Breaking("no privilege escalation", JOB, C + "securityContext/allowPrivilegeEscalation", "true"),
                new Breaking(
                        "all capabilities dropped, none added",
                        D,
                        C + "securityContext/capabilities/drop",
                        "[NET_RAW]"),
                new Breaking(
                        "all capabilities dropped, none added",
                        D,
                        C + "securityContext/capabilities/add",
                        "[SYS_TIME]"),
                new Breaking("seccomp profile RuntimeDefault", D, POD + "securityContext/seccompProfile~", ""),
                new Breaking(
                        "nothing of the host: no network, process, IPC or file of the node",
                        D,
                        POD + "hostNetwork",
                        "true"),
                new Breaking(
                        "nothing of the host: no network, process, IPC or file of the node",
                        D,
                        POD + "volumes/0",
                        "{name: tmp, hostPath: {path: /}}"),
                new Breaking("CPU and memory requested, memory limited", D, C + "resources/limits~", ""),
                new Breaking("CPU and memory requested, memory limited", JOB, C + "resources/requests/cpu~", ""),
                new Breaking(
                        "startup, liveness and readiness are asked on the management port", D, C + "startupProbe~", ""),
                new Breaking(
                        "startup, liveness and readiness are asked on the management port",
                        D,
                        C + "livenessProbe/httpGet/port",
                        "http"),
                new Breaking(
                        "startup, liveness and readiness are asked on the management port",
                        D,
                        C + "readinessProbe/httpGet/path",
                        "/q/health/live"),
                new Breaking(
                        "no token of a service account, and one account for each",
                        D,
                        POD + "automountServiceAccountToken~",
                        ""),
                new Breaking(
                        "no token of a service account, and one account for each",
                        D,
                        POD + "serviceAccountName",
                        "default"),
                new Breaking(
                        "service accounts mount no token",
                        "ServiceAccount/nrm-referral",
                        "/automountServiceAccountToken",
                        "true"),
                new Breaking("no service links in the environment", D, POD + "enableServiceLinks~", ""),
                new Breaking(
                        "no secret value is written: a reference to an existing secret only",
                        D,
                        C + "env/+",
                        "{name: QUARKUS_DATASOURCE_PASSWORD, value: tiger}"),
                new Breaking(
                        "no secret value is written: a reference to an existing secret only",
                        D,
                        C + "env/+",
                        "{name: BROKER, value: 'https://scott:tiger@broker.example.org'}"),
                new Breaking(
                        "no secret value is written: a reference to an existing secret only",
                        "Secret/nrm",
                        "",
                        "{apiVersion: v1, kind: Secret, metadata: {name: nrm}, stringData: {password: tiger}}"),
                new Breaking(
                        "images by a tag or digest that stays",
                        D,
                        C + "image",
                        "registry.example.org/passerelle/referral:latest"),
                new Breaking("images by a tag or digest that stays", D, C + "image", "registry.example.org/referral"),
                new Breaking("profile prod", JOB, C + "env/0", "{name: QUARKUS_PROFILE, value: local}"));
    }

    private static Stream<Breaking> release() {
        return Stream.of(
                new Breaking("exactly the four services run, and their migrations", D, "", ""),
                new Breaking(
                        "exactly the four services run, and their migrations",
                        D,
                        POD + "initContainers",
                        "[{name: login, image: 'registry.example.org/mock-oauth2-server:6.0.2'}]"),
                new Breaking(
                        "every pod is under a policy that denies everything", "NetworkPolicy/nrm-default-deny", "", ""),
                new Breaking(
                        "every pod is under a policy that denies everything",
                        "NetworkPolicy/nrm-default-deny",
                        "/spec/policyTypes",
                        "[Ingress]"),
                new Breaking(
                        "every pod is under a policy that denies everything",
                        "NetworkPolicy/nrm-referral-migration",
                        "",
                        ""),
                new Breaking(
                        "no network rule is open to anyone or on any port",
                        "NetworkPolicy/nrm-referral",
                        "/spec/ingress/0/from",
                        "[]"),
                new Breaking(
                        "no network rule is open to anyone or on any port",
                        "NetworkPolicy/nrm-referral",
                        "/spec/egress/0/ports~",
                        ""),
                new Breaking(
                        "no network rule is open to anyone or on any port",
                        "NetworkPolicy/nrm-referral",
                        "/spec/egress/3/to",
                        "[{ipBlock: {cidr: 0.0.0.0/0}}]"),
                new Breaking(
                        "no network rule is open to anyone or on any port",
                        "NetworkPolicy/nrm-referral",
                        "/spec/ingress/0/from",
                        "[{namespaceSelector: {}}]"),
                new Breaking(
                        "no service may reach another's database", "NetworkPolicy/nrm-referral", "/spec/egress/+", """
                        to: [{podSelector: {matchLabels: {cnpg.io/cluster: passerelle-identification-db}}}]
                        ports: [{protocol: TCP, port: 5432}]"""),
                new Breaking("services do not call each other", "NetworkPolicy/nrm-referral", "/spec/egress/+", """
                        to: [{podSelector: {matchLabels: {app.kubernetes.io/component: identification}}}]
                        ports: [{protocol: TCP, port: http}]"""),
                new Breaking(
                        "each service has a disruption budget that lets a node be drained",
                        "PodDisruptionBudget/nrm-referral",
                        "",
                        ""),
                new Breaking(
                        "each service has a disruption budget that lets a node be drained",
                        "PodDisruptionBudget/nrm-referral",
                        "/spec/maxUnavailable",
                        "0"),
                new Breaking("pods of a service are spread over nodes", D, POD + "topologySpreadConstraints~", ""),
                new Breaking(
                        "a rollout takes no pod away before its successor is ready",
                        D,
                        "/spec/strategy/rollingUpdate/maxUnavailable",
                        "1"),
                new Breaking("a stopping pod waits until routers forgot it", D, C + "lifecycle~", ""),
                new Breaking(
                        "the grace period is longer than the whole graceful stop",
                        D,
                        POD + "terminationGracePeriodSeconds",
                        "40"),
                new Breaking(
                        "the grace period is longer than the whole graceful stop",
                        D,
                        C + "env",
                        "[{name: QUARKUS_SHUTDOWN_DELAY, value: 5S}]"),
                new Breaking(
                        "services never migrate by themselves",
                        D,
                        C + "env",
                        "[{name: QUARKUS_FLYWAY_MIGRATE_AT_START, value: 'true'}]"),
                new Breaking(
                        "each database is migrated by the same image in a job before install and upgrade", JOB, "", ""),
                new Breaking(
                        "each database is migrated by the same image in a job before install and upgrade",
                        JOB,
                        "/metadata/annotations",
                        "{helm.sh/hook: post-install}"),
                new Breaking(
                        "each database is migrated by the same image in a job before install and upgrade",
                        JOB,
                        C + "image",
                        "registry.example.org/passerelle/referral:0.0.9"),
                new Breaking(
                        "a migration holds no key to Kafka or the login server",
                        JOB,
                        POD + "volumes/+",
                        "{name: kafka-user, secret: {secretName: passerelle-referral}}"),
                new Breaking("the database is reached directly and its certificate verified", D, C + "env", """
                        - {name: QUARKUS_DATASOURCE_REACTIVE_URL, value: 'postgresql://db:5432/referral'}
                        - {name: QUARKUS_DATASOURCE_JDBC_URL, value: 'jdbc:postgresql://db:5432/referral'}"""),
                new Breaking("the database is reached directly and its certificate verified", D, C + "env", """
                        - {name: QUARKUS_DATASOURCE_REACTIVE_URL, value: 'postgresql://db:5432/referral'}
                        - {name: QUARKUS_DATASOURCE_REACTIVE_POSTGRESQL_SSL_MODE, value: verify-full}
                        - {name: QUARKUS_DATASOURCE_REACTIVE_HOSTNAME_VERIFICATION_ALGORITHM, value: HTTPS}
                        - {name: QUARKUS_DATASOURCE_JDBC_URL, value: 'jdbc:postgresql://db:5432/referral?sslmode=verify-full'}
                        - {name: QUARKUS_DATASOURCE_KEYS_REACTIVE_URL, value: 'postgresql://keys:5432/referral'}
                        - {name: QUARKUS_DATASOURCE_KEYS_JDBC_URL, value: 'jdbc:postgresql://keys:5432/referral'}"""),
                new Breaking("the connection budget fits", D, "/spec/replicas", "5"),
                new Breaking("the connection budget fits", D, "/metadata/annotations", "{}"),
                new Breaking(
                        "no login server of ours: an https issuer elsewhere",
                        D,
                        C + "env",
                        "[{name: QUARKUS_OIDC_AUTH_SERVER_URL, value: 'http://localhost:8085/passerelle'}]"),
                new Breaking(
                        "the ingress ends TLS and routes the four services and nothing else",
                        "Ingress/nrm",
                        "/spec/tls~",
                        ""),
                new Breaking(
                        "the ingress ends TLS and routes the four services and nothing else",
                        "Ingress/nrm",
                        "/spec/rules/0/http/paths/+",
                        "{path: /login, pathType: Prefix, backend: {service: {name: nrm-login, port: {name: http}}}}"),
                new Breaking(
                        "health and metrics are on no service and no ingress",
                        "Service/nrm-referral",
                        "/spec/ports/+",
                        "{name: management, port: 9000, targetPort: management}"));
    }

    private static Stream<Breaking> references() {
        return Stream.of(
                new Breaking("names and labels are valid", D, "/metadata/name", "Nrm_Referral"),
                new Breaking("names and labels are valid", D, "/metadata/labels", "{app.kubernetes.io/version: 0.1}"),
                new Breaking("names and labels are valid", D, "/metadata/labels", "{team: 'a b'}"),
                new Breaking(
                        "no object is rendered twice",
                        "Service/none",
                        "",
                        "{apiVersion: v1, kind: Service, metadata: {name: nrm-referral}}"),
                new Breaking(
                        "selectors choose the pods of their own template",
                        D,
                        "/spec/selector/matchLabels",
                        "{app.kubernetes.io/component: reporting}"),
                new Breaking(
                        "each service leads to a named port of one deployment",
                        "Service/nrm-referral",
                        "/spec/selector",
                        "{app.kubernetes.io/name: passerelle}"),
                new Breaking(
                        "each service leads to a named port of one deployment",
                        D,
                        C + "ports",
                        "[{name: web, containerPort: 8080}]"),
                new Breaking("each route leads to a service and its port", "Service/nrm-referral", "", ""),
                new Breaking(
                        "each probe asks a port that the container has",
                        D,
                        C + "ports",
                        "[{name: http, containerPort: 8080}]"),
                new Breaking("each service account exists", "ServiceAccount/nrm-referral-migration", "", ""),
                new Breaking("each mount has its volume and each volume is used", D, POD + "volumes", "[]"),
                new Breaking(
                        "each mount has its volume and each volume is used",
                        D,
                        POD + "volumes/+",
                        "{name: unused, emptyDir: {}}"),
                new Breaking(
                        "each environment variable is set once, to a text",
                        D,
                        C + "env/+",
                        "{name: QUARKUS_HTTP_PORT, value: '8081'}"),
                new Breaking(
                        "each environment variable is set once, to a text",
                        D,
                        C + "env/+",
                        "{name: PORT, value: 8081}"),
                new Breaking(
                        "quantities can be read, and no limit is below its request",
                        D,
                        C + "resources/limits/memory",
                        "64Mi"),
                new Breaking(
                        "quantities can be read, and no limit is below its request",
                        D,
                        C + "resources/limits/memory",
                        "much"));
    }

    @ParameterizedTest
    @MethodSource("breakings")
    void seesThat(Breaking breaking) throws Exception {
        Rendered sound = Chart.SERVICES.render("required.yaml");
        Rule rule = Policy.named(breaking.claim());
        assertThat(rule.violations().apply(sound)).isEmpty();

        breaking.apply(sound);

        assertThat(rule.violations().apply(sound)).isNotEmpty();
    }

    @Test
    void everyRuleIsProven() {
        var proven = breakings().map(Breaking::claim).collect(Collectors.toSet());

        assertThat(Policy.RULES).extracting(Rule::claim).doesNotHaveDuplicates().allMatch(proven::contains);
    }

    @Test
    void aPropertyThatKubernetesDoesNotKnowIsRefused() {
        Rendered rendered = Chart.SERVICES.render("required.yaml");
        ObjectNode deployment = rendered.one("Deployment", "nrm-referral");
        ((ObjectNode) deployment.at("/spec/template/spec/containers/0")).put("readynessProbe", "typo");

        assertRefused(() -> KubernetesModel.parse(deployment), "Deployment/nrm-referral", "readynessProbe");
    }

    @Test
    void aValueOfTheWrongTypeIsRefused() {
        Rendered rendered = Chart.SERVICES.render("required.yaml");
        ObjectNode deployment = rendered.one("Deployment", "nrm-referral");
        ((ObjectNode) deployment.at("/spec")).put("replicas", "three");

        assertRefused(() -> KubernetesModel.parse(deployment), "Deployment/nrm-referral", "three");
    }

    @Test
    void aKindWithoutModelIsRefused() {
        ObjectNode unknown = Chart.YAML.createObjectNode();
        unknown.put("apiVersion", "apps/v2").put("kind", "Deployment");

        assertRefused(() -> KubernetesModel.parse(unknown), "apps/v2 Deployment");
    }

    @Test
    void aRepeatedKeyIsRefused() {
        assertRefused(() -> Rendered.parse("kind: Service\nkind: Secret\n"), "kind");
    }

    private static void assertRefused(Executable parsing, String... says) {
        List<String> wanted = List.of(says);
        try {
            parsing.execute();
        } catch (Throwable refusal) {
            assertThat(Objects.requireNonNull(refusal.getMessage())).contains(wanted);
            return;
        }
        throw new AssertionError("accepted, although it should say " + wanted);
    }
}
