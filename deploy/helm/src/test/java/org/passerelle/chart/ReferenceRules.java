package org.passerelle.chart;

import static org.passerelle.chart.Rendered.each;
import static org.passerelle.chart.Rendered.id;
import static org.passerelle.chart.Rendered.matches;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.passerelle.chart.Rendered.Pods;

/** What an API server or a scheduler would only say later: names that fit, and references that lead somewhere. */
final class ReferenceRules {

    private static final Pattern LABEL_NAME = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern OBJECT_NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
    private static final Pattern LABEL_VALUE = Pattern.compile("|[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");

    static final List<Rule> ALL = List.of(
            new Rule("names and labels are valid", ReferenceRules::badNames),
            new Rule("no object is rendered twice", ReferenceRules::twice),
            new Rule(
                    "selectors choose the pods of their own template",
                    rendered -> rendered.kind("Deployment")
                            .filter(d -> d.at("/spec/selector/matchLabels").isEmpty()
                                    || !matches(
                                            d.at("/spec/selector/matchLabels"), d.at("/spec/template/metadata/labels")))
                            .map(Rendered::id)
                            .toList()),
            new Rule("each service leads to a named port of one deployment", ReferenceRules::deadServices),
            new Rule("each route leads to a service and its port", ReferenceRules::deadRoutes),
            new Rule("each probe asks a port that the container has", ReferenceRules::deadProbes),
            new Rule(
                    "each service account exists",
                    rendered -> rendered.pods()
                            .filter(pods -> rendered.kind("ServiceAccount")
                                    .noneMatch(a -> Rendered.name(a)
                                            .equals(pods.spec()
                                                    .path("serviceAccountName")
                                                    .asText())))
                            .map(Pods::id)
                            .toList()),
            new Rule("each mount has its volume and each volume is used", ReferenceRules::mounts),
            new Rule("each environment variable is set once, to a text", ReferenceRules::environment),
            new Rule("quantities can be read, and no limit is below its request", ReferenceRules::quantities));

    private ReferenceRules() {}

    private static List<String> badNames(Rendered rendered) {
        List<String> found = new ArrayList<>();
        for (JsonNode object : rendered.objects()) {
            String name = Rendered.name(object);
            // A service's name becomes a label of a domain name; the others may have dots.
            Pattern pattern = "Service".equals(object.path("kind").asText()) ? LABEL_NAME : OBJECT_NAME;
            if (!pattern.matcher(name).matches() || name.length() > 63) {
                found.add("name " + id(object));
            }
            Stream.of(object.at("/metadata/labels"), object.at("/spec/template/metadata/labels"))
                    .flatMap(labels -> labels.properties().stream())
                    .filter(l -> !l.getValue().isTextual()
                            || l.getValue().asText().length() > 63
                            || !LABEL_VALUE.matcher(l.getValue().asText()).matches())
                    .forEach(l -> found.add(id(object) + ", label " + l.getKey()));
        }
        return found;
    }

    private static List<String> twice(Rendered rendered) {
        Set<String> seen = new HashSet<>();
        return rendered.objects().stream()
                .map(Rendered::id)
                .filter(id -> !seen.add(id))
                .toList();
    }

    private static Set<String> ports(Pods pods) {
        return pods.containers()
                .flatMap(c -> each(c.path("ports")))
                .map(p -> p.path("name").asText())
                .collect(Collectors.toSet());
    }

    private static List<String> deadServices(Rendered rendered) {
        return rendered.kind("Service")
                .filter(service -> {
                    List<Pods> chosen = rendered.pods()
                            .filter(pods -> matches(service.at("/spec/selector"), pods.labels()))
                            .toList();
                    return chosen.size() != 1
                            || !each(service.at("/spec/ports"))
                                    .allMatch(p -> ports(chosen.getFirst())
                                            .contains(p.path("targetPort").asText()));
                })
                .map(Rendered::id)
                .toList();
    }

    private static List<String> deadRoutes(Rendered rendered) {
        return rendered.kind("Ingress")
                .flatMap(ingress -> each(ingress.at("/spec/rules")))
                .flatMap(rule -> each(rule.at("/http/paths")))
                .map(path -> path.at("/backend/service"))
                .filter(backend -> rendered.kind("Service")
                        .filter(s ->
                                Rendered.name(s).equals(backend.path("name").asText()))
                        .flatMap(s -> each(s.at("/spec/ports")))
                        .noneMatch(p -> p.path("name").equals(backend.at("/port/name"))))
                .map(JsonNode::toString)
                .toList();
    }

    private static List<String> deadProbes(Rendered rendered) {
        return rendered.pods()
                .flatMap(pods -> pods.containers()
                        .flatMap(c -> Stream.of("startupProbe", "livenessProbe", "readinessProbe")
                                .filter(c::has)
                                .filter(probe -> !ports(pods)
                                        .contains(c.at("/" + probe + "/httpGet/port")
                                                .asText()))
                                .map(probe -> pods.id() + ", " + probe)))
                .toList();
    }

    private static List<String> mounts(Rendered rendered) {
        return rendered.pods()
                .filter(pods -> {
                    Set<JsonNode> volumes = each(pods.spec().path("volumes"))
                            .map(v -> v.path("name"))
                            .collect(Collectors.toSet());
                    Set<JsonNode> mounts = pods.containers()
                            .flatMap(c -> each(c.path("volumeMounts")))
                            .map(m -> m.path("name"))
                            .collect(Collectors.toSet());
                    return !volumes.equals(mounts);
                })
                .map(Pods::id)
                .toList();
    }

    private static List<String> environment(Rendered rendered) {
        List<String> found = new ArrayList<>();
        rendered.pods()
                .forEach(pods -> pods.containers().forEach(container -> {
                    Set<String> seen = new HashSet<>();
                    each(container.path("env")).forEach(env -> {
                        boolean text = env.path("value").isTextual()
                                && !env.path("value").asText().isBlank();
                        boolean reference =
                                env.at("/valueFrom/secretKeyRef/name").isTextual()
                                        && env.at("/valueFrom/secretKeyRef/key").isTextual();
                        if (text == reference || !seen.add(env.path("name").asText())) {
                            found.add(pods.id() + ", " + env.path("name").asText());
                        }
                    });
                }));
        return found;
    }

    private static List<String> quantities(Rendered rendered) {
        List<String> found = new ArrayList<>();
        rendered.pods()
                .forEach(pods -> pods.containers()
                        .forEach(container -> container
                                .at("/resources/limits")
                                .properties()
                                .forEach(limit -> {
                                    JsonNode request = container.at("/resources/requests/" + limit.getKey());
                                    try {
                                        boolean below = request.isTextual()
                                                && Quantity.getAmountInBytes(Quantity.parse(limit.getValue()
                                                                        .asText()))
                                                                .compareTo(Quantity.getAmountInBytes(
                                                                        Quantity.parse(request.asText())))
                                                        < 0;
                                        if (below) {
                                            found.add(pods.id() + ": limit below request of " + limit.getKey());
                                        }
                                    } catch (IllegalArgumentException e) {
                                        found.add(pods.id() + ": " + e.getMessage());
                                    }
                                })));
        return found;
    }
}
