package org.passerelle.identification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.identification.Identification.post;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.contracts.PublishedEvents;
import org.passerelle.edge.testkit.LocalBackends;

/** A person's data, sent in, are looked for in everything this service sends out or keeps. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("leak")
class NothingPersonalLeavesTest {

    private static final List<String> PERSONAL = List.of(
            "Zéphyrine", "Ntakarutimana", "25768123456", "Quartier des Palmiers", "Récit confidentiel", "Motif secret");

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    @Inject
    Pool pool;

    private final Identification identification = new Identification();

    @Test
    void whatIsPublishedFollowsTheContractsAndNamesNobody() throws IOException {
        String code = walkTheRoad();
        List<ConsumerRecord<String, byte[]>> published = published(code, 7);
        assertThat(published)
                .extracting(NothingPersonalLeavesTest::type)
                .containsExactly(
                        "passerelle.identification.case-detected.v1",
                        "passerelle.identification.consent-recorded.v1",
                        "passerelle.identification.screened.v1",
                        "passerelle.identification.victim-presumed.v1",
                        "passerelle.identification.need-stated.v1",
                        "passerelle.identification.need-stated.v1",
                        "passerelle.identification.consent-withdrawn.v1");
        ObjectMapper json = new ObjectMapper();
        for (ConsumerRecord<String, byte[]> record : published) {
            assertThat(PublishedEvents.violations(type(record), json.readTree(record.value())))
                    .isEmpty();
            StringBuilder everything = new StringBuilder(new String(record.value(), StandardCharsets.UTF_8));
            for (Header header : record.headers()) {
                everything.append('\n').append(new String(header.value(), StandardCharsets.UTF_8));
            }
            assertThat(everything.toString()).doesNotContain(PERSONAL);
        }
    }

    @Test
    void nothingPersonalIsStoredInTheClear() {
        walkTheRoad();
        for (String column : List.of(
                "event.data", "receipt.body", "receipt.location", "event.metadata", "case_list.place", "stream.id")) {
            String[] parts = column.split("\\.", 2);
            pool.query("select " + parts[1] + " as it from " + parts[0] + " where " + parts[1] + " is not null")
                    .execute()
                    .await()
                    .indefinitely()
                    .forEach(row -> {
                        Object value = row.getValue("it");
                        String text = value instanceof Buffer bytes
                                ? bytes.toString(StandardCharsets.UTF_8)
                                : String.valueOf(value);
                        assertThat(text).as(column).doesNotContain(PERSONAL);
                    });
        }
    }

    private String walkTheRoad() {
        String code = post(identification.asFieldWorker(), "/cases", """
                        {"found": {"at": "2025-11-20T10:00:00Z", "place": "BI-GI",
                                   "exactPlace": "Quartier des Palmiers", "how": "community"},
                         "person": {"givenName": "Zéphyrine", "familyName": "Ntakarutimana", "sex": "Feminine",
                                    "phone": "+25768123456", "address": "Quartier des Palmiers"},
                         "immediateDanger": "yes", "account": "Récit confidentiel"}""")
                .then()
                .statusCode(201)
                .extract()
                .path("caseCode");
        String consent = identification.consent(code);
        post(
                        identification.asFieldWorker(),
                        "/cases/" + code + "/screenings",
                        Identification.screening(Map.of("ACT_TRANSFER", "yes", "PURPOSE_SERVITUDE", "yes")))
                .then()
                .statusCode(201);
        post(
                        identification.asCaseWorker(),
                        "/cases/" + code + "/presumption",
                        Map.of("decidedBy", "NGO", "grounds", "Motif secret"))
                .then()
                .statusCode(201);
        identification.need(code);
        identification.need(code);
        identification
                .change(
                        identification.asCaseWorker(),
                        "/cases/" + code + "/consents/" + consent + "/withdrawal",
                        code,
                        Map.of())
                .then()
                .statusCode(201);
        return code;
    }

    private List<ConsumerRecord<String, byte[]>> published(String code, int awaited) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", broker, "group.id", UUID.randomUUID().toString(), "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("passerelle.identification"));
            Instant end = Instant.now().plusSeconds(60);
            while (records.size() < awaited && Instant.now().isBefore(end)) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (code.equals(record.key())) {
                        records.add(record);
                    }
                }
            }
        }
        return records;
    }

    private static String type(ConsumerRecord<String, byte[]> record) {
        return new String(record.headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8);
    }
}
