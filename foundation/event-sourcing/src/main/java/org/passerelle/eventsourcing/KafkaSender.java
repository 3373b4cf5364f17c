package org.passerelle.eventsourcing;

import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Sends public events as CloudEvents 1.0 in Kafka's binary mode. */
public final class KafkaSender implements Relay.Sender, AutoCloseable {

    private final Producer<String, byte[]> producer;

    public KafkaSender(String bootstrapServers, Map<String, Object> more) {
        Map<String, Object> config = new java.util.HashMap<>(more);
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // A wave waits for its acknowledgements anyway; lingering would only add to it.
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 15_000);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
        this.producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    }

    @Override
    public Uni<Void> send(List<Relay.Outgoing> wave) {
        return Uni.createFrom().completionStage(() -> {
            CompletableFuture<?>[] acknowledged = new CompletableFuture<?>[wave.size()];
            for (int i = 0; i < acknowledged.length; i++) {
                acknowledged[i] = send(record(wave.get(i)));
            }
            return CompletableFuture.allOf(acknowledged);
        });
    }

    private CompletableFuture<Void> send(ProducerRecord<String, byte[]> record) {
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        producer.send(record, (metadata, failure) -> {
            if (failure == null) {
                acknowledged.complete(null);
            } else {
                acknowledged.completeExceptionally(failure);
            }
        });
        return acknowledged;
    }

    private static ProducerRecord<String, byte[]> record(Relay.Outgoing out) {
        StoredEvent stored = out.entry().event();
        PublicEvent event = out.event();
        try {
            var record =
                    new ProducerRecord<>(out.topic(), event.key(), EventJson.MAPPER.writeValueAsBytes(event.data()));
            header(record, "ce_specversion", "1.0");
            header(record, "ce_id", out.source() + ":" + out.sequence());
            header(record, "ce_source", out.source());
            header(record, "ce_type", event.type());
            header(record, "ce_subject", event.subject());
            header(record, "ce_time", DateTimeFormatter.ISO_INSTANT.format(stored.recordedAt()));
            header(record, "ce_dataschema", "urn:passerelle:schema:" + event.type());
            header(record, "ce_sequence", Long.toString(out.sequence()));
            header(record, "ce_partitionkey", event.key());
            header(record, "ce_correlationid", stored.metadata().correlationId());
            header(record, "ce_causationid", stored.metadata().causationId());
            header(record, "content-type", "application/json");
            header(record, LogMark.HEADER, out.mark().text());
            return record;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void header(ProducerRecord<String, byte[]> record, String name, @Nullable String value) {
        if (value != null) {
            record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() {
        producer.close(java.time.Duration.ofSeconds(2));
    }
}
