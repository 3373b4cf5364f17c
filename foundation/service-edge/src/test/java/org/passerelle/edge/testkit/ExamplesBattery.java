package org.passerelle.edge.testkit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Plays the examples of a service's OpenAPI document, {@code openapi-examples.json}, as one story against the running
 * service. Ids that the service gives out take the place of the story's in all later steps. Each answer must have the
 * status, fit the document's schema and be of the form of the example.
 *
 * <p>{@code -Dpasserelle.api.write=true} writes the answers of steps that have none, with the story's ids.
 */
public abstract class ExamplesBattery {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Path OWN = Path.of("src/main/resources/openapi-examples.json");
    private static final Path OF_ALL =
            Path.of("../foundation/service-edge/src/main/resources/openapi-examples-of-all.json");

    private final String service;
    /** What the service calls what the story calls otherwise. */
    private final Map<String, String> real = new HashMap<>();

    private JsonNode document = JSON.missingNode();
    private Generator schemas = new Generator(new Random(), document);

    /** @param service as its path: {@code identification} */
    protected ExamplesBattery(String service) {
        this.service = service;
    }

    /** An organisation of the story, and others that act in it. */
    protected final String real(String ofTheStory) {
        return real.computeIfAbsent(ofTheStory, any -> UUID.randomUUID().toString());
    }

    /** Tells the service under test what the others would have told it; called before the step. */
    protected void before(String operation) {}

    /** Says how the service calls something of the story. */
    protected final void isReally(String ofTheStory, String here) {
        real.put(ofTheStory, here);
    }

    @Test
    void theExamplesAreTrue() throws Exception {
        document = JSON.readTree(given().get("/openapi?format=json").asString());
        schemas = new Generator(new Random(), document);
        List<String> wrong = new ArrayList<>();
        List<String> played = new ArrayList<>();
        for (Path file : List.of(OWN, OF_ALL)) {
            ArrayNode story =
                    (ArrayNode) JSON.readTree(Files.readString(file).replace("/{service}/", "/" + service + "/"));
            for (JsonNode step : story) {
                String operation = step.path("operation").asText();
                before(operation);
                wrong.addAll(play((ObjectNode) step));
                played.add(operation);
            }
            if (Boolean.getBoolean("passerelle.api.write")) {
                String written = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(story);
                Files.writeString(
                        file, file.equals(OF_ALL) ? written.replace(" /" + service + "/", " /{service}/") : written);
            }
        }
        System.out.printf(
                "examples %s: %d requests played, of %d operations%n",
                service, played.size(), played.stream().distinct().count());
        assertThat(wrong).isEmpty();
    }

    private List<String> play(ObjectNode step) throws IOException {
        String[] operation = step.path("operation").asText().split(" ", 2);
        JsonNode definition = document.path("paths").path(operation[1]).path(operation[0].toLowerCase(Locale.ROOT));
        String key = UUID.randomUUID().toString();
        Instant end = Instant.now().plus(PATIENCE);
        while (true) {
            Response answer = send(step, operation[0], operation[1], key);
            List<String> wrong = faults(step, definition, answer);
            // What comes from another service takes its time; a command is sent once.
            if (wrong.isEmpty() || !operation[0].equals("GET") || Instant.now().isAfter(end)) {
                return wrong.stream()
                        .map(fault -> step.path("operation").asText() + ": " + fault)
                        .toList();
            }
            pause();
        }
    }

    private Response send(JsonNode step, String method, String template, String key) {
        String path = template.replaceFirst("^/" + service, "");
        RequestSpecification request = as(step).header("Idempotency-Key", key);
        for (Map.Entry<String, JsonNode> value : step.path("path").properties()) {
            path = path.replace(
                    "{" + value.getKey() + "}", here(value.getValue().asText()));
        }
        for (Map.Entry<String, JsonNode> value : step.path("query").properties()) {
            request.queryParam(value.getKey(), here(value.getValue().asText()));
        }
        if (step.hasNonNull("ifMatch")) {
            String read = path.replaceFirst("^(/[a-z-]+/[^/]+).*", "$1");
            request.header("If-Match", as(step).get(read).header("ETag"));
        }
        if (step.hasNonNull("request")) {
            request.body(translated(step.get("request"), real).toString());
        }
        return request.request(method, path);
    }

    private RequestSpecification as(JsonNode step) {
        List<String> roles = new ArrayList<>();
        step.path("roles").forEach(role -> roles.add(role.asText()));
        String organisation = real(step.path("of").asText());
        return given().auth()
                .oauth2(Tokens.of(
                        "examples-" + String.join("-", roles) + organisation.substring(0, 8), roles, organisation))
                .header("Accept-Language", "en")
                .contentType("application/json");
    }

    private List<String> faults(ObjectNode step, JsonNode definition, Response answer) throws JsonProcessingException {
        if (answer.statusCode() != step.path("status").asInt()) {
            return List.of("answers " + answer.statusCode() + " " + answer.asString());
        }
        JsonNode body = JSON.readTree(answer.asString());
        JsonNode media = definition
                .path("responses")
                .path(step.path("status").asText())
                .path("content")
                .path(answer.contentType().replaceFirst(";.*", ""));
        List<String> faults = new ArrayList<>(ApiShape.faults(schemas, media.path("schema"), body));
        if (!step.hasNonNull("response")) {
            Map<String, String> back = new HashMap<>();
            real.forEach((example, here) -> back.put(here, example));
            step.set("response", translated(body, back));
            return faults;
        }
        JsonNode example = step.get("response");
        faults.addAll(ApiShape.differences(example, body, ""));
        ApiShape.faults(schemas, media.path("schema"), example).forEach(fault -> faults.add("in the example " + fault));
        if (step.hasNonNull("request")) {
            JsonNode schema = definition.at("/requestBody/content/application~1json/schema");
            ApiShape.faults(schemas, schema, step.get("request"))
                    .forEach(fault -> faults.add("in the example's request " + fault));
            if (!definition.at("/requestBody/content/application~1json").has("example")) {
                faults.add("the document shows no example of a request");
            }
        }
        if (!media.has("example")) {
            faults.add("the document shows no example of an answer");
        }
        if (faults.isEmpty()) {
            learn(example, body);
        }
        return faults;
    }

    /** Ids and codes: whatever else differs is never sent back. */
    private void learn(JsonNode example, JsonNode here) {
        if (example.isTextual() && here.isTextual()) {
            if (example.asText().matches("[0-9-]{14}|[0-9a-f-]{36}")) {
                real.putIfAbsent(example.asText(), here.asText());
            }
        } else if (example.isArray() && here.isArray()) {
            for (int i = 0; i < Math.min(example.size(), here.size()); i++) {
                learn(example.get(i), here.get(i));
            }
        } else {
            example.properties().forEach(field -> learn(field.getValue(), here.path(field.getKey())));
        }
    }

    private String here(String ofTheStory) {
        return real.getOrDefault(ofTheStory, ofTheStory);
    }

    private static JsonNode translated(JsonNode given, Map<String, String> words) {
        @Nullable String other = given.isTextual() ? words.get(given.asText()) : null;
        if (other != null) {
            return TextNode.valueOf(other);
        }
        if (given.isObject()) {
            ObjectNode copy = JSON.createObjectNode();
            given.properties().forEach(field -> copy.set(field.getKey(), translated(field.getValue(), words)));
            return copy;
        }
        if (given.isArray()) {
            ArrayNode copy = JSON.createArrayNode();
            given.forEach(one -> copy.add(translated(one, words)));
            return copy;
        }
        return given;
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
