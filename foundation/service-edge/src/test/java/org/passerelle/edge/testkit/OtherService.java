package org.passerelle.edge.testkit;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Plays another service: publishes its events on its real topic, with a log of its own. */
public final class OtherService implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String service;
    private final String source;
    private final KafkaProducer<String, byte[]> producer;
    private long sequence;

    /**
     * @param service          {@code referral}
     * @param bootstrapServers of the broker under test
     */
    public OtherService(String service, String bootstrapServers) {
        this.service = service;
        this.source = "urn:passerelle:" + service + ":" + UUID.randomUUID();
        this.producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers, ProducerConfig.LINGER_MS_CONFIG, 0),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /**
     * Publishes the next event of its log.
     *
     * @param event {@code offer-accepted}: the type without prefix and version
     * @return its sequence, for {@link #again}
     */
    public long publish(String event, String caseCode, Map<String, ?> data) {
        send(++sequence, event, caseCode, data, Instant.now());
        return sequence;
    }

    public long publish(String event, String caseCode, Map<String, ?> data, Instant time) {
        send(++sequence, event, caseCode, data, time);
        return sequence;
    }

    /** Delivers an event once more. */
    public void again(long earlier, String event, String caseCode, Map<String, ?> data) {
        send(earlier, event, caseCode, data, Instant.now());
    }

    private void send(long seq, String event, String caseCode, Map<String, ?> data, Instant time) {
        try {
            String type = "passerelle." + service + "." + event + ".v1";
            var record = new ProducerRecord<>("passerelle." + service, caseCode, JSON.writeValueAsBytes(data));
            Map.of(
                            "ce_specversion",
                            "1.0",
                            "ce_id",
                            source + ":" + seq,
                            "ce_source",
                            source,
                            "ce_type",
                            type,
                            "ce_subject",
                            caseCode,
                            "ce_time",
                            time.toString(),
                            "ce_sequence",
                            Long.toString(seq),
                            "ce_partitionkey",
                            caseCode,
                            "ce_correlationid",
                            UUID.randomUUID().toString(),
                            "content-type",
                            "application/json")
                    .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
            producer.send(record).get();
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
