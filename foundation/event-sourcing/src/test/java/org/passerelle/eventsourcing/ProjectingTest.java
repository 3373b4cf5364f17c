package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.testkit.TestStore;

@Tag("kernel")
class ProjectingTest {

    private static final Metadata ME = Metadata.system("test");
    private static final String EXPECTED = "select count(*) from (select stream_id, count(*) as n from event"
            + " where stream_id like 'counter-%' group by 1) e full join sums s on s.stream = e.stream_id"
            + " where s.sum is distinct from e.n or s.events is distinct from e.n";

    private TestStore db = new TestStore();

    @AfterEach
    void stop() {
        db.close();
    }

    private void add(String key) {
        db.store
                .handle(Counter.KIND, Counter.KIND.stream(key), new Counter.Add(1), ExpectedVersion.any(), ME)
                .await()
                .indefinitely();
    }

    private void sequence() {
        Sequencer sequencer = new Sequencer(db.pool);
        while (sequencer.step().await().indefinitely() > 0) {}
        sequencer.stop().await().indefinitely();
    }

    private static int step(Projecting projecting) {
        return projecting.step().await().atMost(Duration.ofSeconds(30));
    }

    @Test
    void everyEventHasItsEffectOnceAndTheLagIsToldAlsoWhenTheLogHasOthers() {
        Sums.table(db);
        for (int i = 0; i < 5; i++) {
            add("a");
        }
        db.store
                .append(new Append(
                        List.of(new StreamAppend(
                                new StreamId("other", "x"),
                                ExpectedVersion.none(),
                                List.of(Counter.TYPES.encode(new Counter.Rung())),
                                List.of())),
                        ME,
                        null))
                .await()
                .indefinitely();
        sequence();
        Projecting projecting = new Projecting(db.pool, new Sums());
        assertThat(step(projecting)).isEqualTo(6);
        add("a");
        sequence();
        Projecting.Lag lag = Projecting.lag(db.pool).await().indefinitely().getFirst();
        assertThat(lag.position()).isEqualTo(6);
        assertThat(lag.head()).isEqualTo(7);
        assertThat(lag.waitingSince()).isNotNull();
        assertThat(step(projecting)).isEqualTo(1);
        assertThat(step(projecting)).isZero();
        assertThat(db.number("select sum from sums where stream = 'counter-a'")).isEqualTo(6);
        assertThat(Projecting.lag(db.pool).await().indefinitely().getFirst().waitingSince())
                .isNull();
    }

    /** It held the lease a moment ago and does not ask again. */
    @Test
    void aPausedLeaderThatWakesHasNoSecondEffect() {
        Sums.table(db);
        add("a");
        sequence();
        Projecting paused = new Projecting(db.pool, new Sums());
        Projecting other = new Projecting(db.pool(2), new Sums());
        assertThat(step(paused)).isEqualTo(1);
        add("a");
        sequence();
        db.query("update lease set expires_at = clock_timestamp() - interval '1 second'");
        assertThat(step(other)).isEqualTo(1);
        add("a");
        sequence();
        assertThat(step(paused)).isZero();
        assertThat(step(other)).isEqualTo(1);
        assertThat(db.number("select sum from sums where stream = 'counter-a'")).isEqualTo(3);
    }

