package org.passerelle.edge.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * The rules of {@code @stoplight/spectral-owasp-ruleset} 2.0.1 (OWASP API Security Top 10, 2023) that concern an OpenAPI
 * 3.1 document, by their names there, so that the build needs no npm. Spectral itself found the same in the same documents;
 * {@code docs/api/README.md} says how to run it.
 *
 * <p>Not among them, on purpose: {@code define-cors-origin}, because no other origin may read an answer and the way to say
 * so is to send no header at all.
 */
final class ApiLint {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete", "head");
    private static final Set<String> WRITING = Set.of("post", "put", "patch", "delete");
    private static final Pattern ID = Pattern.compile("id|.*(_id|Id|-id)");
    private static final Pattern CREDENTIALS = Pattern.compile(
            ".*(client_?secret|token|access_?token|refresh_?token|id_?token|password|secret|api-?key).*",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern URL = Pattern.compile("(callback|redirect).*|.*(_url|Url|-url)");
    private static final Pattern ENVIRONMENT =
            Pattern.compile(".*(local|sandbox|alpha|beta|test|stag|prod|next).*", Pattern.CASE_INSENSITIVE);

    /**
     * Operations whose permission is something else than a login: what a witness signs, and a link with its code. They have
     * no 401 and no quota of an account.
     */
    private static final Set<String> OPEN = Set.of(
            "post /proof/witness/add-checkpoint",
            "post /cross-border/messages",
            "get /proof/witness/last-checkpoints",
            "get /links/{token}",
            "post /links/{token}",
            "post /links/slice");

    /** A one-time link is a credential in an address: decision 97 says why, and what it opens without the code: nothing. */
    private static final Set<String> LINKS = Set.of("get /links/{token}", "post /links/{token}");

    private final JsonNode document;
    private final List<String> findings = new ArrayList<>();

    private ApiLint(JsonNode document) {
        this.document = document;
    }

    /** @return rule and place of whatever is against a rule, and of operations that need no login without being named here */
    static List<String> findings(JsonNode document) {
        ApiLint lint = new ApiLint(document);
        lint.servers();
        lint.schemes();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(operation -> METHODS.contains(operation.getKey()))
                        .forEach(operation -> lint.operation(path.getKey(), operation.getKey(), operation.getValue())));
        lint.values(document, "");
        return lint.findings;
    }

    private void found(String rule, String place) {
        findings.add("owasp:" + rule + " at " + place);
    }

    private void servers() {
        for (JsonNode server : document.path("servers")) {
            String url = server.path("url").asText();
            if (url.startsWith("http:")) {
                found("api8:2023-no-server-http", url);
            }
            if (!server.has("x-internal")) {
                found("api9:2023-inventory-access", url);
            }
            if (!ENVIRONMENT.matcher(server.path("description").asText()).matches()) {
                found("api9:2023-inventory-environment", url);
            }
        }
    }

    private void schemes() {
        document.at("/components/securitySchemes").properties().forEach(scheme -> {
            JsonNode definition = scheme.getValue();
            String name = scheme.getKey();
            String http = definition.path("scheme").asText();
            if (http.equals("basic")) {
                found("api2:2023-no-http-basic", name);
            }
            if (Set.of("negotiate", "oauth").contains(http)) {
                found("api2:2023-auth-insecure-schemes", name);
            }
            boolean oauth = definition.path("type").asText().equals("oauth2");
            if (definition.path("type").asText().equals("apiKey")
                    && Set.of("path", "query").contains(definition.path("in").asText())) {
                found("api2:2023-no-api-keys-in-url", name);
            }
            if ((oauth || definition.path("bearerFormat").asText().equalsIgnoreCase("jwt"))
                    && !definition.path("description").asText().contains("RFC8725")) {
                found("api2:2023-jwt-best-practices", name);
            }
            definition.path("flows").properties().stream()
                    .filter(flow -> oauth && !flow.getValue().has("refreshUrl"))
                    .forEach(flow -> found("api2:2023-short-lived-access-tokens", name));
        });
    }

