package org.passerelle.chart;

import static org.passerelle.chart.Rendered.each;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reads network policies as single flows, so that the whole can be compared with a table of what is allowed. */
final class Flows {

    private Flows() {}

    /** {@code from -> to : port}, one line for each flow that some policy lets through, sorted. */
    static Set<String> allowed(Rendered rendered) {
        Set<String> flows = new TreeSet<>();
        rendered.kind("NetworkPolicy").forEach(policy -> {
            String self = who(policy.at("/spec/podSelector"));
            each(policy.at("/spec/ingress"))
                    .forEach(rule -> peers(rule.path("from"))
                            .forEach(peer ->
                                    ports(rule).forEach(port -> flows.add(peer + " -> " + self + " : " + port))));
            each(policy.at("/spec/egress"))
                    .forEach(rule -> peers(rule.path("to"))
                            .forEach(peer ->
                                    ports(rule).forEach(port -> flows.add(self + " -> " + peer + " : " + port))));
        });
        return flows;
    }

    private static Stream<String> peers(JsonNode peers) {
        return peers.isEmpty() ? Stream.of("anyone") : each(peers).map(Flows::peer);
    }

    private static Stream<String> ports(JsonNode rule) {
        return rule.path("ports").isEmpty()
                ? Stream.of("any")
                : each(rule.path("ports"))
                        .map(p -> p.path("protocol").asText("TCP") + " "
                                + p.path("port").asText("any"));
    }

    private static String peer(JsonNode peer) {
        List<String> parts = new ArrayList<>();
        if (peer.has("ipBlock")) {
            String cidr = peer.at("/ipBlock/cidr").asText();
            parts.add(cidr.endsWith("/0") ? "anyone" : cidr);
        }
        if (peer.has("podSelector")) {
            parts.add(who(peer.path("podSelector")));
        }
        if (peer.has("namespaceSelector")) {
            JsonNode namespace = peer.at("/namespaceSelector/matchLabels/kubernetes.io~1metadata.name");
            parts.add("in " + (namespace.isTextual() ? namespace.asText() : "any namespace"));
        }
        return parts.isEmpty() ? "anyone" : String.join(" ", parts);
    }

    /** A selector by the label that names its pods; the component where it is one of ours. */
    private static String who(JsonNode selector) {
        JsonNode labels = selector.path("matchLabels");
        for (String key : List.of("app.kubernetes.io/component", "cnpg.io/cluster", "strimzi.io/cluster")) {
            if (labels.has(key)) {
                return labels.get(key).asText();
            }
        }
        return labels.isEmpty() ? "anyone" : labels.elements().next().asText();
    }
}
