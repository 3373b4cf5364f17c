package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.local.demonstration.Cast;
import org.passerelle.local.demonstration.PlatformClient;
import org.passerelle.local.demonstration.Road;

@Tag("road")
class SubscribingTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Concerns the organisation that keeps the cases of these tests. */
    private static final String SUBSCRIBER = "accueil-inkingi";

    /** Requested, offered, declined, offered to the next. */
    private static final int EVENTS_EACH = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private record Page(List<JsonNode> events, String cursor) {}

    private final RunningPlatform platform = RunningPlatform.get();
    private final PlatformClient client = platform.client();
    private final Cast cast = Cast.load();

    @Test
    void whoStopsAndComesBackMissesNothing() throws Exception {
        var opened = client.command(
                SUBSCRIBER, "/referral/subscriptions", Map.of("name", "système d'essai"), RunningPlatform.newKey());
        var events = "/referral/subscriptions/" + opened.field("subscriptionId") + "/events";
        var topic = opened.field("topic");

        var first = declined();
        var polled = poll(events, "", EVENTS_EACH);
        var heard = consume(topic, EVENTS_EACH);

        // Away: nobody polls, no consumer runs.
        var second = declined();
        polled.addAll(poll(events, cursor, EVENTS_EACH));
        heard.addAll(consume(topic, EVENTS_EACH));

        assertThat(kinds(polled, first)).containsSubsequence("service-offered", "offer-declined");
        assertThat(kinds(polled, second)).containsSubsequence("service-offered", "offer-declined");
        assertThat(ids(polled)).doesNotHaveDuplicates();
        var ours = Set.of(first, second);
        assertThat(new HashSet<>(ids(of(heard, ours)))).containsExactlyInAnyOrderElementsOf(ids(of(polled, ours)));
        assertThat(polled).allSatisfy(SubscribingTest::isThin);
    }

    @Test
    void nobodyElseReadsASubscription() {
        var id = client.command(
                        SUBSCRIBER, "/referral/subscriptions", Map.of("name", "à nous"), RunningPlatform.newKey())
                .field("subscriptionId");
        var answer = client.get("accueil-umuco", "/referral/subscriptions/" + id + "/events");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(client.get("statistiques", "/referral/subscriptions/" + id + "/events")
                        .status())
                .isEqualTo(403);
    }

    /** A case of the subscriber's organisation whose need is offered and declined. @return its code */
    private String declined() {
        var road = new Road(client, cast, RunningPlatform.newKey());
        var finder = cast.person("terrain-burunga");
        var caseWorker = cast.person("dossiers-burunga");
        var code = road.detect(finder, Cases.detection("BI-BU"));
        road.consent(finder, code, Cases.consentToAnybody());
        var referral = road.stateNeed(finder, code, "MEDICAL", "urgent", "BI-BU");
        var offer = road.offered(caseWorker, referral, Set.of()).openOffer().orElseThrow();
        road.decline(offer, referral, "no-capacity");
        return code;
    }

    private String cursor = "";

    /** Polls until at least so many events came. */
    private List<JsonNode> poll(String path, String after, int atLeast) throws Exception {
        var all = new ArrayList<JsonNode>();
        var end = System.nanoTime() + PATIENCE.toNanos();
        cursor = after;
        while (all.size() < atLeast && System.nanoTime() < end) {
            var page = page(path);
            all.addAll(page.events());
            cursor = page.cursor();
            RunningPlatform.pause(Duration.ofMillis(200));
        }
        assertThat(all).as("events polled").hasSizeGreaterThanOrEqualTo(atLeast);
        return all;
    }

    private Page page(String path) throws Exception {
        var query = cursor.isEmpty() ? "" : "?after=" + cursor;
        var answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(platform.gateway() + path + query))
                                .header("Authorization", "Bearer " + client.token(SUBSCRIBER))
                                .build(),
                        BodyHandlers.ofString(StandardCharsets.UTF_8));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).contains("cloudevents-batch+json");
        return new Page(
                JSON.readTree(answer.body()).valueStream().toList(),
                answer.headers().firstValue("Passerelle-Cursor").orElseThrow());
    }

    /** A consumer of the agency's own: it starts where it stopped, by its committed position. */
    private List<JsonNode> consume(String topic, int atLeast) throws Exception {
        var heard = new ArrayList<JsonNode>();
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                platform.kafka(),
                ConsumerConfig.GROUP_ID_CONFIG,
                "agency-" + topic,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                "false");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            var end = System.nanoTime() + PATIENCE.toNanos();
            while (heard.size() < atLeast && System.nanoTime() < end) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                    heard.add(event(record));
                }
                consumer.commitSync();
            }
        }
        assertThat(heard).as("events on " + topic).hasSizeGreaterThanOrEqualTo(atLeast);
        return heard;
    }

    /** CloudEvents' Kafka binding, binary mode: the attributes are headers. */
    private static JsonNode event(ConsumerRecord<String, byte[]> record) throws Exception {
        var event = JSON.createObjectNode();
        record.headers().forEach(header -> {
            if (header.key().startsWith("ce_")) {
                event.put(header.key().substring(3), new String(header.value(), StandardCharsets.UTF_8));
            }
        });
        event.set("data", JSON.readTree(record.value()));
        return event;
    }

    private static List<String> kinds(List<JsonNode> events, String code) {
        return events.stream()
                .filter(event -> event.path("subject").asText().equals(code))
                .map(Road::kind)
                .toList();
    }

    private static List<JsonNode> of(List<JsonNode> events, Set<String> codes) {
        return events.stream()
                .filter(event -> codes.contains(event.path("subject").asText()))
                .toList();
    }

    private static List<String> ids(List<JsonNode> events) {
        return events.stream().map(event -> event.path("id").asText()).toList();
    }

    private static void isThin(JsonNode event) {
        assertThat(event.path("subject").asText()).matches("\\d{4}-\\d{4}-\\d{4}");
        assertThat(event.toString()).doesNotContain("Fabiola", "Inventée", "fontaine");
    }
}
