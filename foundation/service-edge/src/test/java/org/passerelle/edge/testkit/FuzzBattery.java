package org.passerelle.edge.testkit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.RestAssured;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Requests made from the service's own OpenAPI document: valid ones, nearly valid ones, hostile ones. None may end in an
 * error of ours, show how we are made, answer with what the document does not know, or change anything when it is refused.
 *
 * <p>{@code -Dpasserelle.fuzz.requests=50000} for the long run, {@code -Dpasserelle.fuzz.seed=N} for other requests.
 */
public abstract class FuzzBattery {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
    private static final Pattern HOW_WE_ARE_MADE = Pattern.compile(
            "\\b(org\\.passerelle\\.|java\\.(lang|util)\\.|io\\.(quarkus|vertx)\\.|at [a-z]+\\.[a-zA-Z.]+\\()");
    /** May nearly everything, so that most requests come past the door. */
    private static final List<String> MIGHTY = List.of(
            "case-worker",
            "field-worker",
            "supervisor",
            "coordinator",
            "provider",
            "auditor",
            "statistician",
            "partner-system");

    private static final List<List<String>> ROLES = List.of(
            List.of("case-worker", "field-worker", "supervisor"),
            List.of("provider"),
            List.of("police-investigator"),
            List.of("coordinator"),
            List.of("auditor", "statistician"),
            List.of("partner-system"),
            List.of());

    private final int requests = Integer.getInteger("passerelle.fuzz.requests", 2_000) / 4;
    private final long seed = Long.getLong("passerelle.fuzz.seed", 1);
    private final Random random = new Random(seed);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String organisation = UUID.randomUUID().toString();
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();
    /** The traces of requests that may have changed something. */
    private final Set<String> accepted = new HashSet<>();

    @Inject
    Pool pool;

    private record Operation(String method, String path, JsonNode definition) {}

    private record Answer(int status, String contentType, String body) {}

    @Test
    void noRequestBreaksIt() throws Exception {
        JsonNode document = JSON.readTree(given().get("/openapi?format=json")
                .then()
                .statusCode(200)
                .extract()
                .asString());
        Generator generator = new Generator(random, document);
        List<Operation> operations = operations(document);
        for (int i = 0; i < requests; i++) {
            send(operations.get(random.nextInt(operations.size())), generator);
        }
        System.out.printf("fuzz: %d requests, seed %d, by status %s%n", requests, seed, statuses);
        assertThat(wrong).as("seed %d", seed).isEmpty();
        assertThat(changes()).as("changed by refused requests, seed %d", seed).isEmpty();
        assertThat(statuses.keySet()).as("some are taken, some refused").anyMatch(status -> status < 300);
    }

