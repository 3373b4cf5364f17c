package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.testkit.TestStore;
import org.passerelle.local.Backends;

/** A consumer on a real topic, with replicas that come and go. */
@Tag("kernel")
class KafkaInboxTest {

    private static final String ADDED = "passerelle.counter.added.v1";
    private static final int PARTITIONS = 4;
    private static final int CASES = 12;

    private final String topic = "inbox-" + UUID.randomUUID();
    private final String source = Relay.source("counter", UUID.randomUUID());
    private final Map<String, Object> kafka =
            Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, Backends.shared().kafkaBootstrap());
    private final AtomicBoolean mayAct = new AtomicBoolean(true);
    private final AtomicBoolean trouble = new AtomicBoolean();
    private TestStore db;
    private KafkaSender sender;
    private long sequence;

    @BeforeEach
    void start() {
        db = new TestStore();
        db.query(
                "create table effect (n bigint generated always as identity, key text, seq bigint, at timestamptz default clock_timestamp())");
        Backends.shared().createTopic(topic, PARTITIONS);
        sender = new KafkaSender(Backends.shared().kafkaBootstrap(), Map.of());
    }

    @AfterEach
    void stop() {
        sender.close();
        db.close();
    }

    private final Effect effect = new Effect() {
        @Override
        public String consumer() {
            return "counting";
        }

        @Override
        public String topic() {
            return topic;
        }

        @Override
        public Set<String> types() {
            return Set.of(ADDED);
        }

        @Override
        public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
            return trouble.get()
                    ? Uni.createFrom().failure(new java.io.IOException("connection reset"))
                    : tx.preparedQuery("insert into effect (key, seq) values ($1, $2)")
                            .execute(Tuple.of(event.key(), event.sequence()))
                            .replaceWithVoid();
        }
    };

    private KafkaInbox replica() {
        return new KafkaInbox(
                        kafka,
                        "test." + topic,
                        effect,
                        new Inbox(db.pool, () -> {}),
                        db.pool,
                        mayAct::get,
                        new KafkaInbox.Watcher() {
                            @Override
                            public void handled(String consumer, List<Inbox.Result> results) {}

                            @Override
                            public void foreign(String consumer) {
                                throw new AssertionError("foreign record");
                            }
                        })
                .start();
    }

    private record PublicAdded(long number) {}

    /** The next records of the log, going round the cases. */
    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            long seq = ++sequence;
            send(seq);
        }
    }

    private void send(long seq) {
        String key = "case" + seq % CASES;
        StoredEvent stored = new StoredEvent(
                seq,
                Counter.KIND.stream(key),
                seq,
                "counter.added",
                1,
                new byte[0],
                Metadata.system("test"),
                Instant.now());
        sender.send(List.of(new Relay.Outgoing(
                        topic,
                        source,
                        seq,
                        new LogMark(UUID.randomUUID(), UUID.randomUUID(), seq),
                        new LogEntry(seq, stored),
                        new PublicEvent(ADDED, key, key, new PublicAdded(seq)))))
                .await()
                .indefinitely();
    }

    private long effects() {
        return db.number("select count(*) from effect");
    }

    private static void await(String what, BooleanSupplier there) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!there.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(20);
        }
    }

    /** Each once, and those of a case in their order. */
    private void eachOnceInOrder() {
        assertThat(db.query("select seq from effect order by seq"))
                .extracting(row -> row.getLong("seq"))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, sequence).boxed().toList());
        assertThat(db.query(
                        "select key, seq from (select key, seq, lag(seq) over (partition by key order by n) as before"
                                + " from effect) e where before > seq"))
                .isEmpty();
    }

    @Test
    void replicasThatComeAndGoApplyEachRecordOnceAndInOrder() throws Exception {
        KafkaInbox first = replica();
        publish(200);
        await("some effects", () -> effects() > 50);
        KafkaInbox second = replica();
        publish(300);
        await("more effects", () -> effects() > 300);
        first.close();
        publish(300);
        KafkaInbox third = replica();
        publish(100);
        await("the last effects", () -> effects() >= sequence);
        second.close();
        third.close();
        eachOnceInOrder();
    }

    @Test
    void aTopicThatIsRefilledHasNoSecondEffect() throws Exception {
        try (KafkaInbox first = replica()) {
            publish(50);
            await("effects", () -> effects() == 50);
            for (long seq = 1; seq <= 50; seq++) {
                send(seq);
            }
            publish(10);
            await("the new ones", () -> effects() >= 60);
        }
        eachOnceInOrder();
    }

    /** The broker's memory of the group is ahead of the restored rows then. */
    @Test
    void aRestoredDatabaseReadsAgainWhatItHasForgotten() throws Exception {
        try (KafkaInbox before = replica()) {
            publish(40);
            await("effects", () -> effects() == 40);
        }
        db.dump();
        try (KafkaInbox lost = replica()) {
            publish(40);
            await("effects", () -> effects() == 80);
        }
        db.restore();
        assertThat(effects()).isEqualTo(40);
        try (KafkaInbox after = replica()) {
            publish(5);
            await("all", () -> effects() >= 85);
        }
        eachOnceInOrder();
    }

    @Test
    void infrastructureInTroubleParksNothingAndLosesNothing() throws Exception {
        try (KafkaInbox replica = replica()) {
            publish(10);
            await("effects", () -> effects() == 10);
            trouble.set(true);
            publish(30);
            Thread.sleep(2500);
            assertThat(effects()).isEqualTo(10);
            trouble.set(false);
            await("all", () -> effects() >= 40);
        }
        eachOnceInOrder();
        assertThat(db.number("select count(*) from parked_record")).isZero();
    }

    @Test
    void nothingIsTakenWhileTheServiceMayNotAct() throws Exception {
        mayAct.set(false);
        try (KafkaInbox replica = replica()) {
            publish(5);
            await("its share", replica::assigned);
            Thread.sleep(800);
            assertThat(effects()).isZero();
            mayAct.set(true);
            await("effects", () -> effects() == 5);
        }
    }

    /** Another topic of the same name: the old place in it means nothing. */
    @Test
    void aTopicThatWasMadeAnewIsReadFromItsStart() throws Exception {
        try (KafkaInbox replica = replica()) {
            publish(30);
            await("effects", () -> effects() == 30);
        }
        try (var admin = org.apache.kafka.clients.admin.Admin.create(kafka)) {
            admin.deleteTopics(List.of(topic)).all().get();
            await("it is gone", () -> {
                try {
                    return !admin.listTopics().names().get().contains(topic);
                } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        Backends.shared().createTopic(topic, PARTITIONS);
        publish(40);
        try (KafkaInbox replica = replica()) {
            await("effects", () -> effects() >= 70);
        }
        eachOnceInOrder();
    }
}
