package org.passerelle.eventsourcing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads a topic back from Kafka, without a group. */
public final class KafkaTail implements TopicTail {

    /** How long a broker may take to answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final Map<String, Object> connection;

    /** @param connection address and security of the cluster, as for any client */
    public KafkaTail(Map<String, Object> connection) {
        this.connection = Map.copyOf(connection);
    }

    private KafkaConsumer<String, byte[]> consumer() {
        Map<String, Object> config = new HashMap<>(connection);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis() / 2);
        return new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(found -> new TopicPartition(topic, found.partition()))
                .toList();
    }

    @Override
    public List<Told> ends(String topic) {
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> from = new HashMap<>();
            ends.forEach(
                    (partition, end) -> from.put(partition, Math.max(begins.getOrDefault(partition, 0L), end - 1)));
            List<Told> told = new ArrayList<>();
            read(consumer, from, ends, told::add);
            return told;
        }
    }

    @Override
    public void since(String topic, @Nullable Instant from, Consumer<Told> each) {
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<TopicPartition, Long> begins = new HashMap<>(consumer.beginningOffsets(partitions));
            if (from != null) {
                Map<TopicPartition, Long> asked = new HashMap<>();
                partitions.forEach(partition -> asked.put(partition, from.toEpochMilli()));
                Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(asked);
                // No record that young in a partition: nothing to read there.
                partitions.forEach(partition -> begins.put(
                        partition,
                        Optional.ofNullable(found.get(partition))
                                .map(OffsetAndTimestamp::offset)
                                .orElse(ends.getOrDefault(partition, 0L))));
            }
            read(consumer, begins, ends, each);
        }
    }

    private static void read(
            KafkaConsumer<String, byte[]> consumer,
            Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> ends,
            Consumer<Told> each) {
        List<TopicPartition> open = new ArrayList<>();
        ends.forEach((partition, end) -> {
            if (from.getOrDefault(partition, 0L) < end) {
                open.add(partition);
            }
        });
        consumer.assign(open);
        open.forEach(partition -> consumer.seek(partition, from.getOrDefault(partition, 0L)));
        long patience = System.nanoTime() + PATIENCE.toNanos();
        while (!open.isEmpty()) {
            var records = consumer.poll(Duration.ofMillis(200));
            if (!records.isEmpty()) {
                patience = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() > patience) {
                throw new TimeoutException("the end of a topic was not reached");
            }
            for (ConsumerRecord<String, byte[]> record : records) {
                if (record.offset() < ends.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L)) {
                    told(record).ifPresent(each);
                }
            }
            open.removeIf(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
            consumer.assign(open);
        }
    }

    /** Empty for what is no event of ours. */
    private static Optional<Told> told(ConsumerRecord<String, byte[]> record) {
        try {
            IncomingEvent event = IncomingRecords.read(record.key(), record.value(), record.headers());
            Header mark = record.headers().lastHeader(LogMark.HEADER);
            return Optional.of(new Told(
                    record.topic(),
                    event.source(),
                    event.sequence(),
                    event.id(),
                    event.type(),
                    event.subject(),
                    event.key(),
                    event.time(),
                    event.correlationId(),
                    event.causationId(),
                    LogMark.parse(mark == null ? null : new String(mark.value(), StandardCharsets.UTF_8))
                            .orElse(null)));
        } catch (IncomingRecords.NotAnEvent foreign) {
            return Optional.empty();
        }
    }
}
