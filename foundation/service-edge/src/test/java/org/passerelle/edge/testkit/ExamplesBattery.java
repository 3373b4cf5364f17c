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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.passerelle.proof.AddCheckpoint;
import org.passerelle.proof.Checkpoint;
import org.passerelle.proof.Note;
import org.passerelle.proof.NoteSigner;
import org.passerelle.proof.TreeHash;

/**
 * Plays the examples of a service's OpenAPI document, {@code openapi-examples.json}, as one story against the running
 * service. Ids that the service gives out take the place of the story's in all later steps. Each answer must have the
 * status, fit the document's schema and be of the form of the example: of a text, line by line; of a file that is no
 * text, its media type. Every operation of the document is played.
 *
 * <p>{@code -Dpasserelle.api.write=true} writes the answers of steps that have none, with the story's ids.
 */
public abstract class ExamplesBattery {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Path OWN = Path.of("src/main/resources/openapi-examples.json");
    private static final Path OF_ALL =
            Path.of("../foundation/service-edge/src/main/resources/openapi-examples-of-all.json");

    /** Of the parts that every service has: which consumer, and the case that waits in it. */
    private static final String CONSUMER = "identification.onward-referrals";

    private static final String WAITING = "7306-1954-2811";

    /** Lines of a text that an example shows. */
    private static final int LINES = 12;

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JOSE = "application/jose";

    /** Codes of cases and of links, ids, tokens of links. */
    private static final Pattern SENT_BACK = Pattern.compile("[0-9-]{14}|[0-9]{6}|[0-9a-f-]{36}|[A-Za-z0-9_-]{22}");

    private static final String AND_SO_ON = "…";

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

    /** Sends what is neither JSON nor a form; to be overridden where the story's text cannot be sent as it is. */
    protected void send(String operation, String ofTheStory, RequestSpecification request) {
        String text = operation.endsWith("/proof/witness/add-checkpoint") ? neighboursCheckpoint() : here(ofTheStory);
        request.body(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A fact of another service that this one cannot read, so that its case waits.
     *
     * @param consumer here, which takes it
     * @param event    as {@link OtherService#publish} takes it
     */
    public record Unreadable(String consumer, String from, String event) {}

    protected abstract Unreadable unreadable();

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
            ArrayNode story = (ArrayNode) JSON.readTree(Files.readString(file).replace("{service}", service));
            for (JsonNode step : story) {
                String operation = step.path("operation").asText();
                before(operation);
                prepareOperations(operation);
                wrong.addAll(play((ObjectNode) step));
                played.add(operation);
            }
            if (Boolean.getBoolean("passerelle.api.write")) {
                String written = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(story);
                Files.writeString(
                        file,
                        file.equals(OF_ALL)
                                ? written.replaceAll("( |passerelle)/" + service + "(?=/|\\+)", "$1/{service}")
                                : written);
            }
        }
        System.out.printf(
                "examples %s: %d requests played, of %d operations%n",
                service, played.size(), played.stream().distinct().count());
        assertThat(wrong).isEmpty();
        assertThat(operations()).as("operations without an example").isSubsetOf(played);
    }

    private List<String> operations() {
        return document.path("paths").properties().stream()
                .flatMap(path -> path.getValue().properties().stream()
                        .filter(method -> method.getValue().has("operationId"))
                        .map(method -> method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey()))
                .toList();
    }

    private void prepareOperations(String operation) throws SQLException {
        if (operation.equals("GET /" + service + "/operations/parked") || operation.endsWith("/skip")) {
            Unreadable fact = unreadable();
            isReally(CONSUMER, fact.consumer());
            String bootstrap = ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
            try (OtherService other = new OtherService(fact.from(), bootstrap)) {
                other.publish(fact.event(), WAITING, Map.of());
            }
            Patience.until(() -> waits(fact.consumer()));
        } else if (operation.startsWith("DELETE ") && operation.endsWith("/former")) {
            Patience.until(() -> "SWAPPED".equals(rebuild()));
        } else if (operation.endsWith("/proof/cosigned")) {
            cosign();
        }
    }

    /** As a witness would that this service asks: the services under test have none. */
    private static void cosign() throws SQLException {
        Note signed = Note.parse(given().auth()
                .oauth2(Tokens.of("examples", List.of("auditor"), null))
                .get("/proof/checkpoint")
                .asString());
        Checkpoint checkpoint = Checkpoint.parse(signed.text());
        NoteSigner witness = LocalBackends.neighbour().witness();
        Note cosigned = signed.with(List.of(witness.cosign(signed.text(), Instant.now())));
        Config config = ConfigProvider.getConfig();
        try (Connection connection = DriverManager.getConnection(
                        config.getValue("quarkus.datasource.jdbc.url", String.class),
                        config.getValue("quarkus.datasource.username", String.class),
                        config.getValue("quarkus.datasource.password", String.class));
                PreparedStatement kept = connection.prepareStatement(
                        "insert into proof_cosigned (epoch, size, witness, note) values (?::uuid, ?, ?, ?)")) {
            kept.setString(1, checkpoint.origin().replaceFirst("^.*/", ""));
            kept.setLong(2, checkpoint.size());
            kept.setString(3, witness.key().name());
            kept.setString(4, cosigned.format());
            kept.executeUpdate();
        }
    }

    private static boolean waits(String consumer) {
        return !asOperator()
                .get("/operations/parked/" + consumer + "/" + WAITING)
                .jsonPath()
                .getList("")
                .isEmpty();
    }

    private static @Nullable String rebuild() {
        return asOperator()
                .get("/operations/projections/case_look/rebuild")
                .jsonPath()
                .getString("state");
    }

    private static RequestSpecification asOperator() {
        return given().auth().oauth2(Tokens.of("examples", List.of("operator"), null));
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
            boolean same = step.path("ifMatch").asText().equals("read-there");
            String read = same ? path : path.replaceFirst("^(/[a-z-]+/[^/]+).*", "$1");
            request.header("If-Match", as(step).get(read).header("ETag"));
        }
        request(step, method + " " + template, request);
        return request.request(method, path);
    }

