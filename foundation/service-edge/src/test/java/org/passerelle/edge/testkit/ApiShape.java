package org.passerelle.edge.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Whether a value is what an OpenAPI document says it is: types, fields, choices, lengths, patterns, formats, bounds. A
 * field that the schema does not know is a fault; null is an answer only where the document says so.
 */
final class ApiShape {

    private final Generator document;
    private final List<String> faults = new ArrayList<>();

    private ApiShape(Generator document) {
        this.document = document;
    }

    static List<String> faults(Generator document, JsonNode schema, JsonNode value) {
        ApiShape shape = new ApiShape(document);
        shape.check(schema, value, "");
        return shape.faults;
    }

    /**
     * Whether two answers are of one form: the same fields of the same kinds, in lists those of their first elements.
     * Whether a list goes on depends on what else was told to the service, not on the form; nor does it change the form
     * that something is known which is not in the example, like how long a rebuild still takes: its schema judges it.
     */
    static List<String> differences(JsonNode example, JsonNode value, String at) {
        List<String> found = new ArrayList<>();
        if (example.isNull()) {
            return found;
        }
        if (example.getNodeType() != value.getNodeType()) {
            found.add(at + " is " + value.getNodeType() + ", in the example " + example.getNodeType());
        } else if (example.isArray() && !example.isEmpty()) {
            if (value.isEmpty()) {
                found.add(at + " is empty");
            } else {
                found.addAll(differences(example.get(0), value.get(0), at + "[]"));
            }
        } else if (example.isObject()) {
            example.fieldNames().forEachRemaining(name -> {
                if (value.has(name)) {
                    found.addAll(differences(example.get(name), value.get(name), at + "." + name));
                } else {
                    found.add(at + "." + name + " is missing");
                }
            });
            value.fieldNames().forEachRemaining(name -> {
                if (!example.has(name) && !name.equals("next")) {
                    found.add(at + "." + name + " is not in the example");
                }
            });
        }
        return found;
    }

    private void fault(String at, String what) {
        faults.add((at.isEmpty() ? "the body" : at) + " " + what);
    }

    private void check(JsonNode given, JsonNode value, String at) {
        JsonNode schema = document.resolved(given);
        if (!schema.has("type") && !schema.has("properties")) {
            return;
        }
        if (value.isNull()) {
            kind(document.mayBeNull(given), at, "null, which the document does not say");
            return;
        }
        if (schema.has("enum") && schema.get("enum").valueStream().noneMatch(value::equals)) {
            fault(at, "is none of the choices");
        }
        switch (Generator.type(schema)) {
            case "object" -> object(schema, value, at);
            case "array" -> array(schema, value, at);
            case "string" -> text(schema, value, at);
            case "boolean" -> kind(value.isBoolean(), at, "no boolean");
            default -> number(schema, value, at);
        }
    }

    private boolean kind(boolean right, String at, String what) {
        if (!right) {
            fault(at, "is " + what);
        }
        return right;
    }

    private void object(JsonNode schema, JsonNode value, String at) {
        if (!kind(value.isObject(), at, "no object")) {
            return;
        }
        schema.path("required").forEach(name -> kind(value.has(name.asText()), at + "." + name.asText(), "missing"));
        JsonNode more = schema.path("additionalProperties");
        value.properties().forEach(field -> {
            JsonNode property = schema.path("properties").path(field.getKey());
            if (!property.isMissingNode()) {
                check(property, field.getValue(), at + "." + field.getKey());
            } else if (more.isObject()) {
                check(more, field.getValue(), at + "." + field.getKey());
            } else if (schema.has("properties")) {
                fault(at + "." + field.getKey(), "is not in the document");
            }
        });
    }

    private void array(JsonNode schema, JsonNode value, String at) {
        if (kind(value.isArray(), at, "no array")) {
            kind(value.size() <= schema.path("maxItems").asInt(Integer.MAX_VALUE), at, "too long");
            value.forEach(one -> check(schema.path("items"), one, at + "[]"));
        }
    }

    private void text(JsonNode schema, JsonNode value, String at) {
        if (!kind(value.isTextual(), at, "no string")) {
            return;
        }
        String text = value.asText();
        kind(text.length() <= schema.path("maxLength").asInt(Integer.MAX_VALUE), at, "too long");
        boolean fits = !schema.has("pattern")
                || Pattern.compile(schema.get("pattern").asText()).matcher(text).find();
        kind(fits, at, "of another pattern");
        try {
            switch (schema.path("format").asText()) {
                case "uuid" -> UUID.fromString(text);
                case "date-time" -> Instant.parse(text);
                case "date" -> LocalDate.parse(text);
                default -> {}
            }
        } catch (IllegalArgumentException | DateTimeException other) {
            fault(at, "is no " + schema.get("format").asText());
        }
    }

    private void number(JsonNode schema, JsonNode value, String at) {
        boolean whole = Generator.type(schema).equals("integer");
        if (kind(whole ? value.isIntegralNumber() : value.isNumber(), at, "no " + Generator.type(schema))) {
            BigDecimal number = value.decimalValue();
            kind(
                    (!schema.has("minimum")
                                    || number.compareTo(schema.get("minimum").decimalValue()) >= 0)
                            && (!schema.has("maximum")
                                    || number.compareTo(schema.get("maximum").decimalValue()) <= 0),
                    at,
                    "out of bounds");
        }
    }
}
