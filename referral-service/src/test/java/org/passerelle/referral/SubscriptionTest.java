package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.openOffer;
import static org.passerelle.referral.Mechanism.pause;
import static org.passerelle.referral.Mechanism.providerOf;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;

/** An agency's own subscription, polled and on Kafka. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
class SubscriptionTest {

    private static final String PREFIX = "passerelle.referral.";

    private record Reader(String token, String id, List<String> types, List<String> ids) {

        static Reader open(String organisation) {
            String token = Tokens.of("systeme", List.of("partner-system"), organisation);
            Response opened = as(token)
                    .header("Idempotency-Key", UUID.randomUUID().toString())
                    .body(Map.of("name", "Intranet"))
                    .post("/subscriptions");
            assertThat(opened.statusCode()).as(opened.asString()).isEqualTo(201);
            return new Reader(
                    token, opened.jsonPath().getString("subscriptionId"), new ArrayList<>(), new ArrayList<>());
        }

        /** Reads on from a cursor until so many were read in all; one event a page, to turn many pages. */
        String readUntil(int count, String cursor) {
            Instant end = Instant.now().plus(Mechanism.PATIENCE);
            String at = cursor;
            while (types.size() < count) {
                Response page = at.isEmpty()
                        ? as(token).get("/subscriptions/" + id + "/events?limit=1")
                        : as(token).get("/subscriptions/" + id + "/events?limit=1&after=" + at);
                assertThat(page.statusCode()).as(page.asString()).isEqualTo(200);
                assertThat(page.contentType()).startsWith("application/cloudevents-batch+json");
                at = page.header("Passerelle-Cursor");
                types.addAll(page.jsonPath().getList("type"));
                ids.addAll(page.jsonPath().getList("id"));
                if (Instant.now().isAfter(end)) {
                    throw new AssertionError("waited in vain; has " + types);
                }
                pause();
            }
            return at;
        }
    }

    @Test
    void aConsumerThatStopsAndReturnsMissesNothing_andReadsTheSameOnKafka() {
        try (Mechanism country = new Mechanism("XJ")) {
            Provider one = country.provider("LEGAL");
            Provider two = country.provider("LEGAL");
            country.importDirectory();
            Reader requester = Reader.open(country.owner);
            Reader first = Reader.open(one.organisation());
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "LEGAL", "normal", Duration.ofDays(14));
            Map<String, Object> offer = openOffer(country.awaitOffer(need.id()));
            String cursor = requester.readUntil(2, "");

            // away while the rest happens
            String asked = (String) offer.get("organisation");
            assertThat(country.change(
                                    providerOf(asked),
                                    need.id(),
                                    "decline",
                                    Map.of("offerId", offer.get("offerId"), "reason", "no-capacity", "note", "secret"))
                            .statusCode())
                    .isEqualTo(200);
            Map<String, Object> next = openOffer(country.awaitOffer(need.id()));
            String second = asked.equals(one.organisation()) ? two.organisation() : one.organisation();
            country.change(providerOf(second), need.id(), "acceptance", Map.of("offerId", next.get("offerId")));
            country.change(providerOf(second), need.id(), "completion", Map.of("outcome", "got-help"));

            requester.readUntil(6, cursor);
            List<String> all = List.of(
                    "referral-requested",
                    "service-offered",
                    "offer-declined",
                    "service-offered",
                    "offer-accepted",
                    "referral-completed");
            assertThat(requester.types())
                    .containsExactlyElementsOf(
                            all.stream().map(type -> PREFIX + type + ".v1").toList());
            assertThat(requester.ids()).doesNotHaveDuplicates();
            first.readUntil(asked.equals(one.organisation()) ? 2 : 3, "");
            assertThat(first.types()).doesNotContain(PREFIX + "referral-requested.v1");

            List<ConsumerRecord<String, byte[]>> records = onKafka("passerelle.subscription." + requester.id(), 6);
            assertThat(records.stream().map(record -> header(record, "ce_id")))
                    .containsExactlyElementsOf(requester.ids());
            assertThat(records)
                    .allSatisfy(record -> assertThat(new String(record.value(), StandardCharsets.UTF_8))
                            .doesNotContain("secret", "Feminine"));
            as(first.token())
                    .get("/subscriptions/" + requester.id() + "/events")
                    .then()
                    .statusCode(404);
            as(requester.token())
                    .get("/subscriptions/" + requester.id() + "/events?after=AAAA")
                    .then()
                    .statusCode(422);
            assertThat(as(requester.token()).get("/subscriptions").jsonPath().getList("subscriptions.subscriptionId"))
                    .containsExactly(requester.id());
        }
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static List<ConsumerRecord<String, byte[]>> onKafka(String topic, int count) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        Map<String, Object> config = Map.of(
                "bootstrap.servers", ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class));
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition only = new TopicPartition(topic, 0);
            consumer.assign(List.of(only));
            consumer.seekToBeginning(List.of(only));
            Instant end = Instant.now().plus(Mechanism.PATIENCE);
            while (records.size() < count && Instant.now().isBefore(end)) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }
}
