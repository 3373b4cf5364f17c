package org.passerelle.chart;

import static org.passerelle.chart.Rendered.each;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.passerelle.chart.Rendered.Pods;

/** What every pod must be: the "restricted" pod security standard of Kubernetes, and more. */
final class PodRules {

    private static final Pattern SECRET_NAME =
            Pattern.compile("PASSWORD|SECRET|TOKEN|CREDENTIAL|PRIVATE|API_?KEY|ENCRYPTION_KEY");
    private static final Pattern SECRET_IN_URL = Pattern.compile("://[^/@\\s]+:[^/@\\s]+@|[?&]password=");

    static final List<Rule> ALL = List.of(
            pods(
                    "pods run as a user who is not root",
                    pods -> pods.spec().at("/securityContext/runAsNonRoot").asBoolean()
                            && pods.spec().at("/securityContext/runAsUser").asInt() >= 1000),
            containers(
                    "no container asks for root on its own",
                    (pods, c) -> c.at("/securityContext/runAsNonRoot").asBoolean(true)
                            && !c.at("/securityContext/privileged").asBoolean()
                            && c.at("/securityContext/runAsUser").asInt(1001) >= 1000),
            containers(
                    "the root file system is read-only and /tmp is a bounded emptyDir",
                    (pods, c) -> c.at("/securityContext/readOnlyRootFilesystem").asBoolean() && boundedTmp(pods, c)),
            containers(
                    "no privilege escalation",
                    (pods, c) ->
                            c.at("/securityContext/allowPrivilegeEscalation").isBoolean()
                                    && !c.at("/securityContext/allowPrivilegeEscalation")
                                            .asBoolean()),
            containers(
                    "all capabilities dropped, none added",
                    (pods, c) -> "[\"ALL\"]"
                                    .equals(c.at("/securityContext/capabilities/drop")
                                            .toString())
                            && c.at("/securityContext/capabilities/add").isMissingNode()),
            pods(
                    "seccomp profile RuntimeDefault",
                    pods -> "RuntimeDefault"
                            .equals(pods.spec()
                                    .at("/securityContext/seccompProfile/type")
                                    .asText())),
            pods(
                    "nothing of the host: no network, process, IPC or file of the node",
                    pods -> !pods.spec().path("hostNetwork").asBoolean()
                            && !pods.spec().path("hostPID").asBoolean()
                            && !pods.spec().path("hostIPC").asBoolean()
                            && each(pods.spec().path("volumes")).noneMatch(v -> v.has("hostPath"))),
            containers(
                    "CPU and memory requested, memory limited",
                    (pods, c) -> c.at("/resources/requests/cpu").isTextual()
                            && c.at("/resources/requests/memory").isTextual()
                            && c.at("/resources/limits/memory").isTextual()),
            containers(
                    "startup, liveness and readiness are asked on the management port",
                    (pods, c) -> !pods.serving()
                            || (probes(c, "startupProbe", "/q/health/started")
                                    && probes(c, "livenessProbe", "/q/health/live")
                                    && probes(c, "readinessProbe", "/q/health/ready"))),
            pods(
                    "no token of a service account, and one account for each",
                    pods -> !pods.spec().path("automountServiceAccountToken").asBoolean(true)
                            && !pods.spec()
                                    .path("serviceAccountName")
                                    .asText("default")
                                    .equals("default")),
            new Rule(
                    "service accounts mount no token",
                    rendered -> rendered.kind("ServiceAccount")
                            .filter(a -> a.path("automountServiceAccountToken").asBoolean(true))
                            .map(Rendered::id)
                            .toList()),
            pods(
                    "no service links in the environment",
                    pods -> !pods.spec().path("enableServiceLinks").asBoolean(true)),
            new Rule("no secret value is written: a reference to an existing secret only", PodRules::inlineSecrets),
            containers(
                    "images by a tag or digest that stays",
                    (pods, c) -> c.path("image").asText().matches(".+/.+(:[^:/]+|@sha256:[0-9a-f]{64})")
                            && !c.path("image").asText().endsWith(":latest")),
            pods("profile prod", pods -> "prod".equals(pods.env("QUARKUS_PROFILE"))));

    private PodRules() {}

    private static Rule pods(String claim, Predicate<Pods> holds) {
        return new Rule(
                claim,
                rendered -> rendered.pods().filter(holds.negate()).map(Pods::id).toList());
    }

    private static Rule containers(String claim, BiPredicate<Pods, JsonNode> holds) {
        return new Rule(
                claim,
                rendered -> rendered.pods()
                        .flatMap(pods -> pods.containers()
                                .filter(c -> !holds.test(pods, c))
                                .map(c -> pods.id() + ", container "
                                        + c.path("name").asText()))
                        .toList());
    }

    private static boolean boundedTmp(Pods pods, JsonNode container) {
        return each(container.path("volumeMounts"))
                .filter(m -> "/tmp".equals(m.path("mountPath").asText()))
                .anyMatch(m -> each(pods.spec().path("volumes"))
                        .anyMatch(v -> v.path("name").equals(m.path("name"))
                                && v.at("/emptyDir/sizeLimit").isTextual()));
    }

    private static boolean probes(JsonNode container, String probe, String path) {
        return "management".equals(container.at("/" + probe + "/httpGet/port").asText())
                && path.equals(container.at("/" + probe + "/httpGet/path").asText());
    }

    private static List<String> inlineSecrets(Rendered rendered) {
        List<String> found = new ArrayList<>();
        rendered.kind("Secret").map(Rendered::id).forEach(found::add);
        rendered.pods()
                .forEach(pods -> pods.containers()
                        .flatMap(c -> each(c.path("env")))
                        .forEach(env -> {
                            String name = env.path("name").asText();
                            boolean secret = SECRET_NAME.matcher(name).find();
                            boolean referenced =
                                    env.at("/valueFrom/secretKeyRef/name").isTextual();
                            boolean inUrl = SECRET_IN_URL
                                    .matcher(env.path("value").asText())
                                    .find();
                            if ((secret && !referenced) || inUrl) {
                                found.add(pods.id() + ", " + name);
                            }
                        }));
        return found;
    }
}
