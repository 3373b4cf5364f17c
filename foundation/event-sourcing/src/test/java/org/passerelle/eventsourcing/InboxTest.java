package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.Inbox.Result;
import org.passerelle.eventsourcing.testkit.TestStore;

@Tag("kernel")
class InboxTest {

    private static final String ADDED = "passerelle.other.added.v1";

    private TestStore db;
    private Inbox inbox;
    private final AtomicInteger trouble = new AtomicInteger();

    /** Adds the number of each event to the counter of its case. */
    private final Effect adding = new Effect() {
        @Override
        public String consumer() {
            return "adding";
        }

        @Override
        public String topic() {
            return "passerelle.other";
        }

        @Override
        public Set<String> types() {
            return Set.of(ADDED);
        }

        @Override
        public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
            if (trouble.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                return Uni.createFrom().failure(new IOException("connection reset"));
            }
            return db.store
                    .handleIn(
                            tx,
                            Counter.KIND,
                            Counter.KIND.stream(event.key()),
                            new Counter.Add(event.data().get("number").asLong()),
                            Metadata.because("adding", event))
                    .replaceWithVoid();
        }
    };

    @BeforeEach
    void start() {
        db = new TestStore();
        inbox = new Inbox(db.pool, () -> {});
    }

    @AfterEach
    void stop() {
        db.close();
    }

    private static IncomingEvent event(String key, long sequence, long number) {
        return event("urn:passerelle:other:e1", ADDED, key, sequence, number);
    }

    private static IncomingEvent event(String source, String type, String key, long sequence, long number) {
        return new IncomingEvent(
                source + ":" + sequence,
                source,
                type,
                key,
                key,
                sequence,
                Instant.EPOCH,
                JsonNodeFactory.instance.objectNode().put("number", number),
                "c",
                null);
    }

    private Result receive(IncomingEvent event) {
        return inbox.receive(event, adding).await().indefinitely();
    }

    private long sum(String key) {
        return db.store
                .load(Counter.KIND, Counter.KIND.stream(key))
                .await()
                .indefinitely()
                .state()
                .sum();
    }

    @Test
    void aRecordDeliveredAgainHasNoSecondEffect() {
        assertThat(receive(event("a", 4, 1))).isEqualTo(Result.APPLIED);
        assertThat(receive(event("a", 4, 1))).isEqualTo(Result.PASSED_OVER);
        assertThat(receive(event("a", 9, 2))).isEqualTo(Result.APPLIED);
        assertThat(receive(event("a", 4, 1))).as("a replay from the start").isEqualTo(Result.PASSED_OVER);
        assertThat(sum("a")).isEqualTo(3);
    }

    @Test
    void aSourceThatBeganANewEpochIsAnotherSource() {
        receive(event("a", 100, 1));
        assertThat(receive(event("urn:passerelle:other:e2", ADDED, "a", 1, 1))).isEqualTo(Result.APPLIED);
        assertThat(sum("a")).isEqualTo(2);
    }

    @Test
    void typesThatTheEffectDoesNotUseArePassedOver() {
        assertThat(receive(event("urn:passerelle:other:e1", "passerelle.other.else.v1", "a", 1, 1)))
                .isEqualTo(Result.PASSED_OVER);
        assertThat(db.number("select count(*) from consumer_position")).isZero();
    }

    /** A consumer thought dead still works on a record that was delivered to its successor too. */
    @Test
    void zombiesAreSerialisedByTheRowOfTheCase() throws Exception {
        List<Callable<Result>> deliveries = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            deliveries.add(() -> receive(event("a", 1, 1)));
        }
        int applied = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Result> delivery : threads.invokeAll(deliveries)) {
                applied += delivery.get() == Result.APPLIED ? 1 : 0;
            }
        }
        assertThat(applied).isEqualTo(1);
        assertThat(sum("a")).isEqualTo(1);
    }

    @Test
    void whatCannotBeProcessedParksItsCaseInOrderAndNoOther() {
        receive(event("a", 1, 1));
        assertThat(receive(event("a", 2, -1))).isEqualTo(Result.PARKED);
        assertThat(receive(event("a", 3, 1))).isEqualTo(Result.PARKED);
        assertThat(receive(event("b", 4, 1))).isEqualTo(Result.APPLIED);
        assertThat(sum("a")).isEqualTo(1);
        assertThat(sum("b")).isEqualTo(1);
        assertThat(db.query("select seq, reason from parked_record order by seq"))
                .extracting(row -> row.getLong("seq"), row -> row.getString("reason"))
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(2L, "negative"),
                        org.assertj.core.groups.Tuple.tuple(3L, "waits behind a parked record"));
        assertThat(EventLog.status(db.pool).await().indefinitely().parked())
                .containsExactly(new EventLog.Parked("adding", "a", 2, ADDED, "negative"));
        assertThat(receive(event("a", 2, -1))).as("delivered again").isEqualTo(Result.PARKED);
        assertThat(db.number("select count(*) from parked_record")).isEqualTo(2);
    }

    @Test
    void troubleOfInfrastructureIsRetriedAndNeverParks() {
        trouble.set(4);
        assertThat(receive(event("a", 1, 5))).isEqualTo(Result.APPLIED);
        assertThat(sum("a")).isEqualTo(5);
        assertThat(db.number("select count(*) from parked_record")).isZero();
    }

    @Test
    void anyRedeliveryOfAnOrderedHistoryEndsInTheSameState() {
        org.passerelle.eventsourcing.testkit.Seeded.check(3, random -> {
            String key = "p" + random.nextInt(1_000_000);
            List<IncomingEvent> delivered = redelivered(key, random);
            delivered.forEach(this::receive);
            assertThat(sum(key)).isEqualTo(55);
        });
    }

    /** Ten events in order, with stretches delivered again as after a rebalance. */
    private static List<IncomingEvent> redelivered(String key, Random random) {
        List<IncomingEvent> result = new ArrayList<>();
        int next = 1;
        while (next <= 10) {
            int again = random.nextInt(next);
            for (int seq = next - again; seq <= next; seq++) {
                result.add(event(key, seq, seq));
            }
            next++;
        }
        return Collections.unmodifiableList(result);
    }
}
