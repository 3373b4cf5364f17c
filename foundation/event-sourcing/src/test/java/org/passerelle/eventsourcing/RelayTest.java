package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.testkit.TestStore;
import org.passerelle.local.Backends;

@Tag("kernel")
class RelayTest {

    private static final Metadata ME = Metadata.system("test");

    private TestStore db;
    private Sequencer sequencer;
    private final String topic = "relay-" + UUID.randomUUID();

    @BeforeEach
    void start() {
        db = new TestStore();
        sequencer = new Sequencer(db.pool);
    }

    @AfterEach
    void stop() {
        db.close();
    }

    private void add(String key, long number) {
        db.store
                .handle(Counter.KIND, Counter.KIND.stream(key), new Counter.Add(number), ExpectedVersion.any(), ME)
                .await()
                .indefinitely();
        sequencer.step().await().indefinitely();
    }

    private record PublicAdded(long number) {}

    /** Even numbers are nobody else's business. */
    private static Optional<PublicEvent> translate(StoredEvent stored) {
        return Counter.TYPES.decode(stored) instanceof Counter.Added added && added.number() % 2 == 1
                ? Optional.of(new PublicEvent(
                        "passerelle.counter.added.v1",
                        stored.stream().key(),
                        stored.stream().key(),
                        new PublicAdded(added.number())))
                : Optional.empty();
    }

    private Relay relay(Relay.Sender sender) {
        return new Relay(db.pool, topic, "counter", RelayTest::translate, sender);
    }

    private static int step(Relay relay) {
        return relay.step().await().atMost(Duration.ofSeconds(30));
    }

    @Test
    void sendsThePublicFormInOrderPerKeyAndRefillsTheTopicOnDemand() {
        Backends.shared().createTopic(topic, 2);
        for (int i = 1; i <= 4; i++) {
            add("a", i);
            add("b", 10 + i);
        }
        try (KafkaSender sender = new KafkaSender(Backends.shared().kafkaBootstrap(), Map.of())) {
            Relay relay = relay(sender);
            assertThat(step(relay)).isEqualTo(8);
            assertThat(step(relay)).isZero();
            Map<String, List<Long>> seen = numbers(read(4));
            assertThat(seen).containsEntry("a", List.of(1L, 3L)).containsEntry("b", List.of(11L, 13L));

            assertThat(Relay.republish(db.pool, topic, 3).await().indefinitely())
                    .isEqualTo(6);
            assertThat(step(relay)).isEqualTo(6);
            assertThat(numbers(read(6)))
                    .containsEntry("a", List.of(1L, 3L, 3L))
                    .containsEntry("b", List.of(11L, 13L, 13L));
        }
    }

    @Test
    void aPageThatTakesLongerThanTheLeaseIsSentToItsEndByTheSameRelay() throws Exception {
        for (int i = 0; i < 5; i++) {
            add("a", 2 * i + 1);
        }
        List<Long> sent = java.util.Collections.synchronizedList(new ArrayList<>());
        Relay slow = relay(wave -> io.smallrye.mutiny.Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(Duration.ofMillis(900))
                .invoke(() -> wave.forEach(out -> sent.add(out.sequence()))));
        var first = java.util.concurrent.CompletableFuture.supplyAsync(() -> step(slow));
        Thread.sleep(300);
        Relay other = relay(wave -> io.smallrye.mutiny.Uni.createFrom().failure(new AssertionError("sent by another")));
        while (!first.isDone()) {
            step(other);
            Thread.sleep(50);
        }
        assertThat(first.get()).isEqualTo(5);
        assertThat(sent).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(db.number("select last_seq from relay_position")).isEqualTo(5);
    }

    private List<ConsumerRecord<String, byte[]>> read(int count) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, (Object)
                        Backends.shared().kafkaBootstrap()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (records.size() < count && System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            consumer.poll(Duration.ofMillis(300)).forEach(records::add);
        }
        return records;
    }

    private static Map<String, List<Long>> numbers(List<ConsumerRecord<String, byte[]>> records) {
        Map<String, List<Long>> numbers = new HashMap<>();
        for (ConsumerRecord<String, byte[]> record : records) {
            IncomingEvent event = IncomingRecords.read(record.key(), record.value(), record.headers());
            assertThat(event.type()).isEqualTo("passerelle.counter.added.v1");
            assertThat(event.source()).startsWith("urn:passerelle:counter:");
            assertThat(event.subject()).isEqualTo(event.key());
            numbers.computeIfAbsent(event.key(), key -> new ArrayList<>())
                    .add(event.data().get("number").asLong());
        }
        return numbers;
    }

    @Test
    void aPageTakesAsManyWavesAsItsMostFrequentKeyHasRecords() {
        for (String key : List.of("a", "a", "b", "b", "c", "a", "c")) {
            add(key, 1);
        }
        List<List<String>> sent = new ArrayList<>();
        step(relay(wave -> {
            sent.add(wave.stream()
                    .map(out -> out.event().key() + out.entry().event().version())
                    .toList());
            return Uni.createFrom().voidItem();
        }));
        assertThat(sent).containsExactly(List.of("a1", "b1", "c1"), List.of("a2", "b2", "c2"), List.of("a3"));
    }

    @Test
    void aFailedRecordIsNotOvertakenByItsSuccessor() {
        for (int i = 1; i <= 5; i += 2) {
            add("a", i);
        }
        List<Long> sent = new ArrayList<>();
        AtomicInteger waves = new AtomicInteger();
        Relay relay = relay(wave -> {
            assertThat(wave).as("one record of a key under way at a time").hasSize(1);
            if (waves.incrementAndGet() == 2) {
                return Uni.createFrom().failure(new java.io.IOException("broker away"));
            }
            sent.add(wave.getFirst().entry().event().version());
            return Uni.createFrom().voidItem();
        });
        assertThat(catchThrowable(() -> step(relay))).isNotNull();
        assertThat(sent).containsExactly(1L);
        step(relay);
        assertThat(sent).as("at least once, never out of order").containsExactly(1L, 1L, 2L, 3L);
    }
}