    private static List<Operation> operations(JsonNode document) {
        List<Operation> operations = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    // Witnesses speak the text protocol of their specification.
                    if (METHODS.contains(operation.getKey()) && !path.getKey().contains("/proof/witness/")) {
                        operations.add(new Operation(
                                operation.getKey().toUpperCase(Locale.ROOT), path.getKey(), operation.getValue()));
                    }
                }));
        return operations;
    }

    private void send(Operation operation, Generator generator) throws Exception {
        String trace = UUID.randomUUID().toString().replace("-", "");
        List<String> headers = new ArrayList<>();
        String path = operation.path();
        List<String> query = new ArrayList<>();
        for (JsonNode parameter : operation.definition().path("parameters")) {
            String name = parameter.path("name").asText();
            String value = generator.parameter(name, parameter.path("schema"));
            switch (parameter.path("in").asText()) {
                case "path" -> path = path.replace("{" + name + "}", value.isEmpty() ? "-" : encoded(value));
                case "query" -> {
                    if (random.nextInt(3) == 0) {
                        query.add(encoded(name) + "=" + encoded(value));
                    }
                }
                default -> {}
            }
        }
        List<String> roles = random.nextInt(3) > 0 ? MIGHTY : ROLES.get(random.nextInt(ROLES.size()));
        if (random.nextInt(20) > 0) {
            headers.addAll(List.of(
                    "Authorization", "Bearer " + Tokens.of("fuzz-" + String.join("-", roles), roles, organisation)));
        }
        headers.addAll(List.of("traceparent", "00-" + trace + "-00f067aa0ba902b7-01"));
        if (random.nextInt(20) > 0) {
            headers.addAll(List.of("Idempotency-Key", UUID.randomUUID().toString()));
        }
        if (random.nextInt(10) == 0) {
            headers.addAll(List.of("If-Match", random.nextBoolean() ? "\"1\"" : "W/\"*\", \"999999999999999999999\""));
        }
        String body = body(operation, generator, headers);
        URI target = URI.create(RestAssured.baseURI + ":" + RestAssured.port
                + path
                + (query.isEmpty() ? "" : "?" + String.join("&", query)));
        String told = operation.method() + " " + operation.path();
        if (random.nextInt(25) == 0) {
            int status = trick(operation.method(), target, headers, body);
            if (status >= 500 || status == 0) {
                wrong.add(told + " with tricks in its headers: " + status);
            }
            // What comes of two keys or lengths is not ours to say: it may be taken.
            accepted.add(trace);
            return;
        }
        Answer answer = request(operation.method(), target, headers, body);
        statuses.merge(answer.status(), 1, Integer::sum);
        if (answer.status() < 300) {
            accepted.add(trace);
        }
        String fault = fault(operation, answer, generator);
        if (fault != null && wrong.size() < 20) {
            wrong.add(told + " -> " + answer.status() + " " + fault + ", sent " + shortened(target.getRawQuery()) + " "
                    + shortened(body));
        }
    }

    private @Nullable String body(Operation operation, Generator generator, List<String> headers) {
        JsonNode content = operation.definition().at("/requestBody/content");
        JsonNode schema = content.path("application/json").path("schema");
        String type =
                content.isObject() && !content.isEmpty() ? content.fieldNames().next() : "application/json";
        if (random.nextInt(30) == 0) {
            type = List.of(
                            "text/plain",
                            "application/xml",
                            "application/json; charset=utf-16",
                            "*",
                            "multipart/form-data")
                    .get(random.nextInt(5));
        }
        if (operation.method().equals("GET") && random.nextInt(20) > 0) {
            return null;
        }
        try {
            headers.addAll(List.of("Content-Type", type));
            return switch (random.nextInt(6)) {
                case 0, 1, 2 -> JSON.writeValueAsString(generator.fitting(schema, "body", 0));
                case 3, 4 -> JSON.writeValueAsString(generator.nearly(schema));
                default -> generator.hostile(schema);
            };
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Answer request(String method, URI target, List<String> headers, @Nullable String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(target)
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        request.headers(headers.toArray(String[]::new));
        HttpResponse<String> response;
        try {
            response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException closed) {
            // The server hangs up after a request that it could not read; the next one may still have met that line.
            response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
        return new Answer(
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                response.body());
    }

    /** For people: whose refusals are pages too, where the document says so. */
    private static boolean answersPages(Operation operation) {
        return operation
                .definition()
                .path("responses")
                .path("404")
                .path("content")
                .has("text/html");
    }

    /** What is wrong with an answer; null when nothing is. */
    private @Nullable String fault(Operation operation, Answer answer, Generator generator) {
        if (answer.status() >= 500) {
            return "an error of ours";
        }
        if (HOW_WE_ARE_MADE.matcher(answer.body()).find()) {
            return "shows how it is made: " + shortened(answer.body());
        }
        if (!answer.contentType().contains("json")) {
            // A path that the server itself refuses never reaches what writes problems.
            boolean page = answer.contentType().startsWith("text/html") && answersPages(operation);
            return page || answer.status() < 400 || answer.body().isEmpty() || answer.status() == 400
                    ? null
                    : "no problem: " + answer.contentType();
        }
        try {
            JsonNode body = JSON.readTree(answer.body());
            if (answer.status() >= 400) {
                return body.path("type").asText().startsWith("urn:passerelle:problem:")
                                && body.path("status").asInt() == answer.status()
                        ? null
                        : "a problem of another form: " + shortened(answer.body());
            }
            generator.learn(body);
            return drift(operation, answer.status(), body, generator);
        } catch (JsonProcessingException e) {
            return "is no JSON: " + shortened(answer.body());
        }
    }

    private @Nullable String drift(Operation operation, int status, JsonNode body, Generator generator) {
        JsonNode content = operation
                .definition()
                .path("responses")
                .path(Integer.toString(status))
                .path("content");
        JsonNode schema = content.path("application/json").path("schema");
        return schema.isMissingNode() ? null : drift(schema, body, "", generator);
    }

    /** The first field of an answer that its schema does not have. */
    private static @Nullable String drift(JsonNode given, JsonNode value, String at, Generator generator) {
        JsonNode schema = generator.resolved(given);
        if (value.isArray()) {
            for (JsonNode one : value) {
                String found = drift(schema.path("items"), one, at + "[]", generator);
                if (found != null) {
                    return found;
                }
            }
        }
        if (value.isObject() && schema.has("properties")) {
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                JsonNode property = schema.path("properties").path(field.getKey());
                if (property.isMissingNode()) {
                    return "a field that the document does not know: " + at + "." + field.getKey();
                }
                String found = drift(property, field.getValue(), at + "." + field.getKey(), generator);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** What no client library would send: two keys, two lengths, control characters, a header without end. */
    private int trick(String method, URI target, List<String> headers, @Nullable String body) throws IOException {
        StringBuilder request = new StringBuilder(method + " " + target.getRawPath() + " HTTP/1.1\r\nHost: x\r\n");
        for (int i = 0; i < headers.size(); i += 2) {
            request.append(headers.get(i))
                    .append(": ")
                    .append(headers.get(i + 1))
                    .append("\r\n");
        }
        byte[] bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
        request.append(
                switch (random.nextInt(8)) {
                    case 0 -> "Idempotency-Key: another\r\nIdempotency-Key: \u0001\r\n";
                    case 1 -> "Content-Length: 5\r\n";
                    case 2 -> "X-Long: " + "x".repeat(20_000) + "\r\n";
                    case 3 -> "Accept-Language: *;q=nine,,;;,fr-" + "a".repeat(300) + "\r\n";
                    case 4 ->
                        "X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: javascript\r\nForwarded: for=\"\r\n";
                    case 5 -> "Accept: application/xml;q=nonsense\r\n";
                    case 6 -> "Passerelle-Purpose: break-glass\r\nPasserelle-Purpose: audit\r\n";
                    default -> "Authorization: Basic " + "=".repeat(50) + "\r\n";
                });
        request.append("Connection: close\r\nContent-Length: ")
                .append(bytes.length)
                .append("\r\n\r\n");
        try (Socket socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
            return answer.matches("HTTP/1\\.[01] [0-9]{3}") ? Integer.parseInt(answer.substring(9)) : 0;
        } catch (java.net.SocketException closed) {
            // It hung up on us: a refusal too.
            return 400;
        }
    }

    /** Events that a refused request left behind. */
    private List<String> changes() {
        List<String> left = new ArrayList<>();
        for (var row : pool.query("select type, convert_from(metadata, 'UTF8')::json ->> 'correlationId' as trace"
                        + " from event where convert_from(metadata, 'UTF8') like '%\"fuzz-%'"
                        + " and type not like 'access.%'")
                .execute()
                .await()
                .indefinitely()) {
            if (!accepted.contains(row.getString("trace"))) {
                left.add(row.getString("type"));
            }
        }
        return left;
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String shortened(@Nullable String text) {
        return text == null ? "" : text.length() <= 200 ? text : text.substring(0, 200) + " …";
    }
}
