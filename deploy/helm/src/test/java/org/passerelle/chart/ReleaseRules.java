package org.passerelle.chart;

import static org.passerelle.chart.Rendered.each;
import static org.passerelle.chart.Rendered.id;
import static org.passerelle.chart.Rendered.matches;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.passerelle.chart.Rendered.Pods;

/** What the release as a whole must be: closed by default, migrated before it serves, stopped without loss. */
final class ReleaseRules {

    static final Set<String> SERVICES = Set.of("identification", "referral", "assistance", "reporting");

    private static final Pattern BUDGET = Pattern.compile("(\\d+) of (\\d+)");

    static final List<Rule> ALL = List.of(
            new Rule("exactly the four services run, and their migrations", ReleaseRules::strangers),
            new Rule("every pod is under a policy that denies everything", ReleaseRules::undenied),
            new Rule(
                    "no network rule is open to anyone or on any port",
                    rendered -> Flows.allowed(rendered).stream()
                            .filter(flow ->
                                    flow.contains("anyone") || flow.endsWith(" any") || flow.contains("any namespace"))
                            .toList()),
            new Rule("no service may reach another's database", ReleaseRules::foreignDatabases),
            new Rule(
                    "services do not call each other",
                    rendered -> Flows.allowed(rendered).stream()
                            .filter(flow -> SERVICES.contains(flow.substring(0, flow.indexOf(' ')))
                                    && SERVICES.stream().anyMatch(s -> flow.contains("-> " + s + " :")))
                            .toList()),
            new Rule(
                    "each service has a disruption budget that lets a node be drained",
                    ReleaseRules::withoutDisruptionBudget),
            deployments(
                    "pods of a service are spread over nodes",
                    pods -> each(pods.spec().path("topologySpreadConstraints"))
                            .anyMatch(c -> "kubernetes.io/hostname"
                                            .equals(c.path("topologyKey").asText())
                                    && matches(c.at("/labelSelector/matchLabels"), pods.labels()))),
            deployments(
                    "a rollout takes no pod away before its successor is ready",
                    pods -> "0"
                            .equals(pods.owner()
                                    .at("/spec/strategy/rollingUpdate/maxUnavailable")
                                    .asText())),
            deployments(
                    "a stopping pod waits until routers forgot it",
                    pods -> pods.containers()
                            .allMatch(c ->
                                    c.at("/lifecycle/preStop/sleep/seconds").asInt() > 0)),
            deployments("the grace period is longer than the whole graceful stop", ReleaseRules::graceful),
            deployments(
                    "services never migrate by themselves",
                    pods -> "false".equals(pods.env("QUARKUS_FLYWAY_MIGRATE_AT_START"))),
            new Rule(
                    "each database is migrated by the same image in a job before install and upgrade",
                    ReleaseRules::unmigrated),
            new Rule(
                    "a migration holds no key to Kafka or the login server",
                    rendered -> rendered.pods()
                            .filter(pods -> !pods.serving())
                            .filter(pods -> pods.spec().toString().contains("kafka")
                                    || pods.spec().toString().contains("client-secret"))
                            .map(Pods::id)
                            .toList()),
            new Rule("the database is reached directly and its certificate verified", ReleaseRules::loosely),
            deployments("the connection budget fits", ReleaseRules::withinBudget),
            new Rule("no login server of ours: an https issuer elsewhere", ReleaseRules::loginServers),
            new Rule("the ingress ends TLS and routes the four services and nothing else", ReleaseRules::routes),
            new Rule(
                    "health and metrics are on no service and no ingress",
                    rendered -> rendered.kind("Service")
                            .filter(s -> each(s.at("/spec/ports"))
                                    .anyMatch(p ->
                                            !"http".equals(p.path("targetPort").asText())))
                            .map(Rendered::id)
                            .toList()));

    private ReleaseRules() {}

    private static Rule deployments(String claim, java.util.function.Predicate<Pods> holds) {
        return new Rule(
                claim,
                rendered -> rendered.pods()
                        .filter(Pods::serving)
                        .filter(holds.negate())
                        .map(Pods::id)
                        .toList());
    }

