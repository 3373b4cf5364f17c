package org.passerelle.acceptance.torture.node;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Inbox;
import org.passerelle.eventsourcing.IncomingEvent;
import org.passerelle.eventsourcing.IncomingRecords;
import org.passerelle.eventsourcing.Loop;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.eventsourcing.Sequencer;

/**
 * A replica of the consumers' group: takes records in by the inbox, concurrently across cases. Its effect writes a row
 * and appends an event in the same transaction; neither is protected by any key, so an effect that happens twice shows.
 */
final class ConsumingNode implements AutoCloseable {

    static final String TYPE = "passerelle.torture.happened.v1";

    private static final int AT_ONCE = 8;
    /** One of this many effects fails the way infrastructure does, after it has written. */
    private static final int TROUBLE = 150;

    private final KafkaConsumer<String, byte[]> consumer;
    private final Inbox inbox;
    private final EventStore store;
    private final Loop sequencer;
    private final Thread thread;
    private volatile boolean running = true;

    ConsumingNode(Pool pool, Settings settings) {
        this.sequencer = Loop.start("sequencer", Duration.ofMillis(50), new Sequencer(pool));
        this.store = new EventStore(pool, List.of(), sequencer::nudge);
        this.inbox = new Inbox(pool, sequencer::nudge);
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        settings.kafka(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        settings.group(),
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        settings.name(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                        6_000,
                        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                        1_000,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        200),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        this.thread = Thread.ofPlatform().name("consumer").start(this::consume);
    }

    private void consume() {
        consumer.subscribe(List.of(Settings.TOPIC));
        while (running) {
            try {
                ConsumerRecords<String, byte[]> records = consumer.poll(Duration.ofMillis(200));
                if (!records.isEmpty()) {
                    receive(records);
                    consumer.commitSync(Duration.ofSeconds(10));
                }
            } catch (WakeupException stopping) {
                break;
            } catch (KafkaException e) {
                // Partitions went to another replica, or the broker is away: what was not committed comes again.
                System.err.println("consumer: " + e.getClass().getName());
            }
        }
        consumer.close();
    }

    /** In order for each key, several keys at once; returns when all need never come again. */
    private void receive(ConsumerRecords<String, byte[]> records) {
        Map<String, List<IncomingEvent>> byKey = new LinkedHashMap<>();
        for (ConsumerRecord<String, byte[]> record : records) {
            byKey.computeIfAbsent(record.key(), key -> new ArrayList<>())
                    .add(IncomingRecords.read(record.key(), record.value(), record.headers()));
        }
        Multi.createFrom()
                .iterable(byKey.values())
                .onItem()
                .transformToUni(this::inOrder)
                .merge(AT_ONCE)
                .collect()
                .asList()
                .await()
                .indefinitely();
    }

    private Uni<Void> inOrder(List<IncomingEvent> events) {
        Uni<Void> done = Uni.createFrom().voidItem();
        for (IncomingEvent event : events) {
            done = done.chain(() -> inbox.receive(event, new Echoes()).replaceWithVoid());
        }
        return done;
    }

    private final class Echoes implements Effect {
        @Override
        public String consumer() {
            return "torture-effects";
        }

        @Override
        public String topic() {
            return Settings.TOPIC;
        }

        @Override
        public Set<String> types() {
            return Set.of(TYPE);
        }

        @Override
        public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
            String token = event.data().path("token").asText();
            return tx.preparedQuery("insert into effect (source, key, seq, token) values ($1, $2, $3, $4)")
                    .execute(Tuple.of(event.source(), event.key(), event.sequence(), token))
                    .chain(() -> store.handleIn(
                            tx,
                            Tally.ECHO,
                            Tally.ECHO.stream(event.key()),
                            new Tally.Add(token, null),
                            Metadata.because("torture", event)))
                    .invoke(() -> {
                        if (token.endsWith(Wire.POISON)) {
                            throw Refusal.of("poison");
                        }
                        if (ThreadLocalRandom.current().nextInt(TROUBLE) == 0) {
                            throw new java.io.UncheckedIOException(new IOException("trouble on purpose"));
                        }
                    })
                    .replaceWithVoid();
        }
    }

    @Override
    public void close() throws InterruptedException {
        running = false;
        consumer.wakeup();
        thread.join(5_000);
        sequencer.close();
    }
}
