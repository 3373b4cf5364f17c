package org.passerelle.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One OpenAPI document of several. A schema that is the same in every service that has it stays one; where two services
 * mean different things by one name, each gets the name of its service before it. Tags say the service.
 */
final class MergedApi {

    private static final String SCHEMAS = "#/components/schemas/";
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private final Map<String, JsonNode> services;
    private final Set<String> ambiguous = new TreeSet<>();

    private MergedApi(Map<String, JsonNode> services) {
        this.services = services;
    }

    /**
     * @param services by name: {@code identification}
     * @throws IllegalArgumentException where two operations have one id or one path
     */
    static ObjectNode merge(Map<String, JsonNode> services) {
        return new MergedApi(new TreeMap<>(services)).merged();
    }

    private ObjectNode merged() {
        findAmbiguous();
        ObjectNode merged = JsonNodeFactory.instance.objectNode();
        JsonNode any = services.values().iterator().next();
        merged.set("openapi", any.path("openapi"));
        merged.putObject("info")
                .put("title", "Passerelle")
                .put("description", "The four services of a National Referral Mechanism, behind one gateway.")
                .put("version", "1");
        merged.set("servers", any.path("servers"));
        ObjectNode paths = merged.putObject("paths");
        ObjectNode components = merged.putObject("components");
        ObjectNode schemas = components.putObject("schemas");
        components.set("headers", any.path("components").path("headers"));
        components.set("securitySchemes", any.path("components").path("securitySchemes"));
        Set<String> ids = new TreeSet<>();
        services.forEach((service, document) -> {
            document.path("paths").properties().forEach(path -> {
                JsonNode item = renamed(path.getValue(), service);
                item.properties().stream()
                        .filter(operation -> METHODS.contains(operation.getKey()))
                        .forEach(operation -> tell(service, (ObjectNode) operation.getValue(), ids));
                if (paths.replace(path.getKey(), item) != null) {
                    throw new IllegalArgumentException("two services have the path " + path.getKey());
                }
            });
            document.at("/components/schemas")
                    .properties()
                    .forEach(
                            schema -> schemas.set(name(schema.getKey(), service), renamed(schema.getValue(), service)));
        });
        return merged;
    }

    private static void tell(String service, ObjectNode operation, Set<String> ids) {
        if (!ids.add(operation.path("operationId").asText())) {
            throw new IllegalArgumentException(
                    "two operations are called " + operation.path("operationId").asText());
        }
        List<String> tags = new ArrayList<>();
        operation.path("tags").forEach(tag -> tags.add(capital(service) + ": " + tag.asText()));
        operation.putArray("tags").addAll(tags.stream().map(TextNode::valueOf).toList());
    }

    /** A schema that names an ambiguous one is ambiguous itself. */
    private void findAmbiguous() {
        Map<String, JsonNode> known = new TreeMap<>();
        for (JsonNode document : services.values()) {
            document.at("/components/schemas").properties().forEach(schema -> {
                JsonNode other = known.putIfAbsent(schema.getKey(), schema.getValue());
                if (other != null && !other.equals(schema.getValue())) {
                    ambiguous.add(schema.getKey());
                }
            });
        }
        boolean found = true;
        while (found) {
            found = false;
            for (Map.Entry<String, JsonNode> schema : known.entrySet()) {
                found |= shared(schema.getKey()) && named(schema.getValue()) && ambiguous.add(schema.getKey());
            }
        }
    }

    private boolean shared(String schema) {
        return services.values().stream()
                        .filter(document -> document.at("/components/schemas").has(schema))
                        .count()
                > 1;
    }

    private boolean named(JsonNode node) {
        return reference(node).map(ambiguous::contains).orElse(false)
                || node.valueStream().anyMatch(this::named);
    }

    private static Optional<String> reference(JsonNode node) {
        String target = node.path("$ref").asText();
        return target.startsWith(SCHEMAS) ? Optional.of(target.substring(SCHEMAS.length())) : Optional.empty();
    }

    private JsonNode renamed(JsonNode given, String service) {
        JsonNode copy = given.deepCopy();
        rename(copy, service);
        return copy;
    }

    private void rename(JsonNode node, String service) {
        reference(node).ifPresent(name -> ((ObjectNode) node).put("$ref", SCHEMAS + name(name, service)));
        node.forEach(one -> rename(one, service));
    }

    private String name(String schema, String service) {
        return ambiguous.contains(schema) ? capital(service) + schema : schema;
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