    @Test
    void whatFailsIsTriedAgainAndNothingIsSkipped() {
        Sums.table(db);
        add("a");
        add("b");
        sequence();
        AtomicInteger failures = new AtomicInteger(2);
        Projecting projecting = new Projecting(db.pool, new Sums() {
            @Override
            public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
                return super.apply(tx, events).invoke(() -> {
                    if (failures.getAndDecrement() > 0) {
                        throw new IllegalStateException("after the rows were written");
                    }
                });
            }
        });
        assertThat(catchThrowable(() -> step(projecting))).isInstanceOf(IllegalStateException.class);
        assertThat(catchThrowable(() -> step(projecting))).isInstanceOf(IllegalStateException.class);
        assertThat(db.number("select count(*) from sums")).isZero();
        assertThat(step(projecting)).isEqualTo(2);
        assertThat(db.number(EXPECTED)).isZero();
    }

    /** Writers, a projection that follows, and a rebuild of it beside. */
    @Test
    void anAsynchronousProjectionIsRebuiltWhileReadsAndWritesGoOn() throws Exception {
        Sums.table(db);
        rebuiltUnderWrites(db, new Sums(), true);
    }

    @Test
    void anInlineProjectionIsRebuiltWhileReadsAndWritesGoOn() throws Exception {
        db.close();
        Sums.Inline inline = new Sums.Inline();
        db = new TestStore(inline);
        Sums.table(db);
        rebuiltUnderWrites(db, inline, false);
    }

    private void rebuiltUnderWrites(TestStore db, Sums projection, boolean asynchronous) throws Exception {
        db.store
                .append(new Append(
                        List.of(Counter.KIND.append(
                                Counter.KIND.stream("old"),
                                ExpectedVersion.none(),
                                java.util.Collections.nCopies(5_000, new Counter.Added(1, null)))),
                        ME,
                        null))
                .await()
                .indefinitely();
        List<Loop> loops = new ArrayList<>();
        loops.add(Loop.start("sequencer", Duration.ofMillis(5), new Sequencer(db.pool)));
        while (db.number("select last_seq from log_head") < 5_000) {
            Thread.sleep(5);
        }
        if (asynchronous) {
            loops.add(Loop.start("sums", Duration.ofMillis(5), new Projecting(db.pool, projection)));
        }
        AtomicBoolean writing = new AtomicBoolean(true);
        AtomicInteger reads = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                AutoCloseable ends = () -> writing.set(false)) {
            List<Future<?>> running = new ArrayList<>();
            for (int w = 0; w < 6; w++) {
                String key = "hot" + w;
                running.add(threads.submit(() -> {
                    while (writing.get()) {
                        add(key);
                    }
                }));
            }
            running.add(threads.submit(() -> {
                long last = 0;
                while (writing.get()) {
                    // Never an empty or an older table, also not at the moment of the swap.
                    long now = db.number("select coalesce((select sum from sums where stream = 'counter-hot0'), 0)");
                    assertThat(now).isGreaterThanOrEqualTo(last);
                    last = now;
                    reads.incrementAndGet();
                }
            }));
            for (int times = 0; times < 2; times++) {
                Rebuild rebuild = new Rebuild(db.pool, projection);
                rebuild.begin().await().indefinitely();
                assertThat(catchThrowable(() ->
                                new Rebuild(db.pool, projection).begin().await().indefinitely()))
                        .isInstanceOf(Rebuild.UnderWay.class);
                Rebuild.State ended = rebuild.run(false);
                Rebuild.Progress progress =
                        Rebuild.progress(db.pool, "sums").await().indefinitely().orElseThrow();
                assertThat(ended).as("%s", progress).isEqualTo(Rebuild.State.SWAPPED);
                assertThat(progress.state()).isEqualTo(Rebuild.State.SWAPPED);
                assertThat(progress.position()).isGreaterThanOrEqualTo(5_000);
            }
            Thread.sleep(300);
            writing.set(false);
            for (Future<?> one : running) {
                one.get();
            }
            assertThat(reads.get()).isPositive();
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (asynchronous && db.number(EXPECTED) > 0 && System.nanoTime() < end) {
                Thread.sleep(20);
            }
        } finally {
            loops.forEach(Loop::close);
        }
        assertThat(db.number(EXPECTED))
                .as("counters whose sum is not that of their events")
                .isZero();
        assertThat(db.number("select count(*) from pg_indexes where tablename = 'sums' and schemaname = 'public'"))
                .isEqualTo(2);
        assertThat(db.number("select count(*) from former_sums.sums")).isPositive();
        new Rebuild(db.pool, projection).dropFormer().await().indefinitely();
        assertThat(db.number("select count(*) from pg_namespace where nspname in ('former_sums', 'next_sums')"))
                .isZero();
    }

    @Test
    void aRebuildThatDiffersIsNotSwappedUnlessItIsAccepted() {
        db.close();
        db = new TestStore(new Sums.Inline());
        Sums.table(db);
        add("a");
        add("b");
        sequence();
        db.query("update sums set sum = 7 where stream = 'counter-a'");
        Projection sums = new Sums.Inline();
        Rebuild first = new Rebuild(db.pool, sums);
        first.begin().await().indefinitely();
        assertThat(first.run(false)).isEqualTo(Rebuild.State.DIFFERS);
        assertThat(Rebuild.progress(db.pool, "sums")
                        .await()
                        .indefinitely()
                        .orElseThrow()
                        .reason())
                .isEqualTo("sums: 1 rows only as it was, 1 only as rebuilt");
        assertThat(db.number("select sum from sums where stream = 'counter-a'")).isEqualTo(7);
        Rebuild second = new Rebuild(db.pool, sums);
        second.begin().await().indefinitely();
        assertThat(second.run(true)).isEqualTo(Rebuild.State.SWAPPED);
        assertThat(db.number(EXPECTED)).isZero();
        add("a");
        assertThat(db.number(EXPECTED)).isZero();
    }

    /** The event is stored and its projection is not written when the tables are swapped. */
    @Test
    void anAppendThatIsHalfDoneAtTheSwapIsInTheNewTablesOnce() throws Exception {
        db.close();
        db = new TestStore();
        Sums.table(db);
        Sums.Inline inline = new Sums.Inline();
        EventStore store = new EventStore(db.pool, List.of(inline), () -> {});
        store.handle(Counter.KIND, Counter.KIND.stream("a"), new Counter.Add(1), ExpectedVersion.any(), ME)
                .await()
                .indefinitely();
        java.util.concurrent.CountDownLatch appended = new java.util.concurrent.CountDownLatch(1);
        java.util.concurrent.CountDownLatch swapped = new java.util.concurrent.CountDownLatch(1);
        EventStore halfway = new EventStore(
                db.pool,
                List.of(new InlineProjection() {
                    @Override
                    public java.util.Set<String> categories() {
                        return inline.categories();
                    }

                    @Override
                    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
                        return Uni.createFrom()
                                .voidItem()
                                .emitOn(Thread::startVirtualThread)
                                .invoke(() -> {
                                    appended.countDown();
                                    try {
                                        swapped.await();
                                    } catch (InterruptedException e) {
                                        throw new IllegalStateException(e);
                                    }
                                })
                                .chain(() -> inline.apply(tx, events));
                    }
                }),
                () -> {});
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> half = threads.submit(() -> halfway.handle(
                            Counter.KIND, Counter.KIND.stream("b"), new Counter.Add(1), ExpectedVersion.any(), ME)
                    .await()
                    .indefinitely());
            appended.await();
            Rebuild rebuild = new Rebuild(db.pool, inline);
            rebuild.begin().await().indefinitely();
            assertThat(rebuild.run(false)).isEqualTo(Rebuild.State.SWAPPED);
            swapped.countDown();
            half.get();
        }
        assertThat(db.number(EXPECTED)).isZero();
    }

    @Test
    void aRebuildWhoseProcessDiedIsBegunAnewAndTheDeadOneCannotGoOn() {
        Sums.table(db);
        add("a");
        sequence();
        step(new Projecting(db.pool, new Sums()));
        Rebuild dead = new Rebuild(db.pool, new Sums());
        dead.begin().await().indefinitely();
        db.query("update projection_rebuild set touched_at = clock_timestamp() - interval '1 minute'");
        assertThat(Rebuild.progress(db.pool, "sums")
                        .await()
                        .indefinitely()
                        .orElseThrow()
                        .standsStill())
                .isTrue();
        Rebuild second = new Rebuild(db.pool, new Sums());
        second.begin().await().indefinitely();
        assertThat(dead.run(true)).isEqualTo(Rebuild.State.FAILED);
        assertThat(second.run(false)).isEqualTo(Rebuild.State.SWAPPED);
        assertThat(db.number(EXPECTED)).isZero();
    }

    @Test
    void tablesThatOthersLeanOnAreNotRebuilt() {
        Sums.table(db);
        db.query("create view rich as select * from sums where sum > 5");
        assertThat(catchThrowable(
                        () -> new Rebuild(db.pool, new Sums()).begin().await().indefinitely()))
                .isInstanceOf(ProjectionVersions.LeantUpon.class);
        assertThat(Rebuild.progress(db.pool, "sums").await().indefinitely()).isEmpty();
    }
}
