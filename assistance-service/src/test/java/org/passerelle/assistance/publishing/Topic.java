package org.passerelle.assistance.publishing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.passerelle.assistance.Mechanism;

/** What stands on the service's real topic about one case. */
public final class Topic implements AutoCloseable {

    /** As a consumer sees it. */
    public record Heard(String type, String key, String subject, JsonNode data) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private final KafkaConsumer<String, byte[]> consumer;
    private final String caseCode;
    private final List<Heard> heard = new ArrayList<>();

    public Topic(String bootstrapServers, String caseCode) {
        this.caseCode = caseCode;
        consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        var partitions = consumer.partitionsFor("passerelle.assistance").stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Everything about the case so far, once there are this many. */
    public List<Heard> await(int count) {
        Mechanism.await(() -> {
            poll();
            return heard.size() >= count;
        });
        return heard;
    }

    /** Everything about the case after a while in which one more would have come. */
    public List<Heard> settled() {
        for (int i = 0; i < 10; i++) {
            poll();
        }
        return heard;
    }

    private void poll() {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
            if (caseCode.equals(record.key())) {
                heard.add(heard(record));
            }
        }
    }

    private static Heard heard(ConsumerRecord<String, byte[]> record) {
        try {
            return new Heard(
                    header(record, "ce_type"),
                    record.key(),
                    header(record, "ce_subject"),
                    JSON.readTree(record.value()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
