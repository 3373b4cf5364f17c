package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Multi;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic into an {@link Inbox}, on a thread of its own. The records of one poll go to a few lanes by case, each
 * lane applies up to {@value #BATCH} of them per transaction; the next poll's begin when all are committed. Where to go
 * on is kept in the service's own database, never ahead of the effects: a restored database reads again what it has
 * forgotten. While effects wait for infrastructure the consumer stays in its group and takes nothing more.
 */
public final class KafkaInbox implements AutoCloseable {

    /** Transactions at once; each holds a connection. */
    static final int LANES = 3;

    static final int BATCH = 48;

    private static final Logger LOG = Logger.getLogger(KafkaInbox.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SAVE_EVERY = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration DATABASE_LIMIT = Duration.ofSeconds(5);

    /** Told of what became of records. */
    public interface Watcher {
        void handled(String consumer, List<Inbox.Result> results);

        /** A record that is no event of ours: it belongs to no case, so there is nothing to park. */
        void foreign(String consumer);
    }

    private final Map<String, Object> config;
    private final Effect effect;
    private final Inbox inbox;
    private final Pool pool;
    private final BooleanSupplier mayAct;
    private final Watcher watcher;
    private final Thread thread;
    private volatile boolean running = true;
    private volatile boolean assigned;
    private volatile long lag;
    private volatile boolean caughtUp;
    private volatile @Nullable KafkaConsumer<String, byte[]> open;

    // Of the consumer's thread only.
    private final Map<TopicPartition, Long> done = new HashMap<>();
    private final Map<TopicPartition, Long> saved = new HashMap<>();
    /** Partitions that somebody else was given while their records were being applied. */
    private final Set<TopicPartition> taken = new HashSet<>();

    private String topicId = "";
    private long savedAt;
    private boolean busy;

    /**
     * @param connection address and security of the cluster
     * @param group      of the service and this consumer, e.g. {@code referral.referral-of-identification}
     * @param mayAct     false holds back everything, see {@link RestoreCheck}
     */
    public KafkaInbox(
            Map<String, Object> connection,
            String group,
            Effect effect,
            Inbox inbox,
            Pool pool,
            BooleanSupplier mayAct,
            Watcher watcher) {
        this.config = new HashMap<>(connection);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, group);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // The broker answers at the first byte; a record never waits for company.
        config.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, LANES * BATCH * 4);
        // A killed replica's partitions come back within seconds.
        config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        config.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        this.effect = effect;
        this.inbox = inbox;
        this.pool = pool;
        this.mayAct = mayAct;
        this.watcher = watcher;
        this.thread =
                Thread.ofPlatform().daemon().name("inbox " + effect.consumer()).unstarted(this::run);
    }

    public KafkaInbox start() {
        thread.start();
        return this;
    }

    public String consumer() {
        return effect.consumer();
    }

    /** Records on the topic that were not fetched yet, in the partitions of this replica. */
    public long lag() {
        return lag;
    }

    /** Whether this replica has once been at the end of all that the broker gave it. */
    public boolean caughtUp() {
        return caughtUp;
    }

    /** Whether the broker has given this replica its share of the topic. */
    public boolean assigned() {
        return assigned;
    }

    private void run() {
        while (running) {
            try (KafkaConsumer<String, byte[]> consumer =
                    new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
                open = consumer;
                consumer.subscribe(List.of(effect.topic()), new Rebalancing(consumer));
                // Closing the consumer gives its partitions back, and so writes down where it is.
                while (running) {
                    round(consumer);
                }
            } catch (WakeupException e) {
                // Closing.
                continue;
            } catch (InterruptedException e) {
                running = false;
            } catch (Exception e) {
                LOG.warnf("%s begins again: %s", effect.consumer(), e.getClass().getName());
                rest();
            } finally {
                open = null;
                assigned = false;
            }
        }
    }

    private void rest() {
        try {
            Thread.sleep(PATIENCE);
        } catch (InterruptedException e) {
            running = false;
        }
    }

    private void round(KafkaConsumer<String, byte[]> consumer) throws InterruptedException, ExecutionException {
        if (!mayAct.getAsBoolean()) {
            holdBack(consumer);
            return;
        }
        ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
        if (!records.isEmpty()) {
            Set<TopicPartition> before = Set.copyOf(consumer.assignment());
            taken.clear();
            await(consumer, apply(records));
            for (TopicPartition partition : records.partitions()) {
                if (before.contains(partition) && !taken.contains(partition)) {
                    done.put(partition, records.records(partition).getLast().offset() + 1);
                }
            }
        }
        if (System.nanoTime() - savedAt > SAVE_EVERY.toNanos()) {
            save(consumer);
            measure(consumer);
        }
    }

    /** Stays in the group and takes nothing. */
    private void holdBack(KafkaConsumer<String, byte[]> consumer) {
        busy = true;
        try {
            consumer.pause(consumer.assignment());
            consumer.poll(POLL);
        } finally {
            busy = false;
            consumer.resume(consumer.assignment());
        }
    }

    private List<CompletableFuture<Void>> apply(ConsumerRecords<String, byte[]> records) {
        List<List<IncomingEvent>> lanes = new ArrayList<>();
        for (int lane = 0; lane < LANES; lane++) {
            lanes.add(new ArrayList<>());
        }
        for (ConsumerRecord<String, byte[]> record : records) {
            try {
                IncomingEvent event = IncomingRecords.read(record.key(), record.value(), record.headers());
                lanes.get(Math.floorMod(event.key().hashCode(), LANES)).add(event);
            } catch (IncomingRecords.NotAnEvent foreign) {
                // It stays on the topic to be looked at.
                LOG.errorf("%s: %s at offset %d", effect.consumer(), foreign.getMessage(), record.offset());
                watcher.foreign(effect.consumer());
            }
        }
        return lanes.stream()
                .filter(lane -> !lane.isEmpty())
                .map(this::applyLane)
                .toList();
    }

    private CompletableFuture<Void> applyLane(List<IncomingEvent> lane) {
        List<List<IncomingEvent>> batches = new ArrayList<>();
        for (int from = 0; from < lane.size(); from += BATCH) {
            batches.add(lane.subList(from, Math.min(lane.size(), from + BATCH)));
        }
        return Multi.createFrom()
                .iterable(batches)
                .onItem()
                .transformToUniAndConcatenate(batch ->
                        inbox.receive(batch, effect).invoke(results -> watcher.handled(effect.consumer(), results)))
                .collect()
                .last()
                .replaceWithVoid()
                .subscribeAsCompletionStage();
    }

    /** Waits for the effects; where that takes long, it goes on telling the group that it is alive. */
    private void await(KafkaConsumer<String, byte[]> consumer, List<CompletableFuture<Void>> lanes)
            throws InterruptedException, ExecutionException {
        CompletableFuture<Void> work = CompletableFuture.allOf(lanes.toArray(CompletableFuture[]::new));
        try {
            work.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return;
        } catch (TimeoutException e) {
            busy = true;
        }
        try {
            while (running && !work.isDone()) {
                consumer.pause(consumer.assignment());
                consumer.poll(Duration.ofMillis(50));
            }
            work.getNow(null);
        } finally {
            busy = false;
            lanes.forEach(lane -> lane.cancel(true));
        }
        if (!running) {
            throw new WakeupException();
        }
        consumer.resume(consumer.assignment());
    }

    private void measure(KafkaConsumer<String, byte[]> consumer) {
        long behind = 0;
        boolean known = assigned;
        for (TopicPartition partition : consumer.assignment()) {
            OptionalLong here = consumer.currentLag(partition);
            behind += here.orElse(0);
            known &= here.isPresent();
        }
        caughtUp |= known && behind == 0;
        lag = behind;
    }

    /** Writes down where to go on. Late or lost it does no harm: records delivered again are passed over. */
    private void save(KafkaConsumer<String, byte[]> consumer) {
        savedAt = System.nanoTime();
        Map<TopicPartition, Long> news = new HashMap<>(done);
        news.entrySet().removeIf(one -> one.getValue().equals(saved.get(one.getKey())));
        if (news.isEmpty()) {
            return;
        }
        List<Tuple> rows = news.entrySet().stream()
                .map(one -> tuple(
                        effect.consumer(), one.getKey().topic(), one.getKey().partition(), topicId, one.getValue()))
                .toList();
        try {
            pool.preparedQuery("insert into consumer_offset as o (consumer, topic, partition, topic_id, next_offset)"
                            + " values ($1, $2, $3, $4, $5) on conflict (consumer, topic, partition) do update"
                            + " set topic_id = excluded.topic_id, next_offset = excluded.next_offset"
                            + " where o.topic_id <> excluded.topic_id or o.next_offset < excluded.next_offset")
                    .executeBatch(rows)
                    .await()
                    .atMost(DATABASE_LIMIT);
            saved.putAll(news);
        } catch (RuntimeException e) {
            LOG.debugf("%s could not write down where it is", effect.consumer());
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        news.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        // For tools that show a group's lag; nobody reads it back.
        consumer.commitAsync(offsets, (committed, failure) -> {});
    }

    private final class Rebalancing implements ConsumerRebalanceListener {

        private final KafkaConsumer<String, byte[]> consumer;

        Rebalancing(KafkaConsumer<String, byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            save(consumer);
            onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            taken.addAll(partitions);
            partitions.forEach(done::remove);
            partitions.forEach(saved::remove);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, Long> from = kept();
            for (TopicPartition partition : partitions) {
                Long offset = from.get(partition);
                if (offset == null) {
                    consumer.seekToBeginning(List.of(partition));
                } else {
                    consumer.seek(partition, offset);
                }
            }
            if (busy) {
                consumer.pause(partitions);
            }
            assigned = true;
        }
    }

    private Map<TopicPartition, Long> kept() {
        topicId = topicId();
        Map<TopicPartition, Long> kept = new HashMap<>();
        pool.preparedQuery("select partition, next_offset from consumer_offset"
                        + " where consumer = $1 and topic = $2 and topic_id = $3")
                .execute(tuple(effect.consumer(), effect.topic(), topicId))
                .await()
                .atMost(DATABASE_LIMIT)
                .forEach(row -> kept.put(
                        new TopicPartition(effect.topic(), row.getInteger("partition")), row.getLong("next_offset")));
        return kept;
    }

    /** A topic that was made anew under the same name has another. */
    private String topicId() {
        Map<String, Object> connection = new HashMap<>(config);
        connection.keySet().removeIf(name -> !name.matches("bootstrap\\.servers|(security|ssl|sasl)\\..+"));
        try (Admin admin = Admin.create(connection)) {
            var described = admin.describeTopics(List.of(effect.topic()))
                    .allTopicNames()
                    .get(10, TimeUnit.SECONDS);
            return Objects.requireNonNull(described.get(effect.topic()), "no such topic")
                    .topicId()
                    .toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new org.apache.kafka.common.KafkaException("the topic could not be described", e);
        }
    }

    @Override
    public void close() {
        running = false;
        KafkaConsumer<String, byte[]> consumer = open;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            if (!thread.join(Duration.ofSeconds(8))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
