package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.testkit.TestStore;

@Tag("kernel")
class DeadlinesTest {

    private static final Metadata ME = Metadata.system("test");

    private TestStore db;
    private final AtomicInteger failures = new AtomicInteger();

    private final DeadlineHandler ringing = new DeadlineHandler() {
        @Override
        public String category() {
            return "counter";
        }

        @Override
        public Uni<Void> due(SqlConnection tx, StreamId stream, String name, Instant due) {
            if (stream.key().equals("broken")) {
                failures.incrementAndGet();
                return Uni.createFrom().failure(new IllegalStateException("broken"));
            }
            if (stream.key().equals("waiting")) {
                return tx.query("select 1 from stream where id = 'counter-another' for update nowait")
                        .execute()
                        .replaceWithVoid();
            }
            return db.store
                    .handleIn(tx, Counter.KIND, stream, new Counter.Ring(), ME)
                    .replaceWithVoid();
        }
    };

    @BeforeEach
    void start() {
        db = new TestStore();
    }

    @AfterEach
    void stop() {
        db.close();
    }

    private void handle(String stream, Counter.Command command) {
        db.store
                .handle(Counter.KIND, Counter.KIND.stream(stream), command, ExpectedVersion.any(), ME)
                .await()
                .indefinitely();
    }

    private long rings(String stream) {
        return db.number(
                "select count(*) from event where type = 'counter.rung' and stream_id = 'counter-" + stream + "'");
    }

    private Deadlines deadlines() {
        return new Deadlines(db.pool, List.of(ringing), () -> {});
    }

