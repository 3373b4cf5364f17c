package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.testkit.TestStore;

@Tag("kernel")
class SequencerTest {

    private static final Metadata ME = Metadata.system("test");

    private TestStore db;

    @BeforeEach
    void start() {
        db = new TestStore();
    }

    @AfterEach
    void stop() {
        db.close();
    }

    private void add(StreamId stream) {
        db.store
                .handle(Counter.KIND, stream, new Counter.Add(1), ExpectedVersion.any(), ME)
                .await()
                .indefinitely();
    }

    private static int step(Loop.Step step) {
        return step.step().await().atMost(Duration.ofSeconds(10));
    }

    @Test
    void placesEveryCommittedEventOnceInConsecutivePositions() {
        StreamId stream = Counter.KIND.stream("a");
        for (int i = 0; i < 5; i++) {
            add(stream);
        }
        assertThat(step(new Sequencer(db.pool))).isEqualTo(5);
        assertThat(db.store.log(0, 100).await().indefinitely())
                .extracting(LogEntry::seq, entry -> entry.event().version())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1L, 1L),
                        org.assertj.core.groups.Tuple.tuple(2L, 2L),
                        org.assertj.core.groups.Tuple.tuple(3L, 3L),
                        org.assertj.core.groups.Tuple.tuple(4L, 4L),
                        org.assertj.core.groups.Tuple.tuple(5L, 5L));
        assertThat(EventLog.audit(db.pool).await().indefinitely()).isEqualTo(new EventLog.Audit(5, 5, 0, 5, 0));
    }

    /** A plan that was made while next to nothing waited must not look for each row in all of its table. */
    @Test
    void whatWaitsIsReadOnceAStepHoweverMuchItIs() {
        Pool one = db.pool(1);
        Sequencer sequencer = new Sequencer(one);
        add(Counter.KIND.stream("first"));
        assertThat(step(sequencer)).isEqualTo(1);
        int many = 1_000;
        Counter.Event event = new Counter.Added(1, null);
        db.store
                .append(new Append(
                        List.of(Counter.KIND.append(
                                Counter.KIND.stream("many"), ExpectedVersion.any(), Collections.nCopies(many, event))),
                        ME,
                        null))
                .await()
                .indefinitely();
        long before = rowsRead(one);
        assertThat(step(sequencer)).isEqualTo(many);
        assertThat(rowsRead(one) - before).isBetween((long) many, 5L * many);
        assertThat(db.number("select count(*) from (" + Sequencer.PENDING + ") p"))
                .isZero();
    }

    /** By the one connection of a pool, whose numbers are made known at once. */
    private static long rowsRead(Pool one) {
        return one.query("select pg_stat_force_next_flush()")
                .execute()
                .chain(() -> one.query(
                                "select sum(seq_tup_read) from pg_stat_user_tables where relname like 'pending%'")
                        .execute())
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    /** What loses events where readers take positions that were given at insert. */
    @Test
    void anEventThatCommitsLateIsPlacedLateAndNotSkipped() throws Exception {
        Sequencer sequencer = new Sequencer(db.pool);
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch mayCommit = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> slow = threads.submit(() -> db.pool
                    .withTransaction(tx -> db.store
                            .handleIn(tx, Counter.KIND, Counter.KIND.stream("slow"), new Counter.Add(1), ME)
                            .invoke(written::countDown)
                            .call(() ->
                                    Uni.createFrom().voidItem().emitOn(threads).invoke(() -> await(mayCommit))))
                    .await()
                    .indefinitely());
            await(written);
            add(Counter.KIND.stream("quick"));
            assertThat(step(sequencer)).isEqualTo(1);
            List<LogEntry> first = db.store.log(0, 10).await().indefinitely();
            assertThat(first).extracting(e -> e.event().stream().key()).containsExactly("quick");
            mayCommit.countDown();
            slow.get();
            assertThat(step(sequencer)).isEqualTo(1);
            List<LogEntry> next =
                    db.store.log(first.getLast().seq(), 10).await().indefinitely();
            assertThat(next).extracting(e -> e.event().stream().key()).containsExactly("slow");
            assertThat(next.getFirst().event().id())
                    .isLessThan(first.getFirst().event().id());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("did not come");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aReaderThatFollowsTheLogUnderLoadMissesNothingAndSeesEveryStreamInOrder() throws Exception {
        int writers = 8;
        int each = 40;
        AtomicBoolean writing = new AtomicBoolean(true);
        AtomicLong acknowledged = new AtomicLong();
        // Two replicas try to sequence; one of them leads.
        List<Loop> loops = List.of(
                Loop.start("one", Duration.ofMillis(5), new Sequencer(db.pool)),
                Loop.start("two", Duration.ofMillis(5), new Sequencer(db.pool(2))));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<LogEntry>> reader = threads.submit(() -> {
                List<LogEntry> seen = new ArrayList<>();
                long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
                while (System.nanoTime() < deadline && (writing.get() || seen.size() < acknowledged.get())) {
                    long cursor = seen.isEmpty() ? 0 : seen.getLast().seq();
                    seen.addAll(db.store.log(cursor, 50).await().indefinitely());
                }
                return seen;
            });
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                long seed = w;
                tasks.add(() -> {
                    Random random = new Random(seed);
                    for (int i = 0; i < each; i++) {
                        StreamId stream = Counter.KIND.stream("hot" + random.nextInt(3));
                        boolean slow = random.nextInt(10) == 0;
                        boolean rollback = random.nextInt(10) == 0;
                        Uni<Void> write = db.pool.withTransaction(tx -> db.store
                                .handleIn(tx, Counter.KIND, stream, new Counter.Add(1), ME)
                                .call(() -> slow
                                        ? tx.query("select pg_sleep(0.02)").execute()
                                        : Uni.createFrom().nullItem())
                                .call(() -> rollback
                                        ? Uni.createFrom().failure(new IllegalStateException("rolled back"))
                                        : Uni.createFrom().nullItem())
                                .replaceWithVoid());
                        try {
                            write.await().indefinitely();
                            acknowledged.incrementAndGet();
                        } catch (IllegalStateException rolledBack) {
                            continue;
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> writer : threads.invokeAll(tasks)) {
                writer.get();
            }
            writing.set(false);
            List<LogEntry> seen = reader.get();
            assertThat(seen).hasSize((int) acknowledged.get());
            Map<StreamId, Long> versions = new HashMap<>();
            for (int i = 0; i < seen.size(); i++) {
                assertThat(seen.get(i).seq()).isEqualTo(i + 1L);
                StoredEvent event = seen.get(i).event();
                assertThat(event.version()).isEqualTo(versions.merge(event.stream(), 1L, Long::sum));
            }
        } finally {
            loops.forEach(Loop::close);
        }
        assertThat(EventLog.audit(db.pool).await().indefinitely().sound()).isTrue();
    }

    @Test
    void aPausedLeaderThatWakesFindsItsTermGone() {
        Lease paused = new Lease(db.pool, "sequencer");
        assertThat(paused.hold().await().indefinitely()).isTrue();
        Lease other = new Lease(db.pool, "sequencer");
        assertThat(other.hold().await().indefinitely())
                .as("while the first leads")
                .isFalse();
        db.query("update lease set expires_at = clock_timestamp() - interval '1 second'");
        assertThat(other.hold().await().indefinitely())
                .as("after its lease ran out")
                .isTrue();
        assertThat(catchThrowable(
                        () -> db.pool.withTransaction(paused::check).await().indefinitely()))
                .isInstanceOf(Lease.Lost.class);
        db.pool.withTransaction(other::check).await().indefinitely();
    }

    @Test
    void aLeaseFromAClockThatWasSetBackHoldsNobodyOff() {
        assertThat(new Lease(db.pool, "test").hold().await().indefinitely()).isTrue();
        db.query("update lease set expires_at = clock_timestamp() + interval '30 minutes'");
        assertThat(new Lease(db.pool, "test").hold().await().indefinitely()).isTrue();
    }

    @Test
    void aLeaderThatIsPausedInsideATransactionHoldsNobodyOffLongerThanItsLease() {
        Lease paused = new Lease(db.pool, "test");
        assertThat(paused.hold().await().indefinitely()).isTrue();
        SqlConnection connection = db.pool.getConnection().await().indefinitely();
        connection.begin().await().indefinitely();
        paused.check(connection).await().indefinitely();
        Lease other = new Lease(db.pool(1), "test");
        long begun = System.nanoTime();
        while (!other.hold().await().indefinitely()) {
            assertThat(System.nanoTime() - begun).isLessThan(5_000_000_000L);
        }
        assertThat(System.nanoTime() - begun).isLessThan(5_000_000_000L);
    }

    @Test
    void pendingTablesAreEmptiedForGood_alsoWhileSomebodyHoldsALongTransaction() throws InterruptedException {
        var held = db.pool.getConnection().await().indefinitely();
        held.query("begin").execute().await().indefinitely();
        db.store
                .handleIn(held, Counter.KIND, Counter.KIND.stream("held"), new Counter.Add(1), ME)
                .await()
                .indefinitely();
        for (int n = 0; n < Appender.PENDING_TABLES; n++) {
            db.query("insert into pending_" + n + " select -n from generate_series(1, 10000) n");
            db.query("delete from pending_" + n);
        }
        long size = pendingBytes();
        assertThat(size).isGreaterThan(1_000_000);
        Sequencer sequencer = new Sequencer(db.pool);
        // All but the one in which the transaction has an event of its own.
        for (int turns = 0; pendingBytes() > size / 2 && turns < 100; turns++) {
            step(sequencer);
            Thread.sleep(100);
        }
        assertThat(pendingBytes()).isLessThan(size / 2);
        held.query("commit").execute().await().indefinitely();
        held.close().await().indefinitely();
        assertThat(step(sequencer)).isEqualTo(1);
        assertThat(EventLog.audit(db.pool).await().indefinitely().sound()).isTrue();
    }

    private long pendingBytes() {
        return db.number("select pg_relation_size('pending_0') + pg_relation_size('pending_1')"
                + " + pg_relation_size('pending_2')");
    }

    @Test
    void aPendingTableThatIsNotEmptyIsNeverTruncated() {
        add(Counter.KIND.stream(UUID.randomUUID().toString()));
        int idle = (Appender.pendingTableNow() + 1) % Appender.PENDING_TABLES;
        db.query("with moved as (delete from pending_" + Appender.pendingTableNow() + " returning id)"
                + " insert into pending_" + idle + " select id from moved");
        assertThat(step(new Sequencer(db.pool))).isEqualTo(1);
        assertThat(EventLog.audit(db.pool).await().indefinitely().sound()).isTrue();
    }

    /** The old leader is stopped in the middle of a move, with its locks; it wakes and must not do anything. */
    @Test
    void aSuccessorLeadsWithinFiveSecondsOfAPausedLeaderThatNeverMovesAgain() {
        add(Counter.KIND.stream("a"));
        Lease lease = new Lease(db.pool, "sequencer");
        assertThat(lease.hold().await().indefinitely()).isTrue();
        var paused = db.pool.getConnection().await().indefinitely();
        paused.begin().await().indefinitely();
        lease.check(paused).await().indefinitely();
        paused.query("select 1 from log_life for update").execute().await().indefinitely();

        long since = System.nanoTime();
        Loop successor = Loop.start("successor", Duration.ofMillis(50), new Sequencer(db.pool(2)));
        try {
            while (db.number("select last_seq from log_head") == 0) {
                assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(5));
            }
            assertThat(catchThrowable(() -> paused.query("insert into log (seq, id) select 7, id from event")
                            .execute()
                            .await()
                            .indefinitely()))
                    .as("its transaction is gone")
                    .isNotNull();
            assertThat(lease.hold().await().indefinitely())
                    .as("it does not lead")
                    .isFalse();
            assertThat(db.number("select last_seq from log_head")).isEqualTo(1);
        } finally {
            successor.close();
        }
    }
}
