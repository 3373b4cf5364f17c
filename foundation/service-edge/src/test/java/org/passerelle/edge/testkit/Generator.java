package org.passerelle.edge.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Makes values from the schemas of an OpenAPI document: such as fit, such as nearly fit, and such as are meant ill. */
final class Generator {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int DEEPEST = 8;

    /** What has broken programs before. Each must be refused or taken, and never end in an error. */
    private static final List<String> UNFRIENDLY = List.of(
            "",
            " ",
            "\u0000",
            "a\u0000b",
            "\ud800",
            "\u202e\u200f\ufeff",
            "👩‍👧‍👦 Ñandú 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ﷽",
            "' or 1=1; drop table event; --",
            "{{7*7}}${7*7}<%= 7 %>{missing}",
            "<script>alert(1)</script>",
            "../../etc/passwd",
            "%00%0d%0a",
            "null",
            "-0",
            "9".repeat(400),
            "2026-02-30T25:61:61Z",
            "+999999999-12-31T23:59:59Z",
            "-292275055-05-16T16:47:04Z",
            "0000-00-00",
            "00000000-0000-0000-0000-000000000000",
            "4829-1370-6158",
            "x".repeat(20_000));

    private final Random random;
    private final JsonNode document;
    /** Values that the service gave out, by the name of their field: so that some requests meet what exists. */
    private final Map<String, List<String>> known = new HashMap<>();

    Generator(Random random, JsonNode document) {
        this.random = random;
        this.document = document;
    }

    /** Takes note of ids and codes in an answer. */
    void learn(JsonNode answer) {
        if (answer.isArray()) {
            answer.forEach(this::learn);
        } else if (answer.isObject()) {
            answer.properties().forEach(field -> {
                if (field.getValue().isTextual() && field.getValue().asText().length() <= 64) {
                    List<String> values = known.computeIfAbsent(field.getKey(), name -> new ArrayList<>());
                    if (values.size() < 50) {
                        values.add(field.getValue().asText());
                    }
                }
                learn(field.getValue());
            });
        }
    }

    /** Something that the service gave out under this name before; else anything. */
    String parameter(String name, JsonNode schema) {
        List<String> values = known.getOrDefault(name.equals("code") ? "caseCode" : name, List.of());
        if (!values.isEmpty() && random.nextInt(10) > 0) {
            return values.get(random.nextInt(values.size()));
        }
        return random.nextInt(4) == 0 ? unfriendly() : fitting(schema, name, 0).asText();
    }

    JsonNode resolved(JsonNode schema) {
        JsonNode found = schema;
        for (int step = 0; step < DEEPEST && found.has("$ref"); step++) {
            found = document.at(found.get("$ref").asText().substring(1));
        }
        for (String choice : List.of("anyOf", "oneOf", "allOf")) {
            if (found.has(choice)) {
                return resolved(found.get(choice).get(0));
            }
        }
        return found;
    }

    /** Whether null is said to be an answer. */
    boolean mayBeNull(JsonNode schema) {
        JsonNode found = schema;
        for (int step = 0; step < DEEPEST && found.has("$ref"); step++) {
            found = document.at(found.get("$ref").asText().substring(1));
        }
        JsonNode type = found.path("type");
        return type.asText().equals("null")
                || type.valueStream().anyMatch(one -> one.asText().equals("null"))
                || found.path("anyOf").valueStream().anyMatch(this::mayBeNull);
    }

