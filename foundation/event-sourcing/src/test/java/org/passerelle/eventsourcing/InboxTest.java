package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.io.IOException;
import java.time.Duration;
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
import java.util.concurrent.atomic.AtomicBoolean;
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
    private Parking parking;
    private final AtomicInteger trouble = new AtomicInteger();
    private final AtomicBoolean factThere = new AtomicBoolean();
    private final AtomicBoolean broken = new AtomicBoolean(true);

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
            long number = event.data().get("number").asLong();
            if (number == 777 && !factThere.get()) {
                return Uni.createFrom().failure(new FactMissing("a-fact"));
            }
            if (number == 666 && broken.get()) {
                return Uni.createFrom().failure(new IllegalStateException("a defect"));
            }
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
        parking = new Parking(db.pool, inbox, () -> {});
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
    void whatComesAgainAndAgainIsPassedOverWithoutALock_andWhatIsNewAmongItIsNot() {
        receive(event("a", 4, 1));
        receive(event("a", 4, 1));
        SqlConnection holder = db.pool.getConnection().await().indefinitely();
        holder.query("begin").execute().await().indefinitely();
        holder.query("select 1 from consumer_position for update")
                .execute()
                .await()
                .indefinitely();
        List<Result> results = inbox.receive(List.of(event("a", 3, 1), event("a", 4, 1), event("b", 5, 7)), adding)
                .await()
                .atMost(Duration.ofSeconds(3));
        assertThat(results).containsExactly(Result.PASSED_OVER, Result.PASSED_OVER, Result.APPLIED);
        holder.query("rollback").execute().await().indefinitely();
        holder.close().await().indefinitely();
        assertThat(receive(event("a", 5, 2))).isEqualTo(Result.APPLIED);
        assertThat(receive(event("a", 5, 2))).isEqualTo(Result.PASSED_OVER);
        assertThat(sum("a")).isEqualTo(3);
        assertThat(sum("b")).isEqualTo(7);
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

    @Test
    void anUnknownVersionOfAListedTypeParksItsCase() {
        assertThat(receive(event("urn:passerelle:other:e1", "passerelle.other.added.v2", "a", 1, 1)))
                .isEqualTo(Result.PARKED);
        assertThat(receive(event("a", 2, 1))).isEqualTo(Result.PARKED);
        assertThat(receive(event("urn:passerelle:other:e1", "passerelle.other.added-twice.v2", "b", 3, 1)))
                .as("another type")
                .isEqualTo(Result.PASSED_OVER);
        assertThat(Parking.list(db.pool, 10).await().indefinitely())
                .extracting(Parking.Case::key, Parking.Case::records, Parking.Case::reason)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("a", 2L, "unknown version of the type"));
    }

    private List<Result> receiveAll(IncomingEvent... events) {
        return inbox.receive(List.of(events), adding).await().indefinitely();
    }

    @Test
    void severalRecordsShareATransaction() {
        assertThat(receiveAll(event("b", 1, 1), event("a", 2, 2), event("b", 3, 3), event("b", 3, 3)))
                .containsExactly(Result.APPLIED, Result.APPLIED, Result.APPLIED, Result.PASSED_OVER);
        assertThat(db.number("select count(distinct xmin::text) from event")).isEqualTo(1);
        assertThat(sum("b")).isEqualTo(4);
        assertThat(db.query("select key, last_seq from consumer_position order by key"))
                .extracting(row -> row.getString("key") + row.getLong("last_seq"))
                .containsExactly("a2", "b3");
    }

    @Test
    void aBatchWithAFailureRollsBackAndItsRecordsAreTakenOneByOne() {
        assertThat(receiveAll(event("b", 1, 1), event("a", 2, -1), event("a", 3, 1), event("c", 4, 4)))
                .containsExactly(Result.APPLIED, Result.PARKED, Result.PARKED, Result.APPLIED);
        assertThat(sum("b")).isEqualTo(1);
        assertThat(sum("c")).isEqualTo(4);
        assertThat(db.number("select count(*) from event")).isEqualTo(2);
        trouble.set(3);
        assertThat(receiveAll(event("b", 5, 1), event("c", 6, 1), event("b", 7, 1)))
                .as("trouble of infrastructure parks nothing")
                .containsOnly(Result.APPLIED);
        assertThat(db.number("select count(*) from parked_record")).isEqualTo(2);
    }

    @Test
    void batchesOverTheSameCasesInAnotherOrderDoNotStopEachOther() throws Exception {
        List<Callable<List<Result>>> deliveries = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            boolean turned = i % 2 == 1;
            deliveries.add(() -> {
                List<IncomingEvent> batch = new ArrayList<>();
                for (int key = 0; key < 20; key++) {
                    batch.add(event("k" + key, 1, 1));
                }
                return inbox.receive(turned ? batch.reversed() : batch, adding)
                        .await()
                        .indefinitely();
            });
        }
        long applied = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<List<Result>> delivery : threads.invokeAll(deliveries)) {
                applied += delivery.get().stream()
                        .filter(result -> result == Result.APPLIED)
                        .count();
            }
        }
        assertThat(applied).isEqualTo(20);
        assertThat(db.number("select deadlocks from pg_stat_database where datname = current_database()"))
                .isZero();
    }

    @Test
    void whatWaitsUnderAnOldEpochHoldsBackTheNewOne() {
        assertThat(receive(event("a", 1, -1))).isEqualTo(Result.PARKED);
        assertThat(receive(event("urn:passerelle:other:e2", ADDED, "a", 1, 5))).isEqualTo(Result.PARKED);
        assertThat(sum("a")).isZero();
    }

    private Parking.Retried retry(String key) {
        return parking.retry(adding, key).await().indefinitely();
    }

    @Test
    void aRetryAppliesInOrderUntilOneFailsAgain() {
        receiveAll(event("a", 1, 666), event("a", 2, 1), event("a", 3, -1), event("a", 4, 4));
        assertThat(retry("a")).isEqualTo(new Parking.Retried(0, 4, "java.lang.IllegalStateException"));
        broken.set(false);
        assertThat(retry("a")).isEqualTo(new Parking.Retried(2, 2, "negative"));
        assertThat(sum("a")).isEqualTo(667);
        assertThat(receive(event("a", 5, 5))).as("it still waits").isEqualTo(Result.PARKED);
        assertThat(Parking.explain(db.pool, "adding", "a", 10).await().indefinitely())
                .extracting(one -> one.event().sequence(), Parking.Waiting::reason, Parking.Waiting::attempts)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(3L, "negative", 2),
                        org.assertj.core.groups.Tuple.tuple(4L, "waits behind a parked record", 1),
                        org.assertj.core.groups.Tuple.tuple(5L, "waits behind a parked record", 1));

        assertThat(skip("a", 3)).isEqualTo(new Parking.Skipped(3, false, 2));
        assertThat(skip("a", 3)).as("once more").isEqualTo(new Parking.Skipped(3, true, 2));
        assertThat(catchThrowable(() -> skip("a", 5))).as("not the first").isInstanceOf(Refusal.class);
        assertThat(retry("a")).isEqualTo(new Parking.Retried(2, 0, null));
        assertThat(retry("a")).as("once more").isEqualTo(new Parking.Retried(0, 0, null));
        assertThat(sum("a")).isEqualTo(676);
        assertThat(receive(event("a", 6, 1))).isEqualTo(Result.APPLIED);
        assertThat(receive(event("a", 3, 1))).as("skipped for ever").isEqualTo(Result.PASSED_OVER);
        assertThat(db.query("select seq, failure, reason, skipped_by from skipped_record"))
                .extracting(row -> row.getLong("seq") + row.getString("failure") + row.getString("skipped_by"))
                .containsExactly("3negativeoperator-1");
    }

    private Parking.Skipped skip(String key, long sequence) {
        return parking.skip(adding, key, sequence, "operator-1", "the sender was mended")
                .await()
                .indefinitely();
    }

    /** Arrivals while an operator retries: whoever comes first, the case's order holds and nothing stays behind. */
    @Test
    void arrivalsDuringARetryKeepTheirOrder() throws Exception {
        List<Long> applied = Collections.synchronizedList(new ArrayList<>());
        Effect slow = new Effect() {
            @Override
            public String consumer() {
                return "slow";
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
                if (event.sequence() == 1 && broken.get()) {
                    return Uni.createFrom().failure(new IllegalStateException("a defect"));
                }
                return tx.query("select pg_sleep(0.005)")
                        .execute()
                        .invoke(() -> applied.add(event.sequence()))
                        .replaceWithVoid();
            }
        };
        for (int seq = 1; seq <= 20; seq++) {
            inbox.receive(event("a", seq, 1), slow).await().indefinitely();
        }
        broken.set(false);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> arrivals = threads.submit(() -> {
                for (int seq = 21; seq <= 60; seq++) {
                    inbox.receive(event("a", seq, 1), slow).await().indefinitely();
                }
            });
            Future<?> retries = threads.submit(() -> {
                while (!arrivals.isDone()) {
                    parking.retry(slow, "a").await().indefinitely();
                }
            });
            arrivals.get();
            retries.get();
        }
        parking.retry(slow, "a").await().indefinitely();
        assertThat(applied)
                .containsExactlyElementsOf(
                        java.util.stream.LongStream.rangeClosed(1, 60).boxed().toList());
        assertThat(db.number("select count(*) from consumer_position where parked"))
                .isZero();
    }

    @Test
    void aMissingFactLetsTheCaseWaitAndIsTriedAgainByItself() {
        assertThat(receiveAll(event("a", 1, 777), event("a", 2, 1), event("b", 3, 1)))
                .containsExactly(Result.PARKED, Result.PARKED, Result.APPLIED);
        java.util.Map<String, Effect> effects = java.util.Map.of("adding", adding);
        assertThat(parking.retryWaiting(effects).await().indefinitely()).isEqualTo(1);
        assertThat(sum("a")).isZero();
        assertThat(Parking.overdue(db.pool).await().indefinitely()).isEmpty();
        db.query("update parked_record set parked_at = parked_at - interval '11 minutes',"
                + " retry_at = retry_at - interval '1 minute'");
        assertThat(Parking.overdue(db.pool).await().indefinitely())
                .extracting(Parking.Case::key, Parking.Case::reason)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("a", "waits for a-fact"));
        assertThat(Parking.overdue(db.pool).await().indefinitely())
                .as("told once")
                .isEmpty();
        factThere.set(true);
        assertThat(parking.retryWaiting(effects).await().indefinitely()).isEqualTo(1);
        assertThat(sum("a")).isEqualTo(778);
        assertThat(db.number("select count(*) from parked_record")).isZero();
    }

    @Test
    void aCaseThatWaitsSinceTheClockWasAheadIsTriedWhenItIsRight() {
        receiveAll(event("a", 1, 777));
        db.query("update parked_record set retry_at = clock_timestamp() + interval '20 seconds'");
        java.util.Map<String, Effect> effects = java.util.Map.of("adding", adding);
        assertThat(parking.retryWaiting(effects).await().indefinitely()).isZero();
        db.query("update parked_record set retry_at = clock_timestamp() + interval '1 hour'");
        factThere.set(true);
        assertThat(parking.retryWaiting(effects).await().indefinitely()).isEqualTo(1);
        assertThat(sum("a")).isEqualTo(777);
    }

    @Test
    void aCaseThatGoesOnIsToldSoOnce_afterTheLastOfItsRecords_andWaitsAsBeforeWhereThatFails() {
        AtomicBoolean failing = new AtomicBoolean(true);
        List<String> told = new ArrayList<>();
        Effect resuming = new Effect() {
            @Override
            public String consumer() {
                return adding.consumer();
            }

            @Override
            public String topic() {
                return adding.topic();
            }

            @Override
            public Set<String> types() {
                return adding.types();
            }

            @Override
            public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
                return adding.apply(tx, event);
            }

            @Override
            public Uni<Void> resumed(SqlConnection tx, IncomingEvent last) {
                return Parking.denied(tx, Set.of(consumer()), last.key())
                        .invoke(denied -> told.add(last.sequence() + (denied ? " denied" : " heard")))
                        .chain(() -> failing.get()
                                ? Uni.createFrom().failure(new IllegalStateException("a defect"))
                                : Uni.createFrom().voidItem());
            }
        };
        receive(event("a", 1, 666));
        receive(event("a", 2, 5));
        broken.set(false);

        assertThat(parking.retry(resuming, "a").await().indefinitely())
                .isEqualTo(new Parking.Retried(1, 1, "java.lang.IllegalStateException"));
        assertThat(sum("a")).as("the last is undone").isEqualTo(666);
        assertThat(Parking.denied(db.pool, Set.of("adding"), "a").await().indefinitely())
                .isTrue();

        failing.set(false);
        assertThat(parking.retry(resuming, "a").await().indefinitely()).isEqualTo(new Parking.Retried(1, 0, null));
        assertThat(sum("a")).isEqualTo(671);
        assertThat(Parking.denied(db.pool, Set.of("adding"), "a").await().indefinitely())
                .isFalse();
        parking.retry(resuming, "a").await().indefinitely();
        assertThat(told).as("tried in vain, then once").containsExactly("2 heard", "2 heard");

        broken.set(true);
        receive(event("a", 3, 666));
        parking.skip(resuming, "a", 3, "operator-1", "why not").await().indefinitely();
        assertThat(told).containsExactly("2 heard", "2 heard", "3 heard");
    }

    @Test
    void aCaseWhoseAccessFactCannotBeProcessedIsDeniedAndItsFactNotSkipped() {
        Effect consent = new Effect() {
            @Override
            public String consumer() {
                return "consent";
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
            public boolean decidesAccess() {
                return true;
            }

            @Override
            public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
                return broken.get()
                        ? Uni.createFrom().failure(new IllegalStateException("a defect"))
                        : Uni.createFrom().voidItem();
            }
        };
        assertThat(Parking.denied(db.pool, Set.of("consent"), "a").await().indefinitely())
                .isFalse();
        inbox.receive(event("a", 1, 1), consent).await().indefinitely();
        assertThat(Parking.denied(db.pool, Set.of("consent"), "a").await().indefinitely())
                .isTrue();
        assertThat(Parking.denied(db.pool, Set.of("consent"), "b").await().indefinitely())
                .isFalse();
        assertThat(catchThrowable(() -> parking.skip(consent, "a", 1, "operator-1", "why not")
                        .await()
                        .indefinitely()))
                .isInstanceOf(Refusal.class);
        broken.set(false);
        parking.retry(consent, "a").await().indefinitely();
        assertThat(Parking.denied(db.pool, Set.of("consent"), "a").await().indefinitely())
                .isFalse();
    }
}