    private static List<String> strangers(Rendered rendered) {
        Set<String> expected = SERVICES.stream()
                .flatMap(s -> java.util.stream.Stream.of(s, s + "-migration"))
                .collect(Collectors.toSet());
        List<String> found = new ArrayList<>();
        rendered.pods().forEach(pods -> {
            if (!expected.remove(pods.component())) {
                found.add("unexpected: " + pods.id());
            }
            pods.containers()
                    .map(c -> c.path("image").asText())
                    .filter(image -> SERVICES.stream().noneMatch(s -> image.matches(".*/" + s + "[:@].*")))
                    .forEach(image -> found.add("unexpected image: " + image));
        });
        expected.forEach(missing -> found.add("missing: " + missing));
        return found;
    }

    private static List<String> undenied(Rendered rendered) {
        return rendered.pods()
                .filter(pods -> rendered.kind("NetworkPolicy")
                        .filter(policy -> matches(policy.at("/spec/podSelector/matchLabels"), pods.labels()))
                        // A migration comes before the release's policies, so one that comes earlier must close it.
                        .noneMatch(policy -> pods.serving() ? deniesAll(policy) : bothWays(policy) && isHook(policy)))
                .map(Pods::id)
                .toList();
    }

    private static boolean isHook(JsonNode object) {
        return object.at("/metadata/annotations").has("helm.sh/hook");
    }

    private static boolean bothWays(JsonNode policy) {
        return policy.at("/spec/policyTypes").toString().equals("[\"Ingress\",\"Egress\"]");
    }

    private static boolean deniesAll(JsonNode policy) {
        return bothWays(policy)
                && policy.at("/spec/ingress").isMissingNode()
                && policy.at("/spec/egress").isMissingNode();
    }

    private static List<String> foreignDatabases(Rendered rendered) {
        List<String> found = new ArrayList<>();
        for (String flow : Flows.allowed(rendered)) {
            String from = flow.substring(0, flow.indexOf(" -> "));
            String own = from.replace("-migration", "");
            String rest = flow.substring(flow.indexOf(" -> ") + 4);
            boolean foreign = SERVICES.stream()
                    .filter(s -> !s.equals(own))
                    .anyMatch(other -> databasesOf(rendered, other).stream().anyMatch(rest::equals));
            if (SERVICES.contains(own) && foreign && !databasesOf(rendered, own).contains(rest)) {
                found.add(flow);
            }
        }
        return found;
    }

    /** What the migration of a service may reach, apart from names: its database, and nothing more. */
    private static Set<String> databasesOf(Rendered rendered, String service) {
        return Flows.allowed(rendered).stream()
                .filter(flow -> flow.startsWith(service + "-migration -> ") && !flow.endsWith(" 53"))
                .map(flow -> flow.substring(flow.indexOf(" -> ") + 4))
                .collect(Collectors.toSet());
    }

    private static List<String> withoutDisruptionBudget(Rendered rendered) {
        return rendered.pods()
                .filter(Pods::serving)
                .filter(pods -> rendered.kind("PodDisruptionBudget")
                        .noneMatch(budget -> matches(budget.at("/spec/selector/matchLabels"), pods.labels())
                                && budget.at("/spec/maxUnavailable").asInt() >= 1))
                .map(Pods::id)
                .toList();
    }

    private static boolean graceful(Pods pods) {
        int grace = pods.spec().path("terminationGracePeriodSeconds").asInt(30);
        int sleep = pods.containers()
                .mapToInt(c -> c.at("/lifecycle/preStop/sleep/seconds").asInt())
                .max()
                .orElse(0);
        int delay = seconds(pods.env("QUARKUS_SHUTDOWN_DELAY"));
        int timeout = seconds(pods.env("QUARKUS_SHUTDOWN_TIMEOUT"));
        return delay > 0 && timeout > 0 && grace > sleep + delay + timeout;
    }

    private static int seconds(@Nullable String duration) {
        return duration == null || !duration.matches("\\d+S") ? 0 : Integer.parseInt(duration.replace("S", ""));
    }

    private static List<String> unmigrated(Rendered rendered) {
        return rendered.pods()
                .filter(Pods::serving)
                .filter(service -> rendered.pods()
                        .filter(job -> !job.serving() && job.component().equals(service.component() + "-migration"))
                        .noneMatch(job -> "pre-install,pre-upgrade"
                                        .equals(job.owner()
                                                .at("/metadata/annotations/helm.sh~1hook")
                                                .asText())
                                && "true".equals(job.env("QUARKUS_FLYWAY_MIGRATE_AT_START"))
                                && "true".equals(job.env("QUARKUS_INIT_AND_EXIT"))
                                && image(job).equals(image(service))))
                .map(Pods::id)
                .toList();
    }