    static String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            for (JsonNode one : type) {
                if (!one.asText().equals("null")) {
                    return one.asText();
                }
            }
        }
        return type.asText(schema.has("properties") ? "object" : "string");
    }

    JsonNode fitting(JsonNode given, String name, int depth) {
        JsonNode schema = resolved(given);
        if (schema.has("enum")) {
            return schema.get("enum").get(random.nextInt(schema.get("enum").size()));
        }
        return switch (type(schema)) {
            case "object" -> object(schema, depth);
            case "array" -> {
                ArrayNode array = JSON.arrayNode();
                int size = depth > DEEPEST ? 0 : schema.path("minItems").asInt(0) + random.nextInt(3);
                for (int i = 0; i < size; i++) {
                    array.add(fitting(schema.path("items"), name, depth + 1));
                }
                yield array;
            }
            case "integer", "number" ->
                JSON.numberNode(Math.max(schema.path("minimum").asLong(0), 0)
                        + random.nextInt(bound(schema.path("maximum").asLong(60))));
            case "boolean" -> JSON.booleanNode(random.nextBoolean());
            default -> text(schema, name);
        };
    }

    /** The largest number of its type is no limit that anybody meant. */
    private static int bound(long maximum) {
        return maximum < 1 || maximum > 1_000_000 ? 60 : (int) maximum;
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode object = JSON.objectNode();
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(one -> required.add(one.asText()));
        schema.path("properties").properties().forEach(property -> {
            if (required.contains(property.getKey()) || depth < DEEPEST && random.nextInt(3) > 0) {
                object.set(property.getKey(), fitting(property.getValue(), property.getKey(), depth + 1));
            }
        });
        if (schema.path("additionalProperties").isObject()) {
            object.set("ACT_RECRUITMENT", fitting(schema.get("additionalProperties"), "value", depth + 1));
        }
        return object;
    }

    private TextNode text(JsonNode schema, String name) {
        List<String> values = known.getOrDefault(name, List.of());
        if (!values.isEmpty() && random.nextInt(3) == 0) {
            return JSON.textNode(values.get(random.nextInt(values.size())));
        }
        JsonNode examples = schema.path("examples");
        if (examples.isArray() && !examples.isEmpty()) {
            return JSON.textNode(examples.get(0).asText());
        }
        if (schema.has("example")) {
            return JSON.textNode(schema.get("example").asText());
        }
        String text = switch (schema.path("format").asText()) {
            case "uuid" -> new UUID(random.nextLong(), random.nextLong()).toString();
            case "date-time" ->
                Instant.now().minusSeconds(random.nextInt(1_000_000)).toString();
            case "date" ->
                LocalDate.of(1960 + random.nextInt(60), 1 + random.nextInt(12), 1)
                        .toString();
            default -> "texte " + random.nextInt(1000);
        };
        int most = schema.path("maxLength").asInt(text.length());
        return JSON.textNode(text.substring(0, Math.min(text.length(), most)));
    }

    /** A fitting value with one or two things wrong with it, somewhere. */
    JsonNode nearly(JsonNode schema) {
        JsonNode value = fitting(schema, "body", 0);
        for (int i = 0; i <= random.nextInt(2); i++) {
            value = spoilt(value);
        }
        return value;
    }

    private JsonNode spoilt(JsonNode value) {
        if (value instanceof ObjectNode object && !object.isEmpty() && random.nextInt(8) > 0) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(6)) {
                case 0 -> object.remove(name);
                case 1 -> object.putNull(name);
                case 2 -> object.put("x" + name, true);
                default -> object.set(name, spoilt(object.get(name)));
            }
            return object;
        }
        if (value instanceof ArrayNode array && !array.isEmpty() && random.nextBoolean()) {
            int at = random.nextInt(array.size());
            array.set(at, spoilt(array.get(at)));
            return array;
        }
        return switch (random.nextInt(8)) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.numberNode(Long.MIN_VALUE);
            case 2 -> JSON.numberNode(new java.math.BigDecimal("1e400"));
            case 3 -> JSON.booleanNode(true);
            case 4 -> JSON.arrayNode().add(value);
            case 5 -> JSON.objectNode().set("value", value);
            default -> JSON.textNode(unfriendly());
        };
    }

    String unfriendly() {
        return UNFRIENDLY.get(random.nextInt(UNFRIENDLY.size()));
    }

    /** Bytes that no friend sends. */
    String hostile(JsonNode schema) {
        String fitting = fitting(schema, "body", 0).toString();
        return switch (random.nextInt(9)) {
            case 0 -> "[".repeat(50_000);
            case 1 -> "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000);
            case 2 -> fitting.substring(0, random.nextInt(fitting.length() + 1));
            case 3 ->
                fitting.endsWith("}") && fitting.length() > 2
                        ? fitting.substring(0, fitting.length() - 1) + "," + fitting.substring(1)
                        : fitting + fitting;
            case 4 -> "\"" + "x".repeat(300_000) + "\"";
            case 5 -> "{\"\\ud800\": \"\\udfff\\u0000\"}";
            case 6 -> "1e99999999";
            case 7 -> "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>";
            default -> "";
        };
    }
}
