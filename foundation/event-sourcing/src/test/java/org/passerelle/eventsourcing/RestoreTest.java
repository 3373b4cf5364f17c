package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.RestoreCheck.Verdict;
import org.passerelle.eventsourcing.testkit.TestStore;
import org.passerelle.local.Backends;

/** A database that was brought back to an earlier moment, with a topic that remembers. */
@Tag("kernel")
class RestoreTest {

    private static final Metadata ME = Metadata.system("test");
    private static final String ADDED = "passerelle.counter.added.v1";

    private final String topic = "restore-" + UUID.randomUUID();
    private final Map<String, Object> kafka =
            Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, Backends.shared().kafkaBootstrap());
    private TestStore db;
    /** Another service, with a database of its own that is not restored. */
    private TestStore other;

    private KafkaSender sender;

    @BeforeEach
    void start() {
        db = new TestStore();
        other = new TestStore();
        Backends.shared().createTopic(topic, 3);
        sender = new KafkaSender(Backends.shared().kafkaBootstrap(), Map.of());
    }

    @AfterEach
    void stop() {
        sender.close();
        db.close();
        other.close();
    }

    private record PublicAdded(long number) {}

    /** Negative numbers are never stored; those over a thousand are nobody else's business. */
    private static Optional<PublicEvent> translate(StoredEvent stored) {
        return Counter.TYPES.decode(stored) instanceof Counter.Added added && added.number() < 1000
                ? Optional.of(new PublicEvent(
                        ADDED, stored.stream().key(), stored.stream().key(), new PublicAdded(added.number())))
                : Optional.empty();
    }

    private void add(String key, long number) {
        db.store
                .handle(Counter.KIND, Counter.KIND.stream(key), new Counter.Add(number), ExpectedVersion.any(), ME)
                .await()
                .indefinitely();
    }

    private RestoreCheck check() {
        return new RestoreCheck(db.pool, "counter", List.of(topic), new KafkaTail(kafka));
    }

    private Verdict look() {
        return check().look().await().atMost(Duration.ofSeconds(30));
    }

    private Sequencer sequencer() {
        return new Sequencer(db.pool, check()::sound);
    }

    private Relay relay() {
        return new Relay(db.pool, topic, "counter", RestoreTest::translate, sender, check()::sound);
    }

    private static int step(Loop.Step step) {
        return step.step().await().atMost(Duration.ofSeconds(30));
    }

    /** A process of the service from its start to its end: gives positions, publishes, lets go of its leases. */
    private int work() {
        Sequencer sequencer = sequencer();
        Relay relay = relay();
        int moved = step(sequencer);
        while (step(relay) > 0) {}
        sequencer.stop().await().indefinitely();
        relay.stop().await().indefinitely();
        return moved;
    }

    private Restore.Adopted adopt() {
        return new Restore(db.pool, "counter", List.of(topic), new KafkaTail(kafka), RestoreTest::translate)
                .adopt("operator-1")
                .await()
                .atMost(Duration.ofSeconds(60));
    }

    /** Everything on the topic, from its start, through a consumer's inbox: the numbers that had an effect, in order. */
    private List<Long> effects(String consumer) {
        List<Long> applied = new ArrayList<>();
        Effect effect = new Effect() {
            @Override
            public String consumer() {
                return consumer;
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
                applied.add(event.data().get("number").asLong());
                return Uni.createFrom().voidItem();
            }
        };
        Inbox inbox = new Inbox(other.pool, () -> {});
        try (var reader = new KafkaConsumer<>(kafka, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1), new TopicPartition(topic, 2));
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> reader.position(p) < ends.getOrDefault(p, 0L))) {
                reader.poll(Duration.ofMillis(100))
                        .forEach(record -> inbox.receive(
                                        IncomingRecords.read(record.key(), record.value(), record.headers()), effect)
                                .await()
                                .indefinitely());
            }
        }
        return applied;
    }

    /** Published 1-3; 11-13 pending when the dump was taken, then published; 21 and 22 came after it. */
    private void loseSome() {
        add("a", 1);
        add("b", 2);
        add("a", 3);
        work();
        add("a", 11);
        add("b", 12);
        add("a", 1012);
        add("a", 13);
        db.dump();
        assertThat(work()).isEqualTo(4);
        add("a", 21);
        add("c", 22);
        work();
    }

    @Test
    void aLogBehindItsTopicGivesNoPositionUntilItIsAdopted() {
        loseSome();
        assertThat(look()).isEqualTo(new Verdict.Sound());
        db.restore();

        assertThat(look()).isEqualTo(new Verdict.Behind(3, 9));
        add("b", 31);
        assertThat(work()).as("nothing is ordered").isZero();
        assertThat(db.number("select last_seq from log_head")).isEqualTo(3);

        Restore.Adopted adopted = adopt();
        assertThat(adopted.firstSeq()).isEqualTo(4);
        assertThat(adopted.kept()).isEqualTo(3);
        assertThat(adopted.lost())
                .extracting(Restore.Lost::key, Restore.Lost::sequence, Restore.Lost::type)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", 8L, ADDED),
                        org.assertj.core.groups.Tuple.tuple("c", 9L, ADDED));
        assertThat(Restore.lost(db.pool, 100).await().indefinitely()).isEqualTo(adopted.lost());
        assertThat(look()).isEqualTo(new Verdict.Sound());
        assertThat(EventLog.epoch(db.pool).await().indefinitely()).isEqualTo(adopted.epoch());
        assertThat(EventLog.audit(db.pool).await().indefinitely().sound()).isTrue();
        assertThat(catchThrowable(this::adopt)).isInstanceOf(Restore.NothingToAdopt.class);
    }

    @Test
    void everyEventHasOneEffectAlsoThoseThatWerePublishedBeforeTheRestore() {
        loseSome();
        assertThat(effects("before")).containsExactlyInAnyOrder(1L, 2L, 3L, 11L, 12L, 13L, 21L, 22L);
        db.restore();
        adopt();
        add("a", 41);
        add("c", 42);
        work();

        assertThat(effects("before")).as("only what is new").containsExactlyInAnyOrder(41L, 42L);
        List<Long> all = effects("one that begins now");
        assertThat(all).containsExactlyInAnyOrder(1L, 2L, 3L, 11L, 12L, 13L, 21L, 22L, 41L, 42L);
        assertThat(all.stream().filter(n -> Set.of(1L, 3L, 11L, 13L, 21L, 41L).contains(n)))
                .as("the order of case a")
                .containsExactly(1L, 3L, 11L, 13L, 21L, 41L);

        Relay.republish(db.pool, topic, 1).await().indefinitely();
        work();
        assertThat(effects("before")).as("after a refill of the whole log").isEmpty();
        assertThat(db.query("select e.version from log l join event e on e.id = l.id where e.stream_id = 'counter-a'"
                        + " order by l.seq"))
                .extracting(row -> row.getLong("version"))
                .as("the log agrees with the stream")
                .isSorted();
    }

    /** What it sends again would be the last of its partition and tell of no position that was forgotten. */
    @Test
    void theRelayOfARestoredLogDoesNotCoverItsTraces() {
        add("a", 1);
        add("b", 2);
        Sequencer sequencer = sequencer();
        assertThat(step(sequencer)).isEqualTo(2);
        db.dump();
        add("a", 3);
        assertThat(step(sequencer)).isEqualTo(1);
        while (step(relay()) > 0) {}
        db.restore();
        db.query("update lease set expires_at = clock_timestamp() - interval '1 second'");

        assertThat(step(relay())).as("sent by a relay that begins").isZero();
        assertThat(look()).isEqualTo(new Verdict.Behind(2, 3));
        adopt();
        assertThat(step(relay())).isEqualTo(2);
        assertThat(look()).isEqualTo(new Verdict.Sound());
    }

    @Test
    void aRelayUnderWhichTheDatabaseGoesBackLooksAgain() {
        add("a", 1);
        Sequencer sequencer = sequencer();
        assertThat(step(sequencer)).isEqualTo(1);
        Relay relay = relay();
        db.dump();
        add("a", 2);
        assertThat(step(sequencer)).isEqualTo(1);
        assertThat(step(relay)).isEqualTo(2);
        db.restore();
        db.query("delete from lease");
        assertThat(catchThrowable(() -> step(relay))).isInstanceOf(Leadership.WentBack.class);
        assertThat(step(relay)).isZero();
        assertThat(look()).isEqualTo(new Verdict.Behind(1, 2));
    }

    @Test
    void aLeaderUnderWhichTheDatabaseGoesBackStops() {
        add("a", 1);
        Sequencer leader = sequencer();
        assertThat(step(leader)).isEqualTo(1);
        db.dump();
        add("a", 2);
        assertThat(step(leader)).isEqualTo(1);
        while (step(relay()) > 0) {}
        db.restore();
        db.query("update lease set expires_at = clock_timestamp() + interval '3 seconds' where name = 'sequencer'");
        add("a", 3);
        assertThat(catchThrowable(() -> step(leader))).isInstanceOf(Leadership.WentBack.class);
        assertThat(step(leader)).as("and finds out why").isZero();
        assertThat(db.number("select last_seq from log_head")).isEqualTo(1);
    }

    @Test
    void aRestoreToBeforeAnAdoptionIsSeenToo() {
        add("a", 1);
        work();
        db.dump();
        add("a", 2);
        work();
        db.restore();
        Restore.Adopted first = adopt();
        add("a", 3);
        work();
        db.restore();
        assertThat(look()).isEqualTo(new Verdict.Behind(1, 2));
        Restore.Adopted second = adopt();
        assertThat(second.lost())
                .extracting(Restore.Lost::epoch)
                .contains(first.epoch())
                .hasSize(2);
        add("a", 4);
        work();
        assertThat(effects("all")).containsExactly(1L, 2L, 3L, 4L);
    }

    /** At the end of the topic lie old positions then; the mark beside them tells how far the log had come. */
    @Test
    void aRestoreIsSeenInTheMiddleOfARefill() {
        for (int i = 1; i <= 5; i++) {
            add("a", i);
        }
        work();
        db.dump();
        for (int i = 6; i <= 9; i++) {
            add("a", i);
        }
        work();
        Relay.republish(db.pool, topic, 1).await().indefinitely();
        List<Long> sent = new ArrayList<>();
        Relay refill = new Relay(
                db.pool,
                topic,
                "counter",
                RestoreTest::translate,
                wave -> sent.size() == 3
                        ? Uni.createFrom().failure(new java.io.IOException("the broker went away"))
                        : sender.send(wave)
                                .invoke(() -> sent.add(wave.getFirst().sequence())));
        assertThat(catchThrowable(() -> step(refill))).isNotNull();
        assertThat(sent).containsExactly(1L, 2L, 3L);
        db.restore();
        assertThat(look()).isEqualTo(new Verdict.Behind(5, 9));
    }

    @Test
    void whileTheTopicCannotBeReadCommandsWaitForTheirPosition() {
        RestoreCheck blind = new RestoreCheck(
                db.pool,
                "counter",
                List.of(topic),
                new KafkaTail(Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1")));
        add("a", 1);
        assertThat(step(new Sequencer(db.pool, blind::sound))).isZero();
        assertThat(blind.verdict()).isEqualTo(new Verdict.Unknown());
        assertThat(EventLog.audit(db.pool).await().indefinitely()).isEqualTo(new EventLog.Audit(1, 0, 1, 0, 0));
        db.query("update lease set expires_at = clock_timestamp() - interval '1 second'");
        assertThat(work()).isEqualTo(1);
    }

    @Test
    void anotherLogOnTheSameTopicIsNoneOfOurs() {
        add("a", 1);
        add("a", 2);
        work();
        try (TestStore fresh = new TestStore()) {
            assertThat(new RestoreCheck(fresh.pool, "counter", List.of(topic), new KafkaTail(kafka))
                            .look()
                            .await()
                            .indefinitely())
                    .isEqualTo(new Verdict.Sound());
        }
    }
}
