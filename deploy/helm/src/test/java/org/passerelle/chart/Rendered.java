package org.passerelle.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The objects that a chart renders, as trees: a rule reads them, a fixture breaks them. */
record Rendered(List<ObjectNode> objects) {

    static Rendered parse(String yaml) {
        List<ObjectNode> objects = new ArrayList<>();
        try (var documents = Chart.YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            while (documents.hasNextValue()) {
                if (documents.nextValue() instanceof ObjectNode object && !object.isEmpty()) {
                    objects.add(object);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Rendered(objects);
    }

    Stream<ObjectNode> kind(String kind) {
        return objects.stream().filter(o -> kind.equals(o.path("kind").asText()));
    }

    ObjectNode one(String kind, String name) {
        return kind(kind)
                .filter(o -> name.equals(name(o)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + kind + " named " + name));
    }

    /** Whatever makes pods, with the path of the pod's specification. */
    Stream<Pods> pods() {
        return Stream.concat(kind("Deployment"), kind("Job")).map(Pods::new);
    }

    static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    static String id(JsonNode object) {
        return object.path("kind").asText() + "/" + name(object);
    }

    static Stream<JsonNode> each(JsonNode array) {
        Iterator<JsonNode> elements = array.elements();
        Iterable<JsonNode> iterable = () -> elements;
        return StreamSupport.stream(iterable.spliterator(), false);
    }

    /** Whether every label that the selector asks for is among the labels. An empty selector matches all. */
    static boolean matches(JsonNode matchLabels, JsonNode labels) {
        return matchLabels.properties().stream()
                .allMatch(wanted -> wanted.getValue().equals(labels.get(wanted.getKey())));
    }

    /** A Deployment or a Job, seen as the pods it makes. */
    record Pods(ObjectNode owner) {

        String id() {
            return Rendered.id(owner);
        }

        boolean serving() {
            return "Deployment".equals(owner.path("kind").asText());
        }

        String component() {
            return labels().path("app.kubernetes.io/component").asText();
        }

        JsonNode labels() {
            return owner.at("/spec/template/metadata/labels");
        }

        JsonNode spec() {
            return owner.at("/spec/template/spec");
        }

        Stream<JsonNode> containers() {
            return Stream.concat(each(spec().path("containers")), each(spec().path("initContainers")));
        }

        /** The text of an environment variable; null when it is absent or taken from elsewhere. */
        @Nullable
        String env(String name) {
            return containers()
                    .flatMap(c -> each(c.path("env")))
                    .filter(e -> name.equals(e.path("name").asText()))
                    .map(e -> e.path("value").textValue())
                    .findFirst()
                    .orElse(null);
        }
    }
}
