package org.passerelle.reporting;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.response.Response;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.testkit.OtherService;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.reporting.ledger.Entry;

/** Plays the three services on their real topics, and reads what became of it as somebody. */
public final class TopicsAndTokens implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Random CODES = new Random();

    private final Map<String, OtherService> services;

    public TopicsAndTokens(String bootstrapServers) {
        services = Map.of(
                "identification", new OtherService("identification", bootstrapServers),
                "referral", new OtherService("referral", bootstrapServers),
                "assistance", new OtherService("assistance", bootstrapServers));
    }

    /** A code that no other test uses. */
    public static String newCode() {
        return "%04d-%04d-%04d".formatted(CODES.nextInt(10_000), CODES.nextInt(10_000), CODES.nextInt(10_000));
    }

    /** Publishes in the order given; each topic numbers its own. */
    public void publish(List<Entry> entries) {
        for (Entry entry : entries) {
            String event = entry.type().split("\\.", -1)[2];
            service(entry.service()).publish(event, entry.caseCode(), data(entry), entry.time());
        }
    }

    public OtherService service(String name) {
        OtherService service = services.get(name);
        if (service == null) {
            throw new IllegalArgumentException(name);
        }
        return service;
    }

    /** What somebody gets. */
    public static Response get(String path, String role, @Nullable String organisation) {
        return given().auth()
                .oauth2(Tokens.of(role + "-1", List.of(role), organisation))
                .header("Accept-Language", "en")
                .get(path);
    }

    /** Waits until the ledger holds so many entries of the case. */
    public static Response awaitTimeline(String code, int entries) throws InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        while (true) {
            Response response = get("/cases/" + code + "/timeline", "auditor", null);
            if (response.statusCode() == 200
                    && response.jsonPath().getList("entries").size() >= entries) {
                return response;
            }
            assertThat(Instant.now())
                    .as("the ledger of %s: %s", code, response.asString())
                    .isBefore(until);
            Thread.sleep(50);
        }
    }

    public static Map<String, Object> data(Entry entry) {
        try {
            return JSON.readValue(entry.data(), new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        services.values().forEach(OtherService::close);
    }
}