    private static String image(Pods pods) {
        return pods.containers().map(c -> c.path("image").asText()).collect(Collectors.joining(","));
    }

    private static List<String> loosely(Rendered rendered) {
        return rendered.pods()
                .filter(pods -> loosely(pods, "QUARKUS_DATASOURCE_") || loosely(pods, "QUARKUS_DATASOURCE_KEYS_"))
                .map(Pods::id)
                .toList();
    }

    private static boolean loosely(Pods pods, String database) {
        String jdbc = pods.env(database + "JDBC_URL");
        String reactive = pods.env(database + "REACTIVE_URL");
        return jdbc == null
                || reactive == null
                || !jdbc.contains("sslmode=verify-full")
                || !"verify-full".equals(pods.env(database + "REACTIVE_POSTGRESQL_SSL_MODE"))
                || !"HTTPS".equals(pods.env(database + "REACTIVE_HOSTNAME_VERIFICATION_ALGORITHM"))
                || reactive.contains("pooler")
                || !jdbc.replaceAll("\\?.*", "").equals("jdbc:" + reactive);
    }

    /** Recomputed here from what the pods really get, and compared with what the chart claims. */
    private static boolean withinBudget(Pods pods) {
        Matcher claimed = BUDGET.matcher(pods.owner()
                .at("/metadata/annotations/passerelle.org~1connection-budget")
                .asText());
        String pool = pods.env("QUARKUS_DATASOURCE_REACTIVE_MAX_SIZE");
        String migration = pods.env("QUARKUS_DATASOURCE_JDBC_MAX_SIZE");
        if (!claimed.matches() || pool == null || migration == null) {
            return false;
        }
        int surge = pods.owner().at("/spec/strategy/rollingUpdate/maxSurge").asInt();
        int atOnce = pods.owner().at("/spec/replicas").asInt() + surge;
        int wanted = atOnce * Integer.parseInt(pool) + Integer.parseInt(migration);
        int total = Integer.parseInt(claimed.group(1));
        int allowed = Integer.parseInt(claimed.group(2));
        // At least three connections stay free for an operator and a superuser.
        return wanted + 3 <= total && total <= allowed;
    }

    private static List<String> loginServers(Rendered rendered) {
        List<String> found = new ArrayList<>();
        rendered.pods().filter(Pods::serving).forEach(pods -> {
            String issuer = pods.env("QUARKUS_OIDC_AUTH_SERVER_URL");
            if (issuer == null || !issuer.startsWith("https://") || issuer.contains("localhost")) {
                found.add(pods.id() + ": issuer " + issuer);
            }
        });
        rendered.objects().stream()
                .filter(o -> o.toString().toLowerCase(Locale.ROOT).contains("mock"))
                .forEach(o -> found.add(id(o)));
        return found;
    }

    private static List<String> routes(Rendered rendered) {
        List<String> found = new ArrayList<>();
        if (rendered.kind("Ingress").count() != 1) {
            found.add("not one ingress");
        }
        rendered.kind("Ingress").forEach(ingress -> {
            Set<JsonNode> covered = each(ingress.at("/spec/tls"))
                    .filter(tls -> tls.path("secretName").isTextual())
                    .flatMap(tls -> each(tls.path("hosts")))
                    .collect(Collectors.toSet());
            Set<String> paths = each(ingress.at("/spec/rules"))
                    .peek(rule -> {
                        if (!covered.contains(rule.path("host"))) {
                            found.add("no TLS for " + rule.path("host"));
                        }
                    })
                    .flatMap(rule -> each(rule.at("/http/paths")))
                    .map(p -> p.path("path").asText() + " -> "
                            + p.at("/backend/service/name").asText() + ":"
                            + p.at("/backend/service/port/name").asText())
                    .collect(Collectors.toSet());
            Set<String> wanted = SERVICES.stream()
                    .map(s -> "/" + s + " -> " + Rendered.name(ingress) + "-" + s + ":http")
                    .collect(Collectors.toSet());
            if (!paths.equals(wanted)) {
                found.add(id(ingress) + " routes " + paths);
            }
        });
        return found;
    }
}