    private static void until(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.sleep(20);
        }
    }

    @Test
    void everyDeadlineFiresOnceHoweverManyReplicasLook() throws InterruptedException {
        int streams = 30;
        for (int i = 0; i < streams; i++) {
            handle("s" + i, new Counter.SetAlarm(Instant.now().plusMillis(300)));
        }
        List<Loop> replicas = List.of(
                Loop.start("d1", Duration.ofMillis(10), deadlines()),
                Loop.start("d2", Duration.ofMillis(10), deadlines()),
                Loop.start("d3", Duration.ofMillis(10), deadlines()));
        try {
            until(() -> db.number("select count(*) from deadline") == 0);
            Thread.sleep(200);
        } finally {
            replicas.forEach(Loop::close);
        }
        for (int i = 0; i < streams; i++) {
            assertThat(rings("s" + i)).isEqualTo(1);
        }
    }

    @Test
    void aDeadlineIsNotFiredBeforeItIsDueAndOutlivesTheProcessThatSetIt() throws InterruptedException {
        handle("later", new Counter.SetAlarm(Instant.now().plusMillis(1500)));
        assertThat(deadlines().step().await().indefinitely()).isZero();
        Thread.sleep(1600);
        // Another process: nothing but the database remembers.
        assertThat(deadlines().step().await().indefinitely()).isEqualTo(1);
        assertThat(rings("later")).isEqualTo(1);
        assertThat(deadlines().step().await().indefinitely()).isZero();
    }

    @Test
    void aCancelledOrMovedDeadlineDoesNotFire() {
        handle("cancelled", new Counter.SetAlarm(Instant.now().minusSeconds(1)));
        handle("cancelled", new Counter.CancelAlarm());
        handle("moved", new Counter.SetAlarm(Instant.now().minusSeconds(1)));
        handle("moved", new Counter.SetAlarm(Instant.now().plusSeconds(600)));
        assertThat(deadlines().step().await().indefinitely()).isZero();
    }

    @Test
    void manyStreamsGetOneEach_apartFromEachOther_unlessTheyHaveOne() {
        Instant now = Instant.now().truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
        List<StreamId> streams = List.of(Counter.KIND.stream("b"), Counter.KIND.stream("a"));
        set(streams, now);
        set(List.of(Counter.KIND.stream("a"), Counter.KIND.stream("c")), now.plusSeconds(60));
        assertThat(due("b")).isEqualTo(now.toEpochMilli());
        assertThat(due("a")).isEqualTo(now.toEpochMilli() + 250);
        assertThat(due("c")).isEqualTo(now.toEpochMilli() + 60_250);
    }

    @Test
    void aLookIsSetWithoutWaitingForTheOneThatIsBeingFired() {
        Instant now = Instant.now().truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
        List<StreamId> streams = List.of(Counter.KIND.stream("a"), Counter.KIND.stream("b"));
        look(streams, "1", now).await().indefinitely();
        look(streams, "2", now).await().indefinitely();
        assertThat(db.number("select count(*) from deadline"))
                .as("each keeps the one it has")
                .isEqualTo(2);
        db.pool
                .withTransaction(firing -> firing.query("delete from deadline where stream_id = 'counter-a'")
                        .execute()
                        .chain(() -> look(streams, "3", now)))
                .await()
                .atMost(Duration.ofSeconds(10));
        assertThat(db.number("select count(*) from deadline where name = 'look:3' and stream_id = 'counter-a'"))
                .as("what is being fired may not see what the caller did")
                .isEqualTo(1);
        assertThat(db.number("select count(*) from deadline where name = 'look:1' and stream_id = 'counter-b'"))
                .isEqualTo(1);
        assertThat(db.number("select count(*) from deadline")).isEqualTo(2);
    }

    private Uni<Void> look(List<StreamId> streams, String by, Instant first) {
        return db.pool.withTransaction(tx -> Deadlines.look(tx, streams, "look", by, first, Duration.ofMillis(250)));
    }

    @Test
    void aDeadlineOfAStreamThatIsBeingWrittenComesBackInAMoment() {
        handle("busy", new Counter.SetAlarm(Instant.now().minusSeconds(1)));
        db.pool
                .withTransaction(writing -> writing.query("select 1 from stream where id = 'counter-busy' for update")
                        .execute()
                        .chain(() -> deadlines().step()))
                .await()
                .atMost(Duration.ofSeconds(10));
        assertThat(db.number("select attempts from deadline")).as("no failure").isZero();
        assertThat(db.number("select (not_before > clock_timestamp() - interval '10 s'"
                        + " and not_before < clock_timestamp() + interval '1 s')::int from deadline"))
                .isEqualTo(1);
        assertThat(rings("busy")).isZero();
    }

    @Test
    void aDeadlineWhoseEffectWaitsInVainForAnotherLockBacksOff() {
        handle("waiting", new Counter.SetAlarm(Instant.now().minusSeconds(1)));
        handle("another", new Counter.SetAlarm(Instant.now().plusSeconds(600)));
        db.pool
                .withTransaction(
                        writing -> writing.query("select 1 from stream where id = 'counter-another' for update")
                                .execute()
                                .chain(() -> deadlines().step()))
                .await()
                .atMost(Duration.ofSeconds(10));
        assertThat(db.number("select attempts from deadline where stream_id = 'counter-waiting'"))
                .isEqualTo(1);
    }

    @Test
    void aDeadlineThatSomebodyHoldsHoldsUpNoOther() {
        handle("kept", new Counter.SetAlarm(Instant.now().minusSeconds(10)));
        handle("sound", new Counter.SetAlarm(Instant.now().minusSeconds(5)));
        db.pool
                .withTransaction(
                        keeping -> keeping.query("select 1 from deadline where stream_id = 'counter-kept' for update")
                                .execute()
                                .chain(() -> deadlines().step()))
                .await()
                .atMost(Duration.ofSeconds(10));
        assertThat(rings("sound")).isEqualTo(1);
        assertThat(rings("kept")).isZero();
    }

    private void set(List<StreamId> streams, Instant first) {
        db.pool
                .withTransaction(tx -> Deadlines.setUnlessSet(tx, streams, "look", first, Duration.ofMillis(250)))
                .await()
                .indefinitely();
    }

    private long due(String stream) {
        return db.number("select (extract(epoch from due_at) * 1000)::bigint from deadline where name = 'look' and"
                + " stream_id = 'counter-" + stream + "'");
    }

    @Test
    void aDeadlineWhoseEffectFailsIsKeptAndHoldsUpNoOther() throws InterruptedException {
        handle("broken", new Counter.SetAlarm(Instant.now().minusSeconds(10)));
        handle("sound", new Counter.SetAlarm(Instant.now().minusSeconds(5)));
        Loop loop = Loop.start("d", Duration.ofMillis(10), deadlines());
        try {
            until(() -> rings("sound") == 1 && failures.get() >= 3);
        } finally {
            loop.close();
        }
        assertThat(db.number("select count(*) from deadline where stream_id = 'counter-broken' and attempts >= 2"))
                .isEqualTo(1);
    }

    @Test
    void aDeadlineThatFailedWhileTheClockWasAnHourAheadIsTriedAgainWhenItIsRight() {
        handle("late", new Counter.SetAlarm(Instant.now().minusSeconds(1)));
        handle("other", new Counter.SetAlarm(Instant.now().plusSeconds(1800)));
        db.query("update deadline set attempts = 1, not_before = clock_timestamp() + interval '1 hour'");
        assertThat(deadlines().step().await().indefinitely()).isEqualTo(1);
        assertThat(rings("late")).isEqualTo(1);
        assertThat(deadlines().step().await().indefinitely()).as("not due yet").isZero();
    }
}
