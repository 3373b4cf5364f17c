package org.passerelle.edge.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a change of an OpenAPI document would break for those who use what was released: an operation or a parameter that
 * is gone, more that is demanded of a request, less that is accepted in it, less that is promised of an answer.
 */
final class ApiCompatibility {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
    private static final int DEEPEST = 12;

    private final JsonNode released;
    private final JsonNode now;
    private final List<String> breaks = new ArrayList<>();

    private ApiCompatibility(JsonNode released, JsonNode now) {
        this.released = released;
        this.now = now;
    }

    static List<String> breaks(JsonNode released, JsonNode now) {
        ApiCompatibility comparison = new ApiCompatibility(released, now);
        released.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(operation -> METHODS.contains(operation.getKey()))
                        .forEach(operation -> comparison.operation(
                                operation.getKey() + " " + path.getKey(),
                                operation.getValue(),
                                now.path("paths").path(path.getKey()).path(operation.getKey()))));
        return comparison.breaks;
    }

    private void operation(String name, JsonNode before, JsonNode after) {
        if (after.isMissingNode()) {
            breaks.add(name + " is gone");
            return;
        }
        Set<String> known = new HashSet<>();
        for (JsonNode parameter : before.path("parameters")) {
            known.add(key(parameter));
            JsonNode same = parameter(after, parameter);
            if (same.isMissingNode()) {
                breaks.add(name + " takes no " + key(parameter) + " any more");
            } else if (required(same) && !required(parameter)) {
                breaks.add(name + " demands " + key(parameter));
            }
        }
        for (JsonNode parameter : after.path("parameters")) {
            if (required(parameter) && !known.contains(key(parameter))) {
                breaks.add(name + " demands " + key(parameter));
            }
        }
        request(name, schema(before.path("requestBody")), schema(after.path("requestBody")), 0);
        before.path("responses").properties().stream()
                .filter(response -> response.getKey().startsWith("2"))
                .forEach(response -> {
                    JsonNode same = after.path("responses").path(response.getKey());
                    if (same.isMissingNode()) {
                        breaks.add(name + " answers no " + response.getKey() + " any more");
                    } else {
                        response(name + " answer", schema(response.getValue()), schema(same), 0);
                    }
                });
    }

    private static String key(JsonNode parameter) {
        return parameter.path("in").asText() + " " + parameter.path("name").asText();
    }

    private static boolean required(JsonNode parameter) {
        return parameter.path("required").asBoolean();
    }

    private static JsonNode parameter(JsonNode operation, JsonNode like) {
        for (JsonNode parameter : operation.path("parameters")) {
            if (key(parameter).equals(key(like))) {
                return parameter;
            }
        }
        return operation.path("parameters").path("none");
    }

    private static JsonNode schema(JsonNode content) {
        return content.path("content").path("application/json").path("schema");
    }

    private static JsonNode resolved(JsonNode document, JsonNode schema) {
        JsonNode found = schema;
        for (int step = 0; step < DEEPEST && found.has("$ref"); step++) {
            found = document.at(found.get("$ref").asText().substring(1));
        }
        for (String choice : List.of("anyOf", "oneOf", "allOf")) {
            if (found.has(choice)) {
                return resolved(document, found.get(choice).get(0));
            }
        }
        return found;
    }

    /** Whatever was accepted is still accepted, and no more is demanded. */
    private void request(String at, JsonNode givenBefore, JsonNode givenAfter, int depth) {
        JsonNode before = resolved(released, givenBefore);
        JsonNode after = resolved(now, givenAfter);
        if (before.isMissingNode() || depth > DEEPEST || differentType(at, before, after)) {
            return;
        }
        Set<String> choices = texts(after.path("enum"));
        for (String choice : texts(before.path("enum"))) {
            if (!choices.isEmpty() && !choices.contains(choice)) {
                breaks.add(at + " takes no \"" + choice + "\" any more");
            }
        }
        Set<String> demanded = texts(before.path("required"));
        texts(after.path("required")).stream()
                .filter(field -> !demanded.contains(field))
                .forEach(field -> breaks.add(at + "." + field + " is demanded"));
        for (Map.Entry<String, JsonNode> field : before.path("properties").properties()) {
            JsonNode same = after.path("properties").path(field.getKey());
            if (same.isMissingNode()) {
                breaks.add(at + "." + field.getKey() + " is not taken any more");
            } else {
                request(at + "." + field.getKey(), field.getValue(), same, depth + 1);
            }
        }
        if (before.has("items")) {
            request(at + "[]", before.get("items"), after.path("items"), depth + 1);
        }
    }

    /** Whatever was promised still comes. */
    private void response(String at, JsonNode givenBefore, JsonNode givenAfter, int depth) {
        JsonNode before = resolved(released, givenBefore);
        JsonNode after = resolved(now, givenAfter);
        if (before.isMissingNode() || depth > DEEPEST || differentType(at, before, after)) {
            return;
        }
        Set<String> promised = texts(after.path("required"));
        for (Map.Entry<String, JsonNode> field : before.path("properties").properties()) {
            JsonNode same = after.path("properties").path(field.getKey());
            if (same.isMissingNode()) {
                breaks.add(at + "." + field.getKey() + " does not come any more");
            } else {
                response(at + "." + field.getKey(), field.getValue(), same, depth + 1);
            }
        }
        texts(before.path("required")).stream()
                .filter(field -> after.path("properties").has(field) && !promised.contains(field))
                .forEach(field -> breaks.add(at + "." + field + " may be missing"));
        if (before.has("items")) {
            response(at + "[]", before.get("items"), after.path("items"), depth + 1);
        }
    }

    private boolean differentType(String at, JsonNode before, JsonNode after) {
        boolean different = !after.isMissingNode() && !Generator.type(before).equals(Generator.type(after));
        if (different || after.isMissingNode()) {
            breaks.add(at + " is of another type");
            return true;
        }
        return false;
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new HashSet<>();
        array.forEach(one -> texts.add(one.asText()));
        return texts;
    }
}