    private void request(JsonNode step, String operation, RequestSpecification request) {
        JsonNode given = step.path("request");
        String type = step.path("type").asText("application/json");
        request.contentType(type);
        if (type.equals(FORM)) {
            given.properties()
                    .forEach(field -> request.formParam(
                            field.getKey(), here(field.getValue().asText())));
        } else if (given.isObject()) {
            request.body(translated(given, real).toString());
        } else if (step.has("type")) {
            send(operation, given.asText(""), request);
        }
    }

    private RequestSpecification as(JsonNode step) {
        RequestSpecification request = given().header("Accept-Language", "en");
        List<String> roles = new ArrayList<>();
        step.path("roles").forEach(role -> roles.add(role.asText()));
        if (roles.isEmpty()) {
            return request;
        }
        String organisation = real(step.path("of").asText());
        return request.auth()
                .oauth2(Tokens.odd(
                        "examples-" + String.join("-", roles) + organisation.substring(0, 8),
                        roles,
                        organisation,
                        Map.of("auth_time", Instant.now().getEpochSecond())));
    }

    private List<String> faults(ObjectNode step, JsonNode definition, Response answer) throws JsonProcessingException {
        if (answer.statusCode() != step.path("status").asInt()) {
            return List.of("answers " + answer.statusCode() + " " + answer.asString());
        }
        JsonNode responses = definition.path("responses");
        JsonNode content = responses
                .path(
                        responses.has(step.path("status").asText())
                                ? step.path("status").asText()
                                : "default")
                .path("content");
        String type = answer.contentType() == null ? "" : answer.contentType().replaceFirst(";.*", "");
        if (type.isEmpty() && content.isEmpty()) {
            return List.of();
        }
        if (!content.has(type)) {
            return List.of("answers " + type + ", which the document does not say");
        }
        JsonNode media = content.get(type);
        boolean json = type.endsWith("json");
        if (!json && !type.startsWith("text/") && !type.equals(JOSE)) {
            return answer.asByteArray().length > 0 ? List.of() : List.of("answers an empty file");
        }
        if (!step.hasNonNull("response") && !Boolean.getBoolean("passerelle.api.write")) {
            return List.of("has no answer yet");
        }
        if (!step.hasNonNull("response")) {
            step.set("response", json ? ofTheStory(JSON.readTree(answer.asString())) : beginning(answer.asString()));
            return List.of();
        }
        List<String> faults = new ArrayList<>(
                json
                        ? faultsOfJson(step.get("response"), media, JSON.readTree(answer.asString()))
                        : faultsOfText(step.get("response").asText(), answer.asString()));
        faults.addAll(faultsOfRequest(step, definition));
        if (!media.has("example")) {
            faults.add("the document shows no example of an answer");
        }
        return faults;
    }