    private void operation(String path, String method, JsonNode operation) {
        String place = method + " " + path;
        String named = method + " " + path.replaceFirst("^/[a-z]+", "");
        boolean open = operation.path("security").isEmpty();
        if (open && !OPEN.contains(named)) {
            found(WRITING.contains(method) ? "api2:2023-write-restricted" : "api2:2023-read-restricted", place);
        }
        for (JsonNode parameter : operation.path("parameters")) {
            parameter(place, named, parameter);
        }
        JsonNode responses = operation.path("responses");
        if (!responses.has("400") && !responses.has("422") && !responses.has("4XX")) {
            found("api8:2023-define-error-validation", place);
        }
        described(responses, "500", "api8:2023-define-error-responses-500", place);
        if (!open) {
            described(responses, "401", "api8:2023-define-error-responses-401", place);
            described(responses, "429", "api4:2023-rate-limit-responses-429", place);
            if (!responses.path("429").path("headers").has("Retry-After")) {
                found("api4:2023-rate-limit-retry-after", place);
            }
            responses.properties().stream()
                    .filter(response -> response.getKey().matches("[24].*"))
                    .filter(response -> !response.getValue().path("headers").has("RateLimit"))
                    .forEach(response -> found("api4:2023-rate-limit", place + " " + response.getKey()));
        }
    }

    private void described(JsonNode responses, String status, String rule, String place) {
        if (responses.path(status).path("content").isEmpty()) {
            found(rule, place);
        }
    }

    private void parameter(String place, String named, JsonNode parameter) {
        String name = parameter.path("name").asText();
        if (ID.matcher(name).matches() && has(parameter.path("schema"), "integer")) {
            found("api1:2023-no-numeric-ids", place + " " + name);
        }
        boolean inTheAddress =
                Set.of("path", "query").contains(parameter.path("in").asText());
        if (inTheAddress && CREDENTIALS.matcher(name).matches() && !LINKS.contains(named)) {
            found("api2:2023-no-credentials-in-url", place + " " + name);
        }
        if (URL.matcher(name).matches()) {
            found("api7:2023-concerning-url-parameter", place + " " + name);
        }
    }

    /** Every schema wherever it stands; an example is none. */
    private void values(JsonNode node, String place) {
        if (node.path("type").isTextual() || node.path("type").isArray()) {
            value(node, place);
        }
        BiConsumer<String, JsonNode> deeper = (name, one) -> values(one, place + "/" + name);
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                deeper.accept(Integer.toString(i), node.get(i));
            }
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!field.getKey().startsWith("example")) {
                deeper.accept(field.getKey(), field.getValue());
            }
        }
    }

    private void value(JsonNode schema, String place) {
        boolean chosen = schema.has("enum") || schema.has("const");
        if (has(schema, "string") && !chosen) {
            if (!schema.has("maxLength")) {
                found("api4:2023-string-limit", place);
            }
            if (!schema.has("format") && !schema.has("pattern")) {
                found("api4:2023-string-restricted", place);
            }
        }
        if (has(schema, "array") && !schema.has("maxItems")) {
            found("api4:2023-array-limit", place);
        }
        if (has(schema, "integer")) {
            if (schema.has("minimum") == schema.has("exclusiveMinimum")
                    || schema.has("maximum") == schema.has("exclusiveMaximum")) {
                found("api4:2023-integer-limit", place);
            }
            if (!schema.has("format")) {
                found("api4:2023-integer-format", place);
            }
        }
        JsonNode more = schema.path("unevaluatedProperties");
        if (has(schema, "object") && !more.isMissingNode() && !(more.isBoolean() && !more.asBoolean())) {
            found("api3:2023-no-unevaluatedProperties", place);
        }
    }

    private static boolean has(JsonNode schema, String type) {
        JsonNode types = schema.path("type");
        return types.asText().equals(type)
                || types.valueStream().anyMatch(one -> one.asText().equals(type));
    }
}