    private JsonNode ofTheStory(JsonNode answer) {
        Map<String, String> back = new HashMap<>();
        real.forEach((example, here) -> back.put(here, example));
        return translated(answer, back);
    }

    private static JsonNode beginning(String text) {
        List<String> lines = text.lines().toList();
        return TextNode.valueOf(
                lines.size() > LINES ? String.join("\n", lines.subList(0, LINES)) + "\n" + AND_SO_ON : text);
    }

    private List<String> faultsOfRequest(JsonNode step, JsonNode definition) {
        if (!step.hasNonNull("request")) {
            return List.of();
        }
        String type = step.path("type").asText("application/json");
        JsonNode content = definition.path("requestBody").path("content");
        JsonNode media = content.path(content.has(type) ? type : "*/*");
        List<String> faults = new ArrayList<>();
        if (step.get("request").isObject()) {
            ApiShape.faults(schemas, media.path("schema"), step.get("request"))
                    .forEach(fault -> faults.add("in the example's request " + fault));
        }
        if (!media.has("example")) {
            faults.add("the document shows no example of a request");
        }
        return faults;
    }

    private List<String> faultsOfJson(JsonNode example, JsonNode media, JsonNode body) {
        List<String> faults = new ArrayList<>(ApiShape.faults(schemas, media.path("schema"), body));
        faults.addAll(ApiShape.differences(example, body, ""));
        ApiShape.faults(schemas, media.path("schema"), example).forEach(fault -> faults.add("in the example " + fault));
        if (faults.isEmpty()) {
            learn(example, body);
        }
        return faults;
    }

    private static List<String> faultsOfText(String example, String body) {
        List<String> shown = example.lines().toList();
        List<String> lines = body.lines().toList();
        boolean onlyTheBeginning = shown.getLast().equals(AND_SO_ON);
        int compared = onlyTheBeginning ? shown.size() - 1 : shown.size();
        if (lines.size() < compared || (!onlyTheBeginning && lines.size() > compared)) {
            return List.of("has " + lines.size() + " lines");
        }
        return IntStream.range(0, compared)
                .filter(at -> !form(shown.get(at)).equals(form(lines.get(at))))
                .mapToObj(at -> "line " + (at + 1) + " is not of the example's form: " + lines.get(at))
                .toList();
    }

    /** Of a line, without its words, numbers, ids and hashes. */
    private static String form(String line) {
        return line.replaceAll("[\\p{L}\\p{N}+/=_…-]+", "w");
    }

    /** Signed by the log that {@link LocalBackends} has this service watch, in a life of its own that has one event. */
    private static String neighboursCheckpoint() {
        NoteSigner log = LocalBackends.neighbour().log();
        String origin = Checkpoint.origin(LocalBackends.NEIGHBOUR, UUID.randomUUID());
        String text = new Checkpoint(origin, 1, new byte[TreeHash.BYTES]).text();
        Note note = new Note(text, List.of(log.named(origin).sign(text)));
        return new AddCheckpoint(0, List.of(), note).text();
    }

    /** Ids, codes and the last part of paths: whatever else differs is never sent back. */
    private void learn(JsonNode example, JsonNode here) {
        if (example.isTextual() && here.isTextual()) {
            String path = "^.*/";
            String name = example.asText().replaceFirst(path, "");
            if (SENT_BACK.matcher(name).matches()) {
                real.putIfAbsent(name, here.asText().replaceFirst(path, ""));
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
