package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.testkit.TestStore;

@Tag("kernel")
class LogTailTest {

    private static final Metadata ME = Metadata.system("test");
    private static final Duration LONG = Duration.ofSeconds(60);

    private TestStore db;
    private LogSignal signal;
    private Loop listening;

    @BeforeEach
    void start() {
        db = new TestStore();
        signal = new LogSignal(db.pool);
        listening = Loop.start("log signal", Duration.ofMillis(100), signal);
    }

    @AfterEach
    void stop() {
        listening.close();
        db.close();
    }

    private LogTail tail() {
        return new LogTail(db.pool, signal);
    }

    private void add(StreamId stream) {
        db.store
                .handle(Counter.KIND, stream, new Counter.Add(1), ExpectedVersion.any(), ME)
                .await()
                .indefinitely();
    }

    private void sequence() {
        Sequencer sequencer = new Sequencer(db.pool);
        while (sequencer.step().await().indefinitely() > 0) {}
        sequencer.stop().await().indefinitely();
    }

    /** Where catching up ends and following begins, stores have lost events, and given some twice. */
    @Test
    void aReaderThatCatchesUpAndFollowsGetsEveryEventOnceInOrder() throws Exception {
        int writers = 6;
        int each = 60;
        db.store
                .append(new Append(
                        List.of(Counter.KIND.append(
                                Counter.KIND.stream("old"),
                                ExpectedVersion.none(),
                                java.util.Collections.nCopies(1_500, new Counter.Added(1, null)))),
                        ME,
                        null))
                .await()
                .indefinitely();
        Loop sequencer = Loop.start("sequencer", Duration.ofMillis(5), new Sequencer(db.pool));
        AtomicLong acknowledged = new AtomicLong(1_500);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AssertSubscriber<LogEntry> reader = tail().from(0).subscribe().withSubscriber(AssertSubscriber.create(10));
            AssertSubscriber<LogEntry> late = AssertSubscriber.create(Long.MAX_VALUE);
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                long seed = w;
                tasks.add(() -> {
                    Random random = new Random(seed);
                    for (int i = 0; i < each; i++) {
                        boolean slow = random.nextInt(10) == 0;
                        boolean rollback = random.nextInt(10) == 0;
                        StreamId stream = Counter.KIND.stream("hot" + random.nextInt(3));
                        Uni<Void> write = db.pool.withTransaction(tx -> db.store
                                .handleIn(tx, Counter.KIND, stream, new Counter.Add(1), ME)
                                .call(() -> slow
                                        ? tx.query("select pg_sleep(0.05)").execute()
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
            List<Future<Void>> writing = tasks.stream().map(threads::submit).toList();
            tail().from(700).subscribe().withSubscriber(late);
            for (Future<Void> writer : writing) {
                writer.get();
            }
            // It asks for a few at a time, as whoever works on each does.
            long end = System.nanoTime() + LONG.toNanos();
            while (reader.getItems().size() < acknowledged.get() && System.nanoTime() < end) {
                reader.request(37);
                Thread.sleep(1);
            }
            while (late.getItems().size() < acknowledged.get() - 700 && System.nanoTime() < end) {
                Thread.sleep(1);
            }
            Thread.sleep(200); // for what comes twice
            check(reader.getItems(), 0, acknowledged.get());
            check(late.getItems(), 700, acknowledged.get());
            reader.cancel();
            late.cancel();
        } finally {
            sequencer.close();
        }
    }

    private static void check(List<LogEntry> seen, long after, long head) {
        assertThat(seen).hasSize((int) (head - after));
        Map<StreamId, Long> versions = new HashMap<>();
        for (int i = 0; i < seen.size(); i++) {
            assertThat(seen.get(i).seq()).isEqualTo(after + i + 1);
            StoredEvent event = seen.get(i).event();
            Long before = versions.put(event.stream(), event.version());
            assertThat(event.version()).isEqualTo(before == null ? event.version() : before + 1);
        }
    }

    @Test
    void anEventThatCommitsLateComesLateAndIsNotSkipped() throws Exception {
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
            AssertSubscriber<LogEntry> reader = tail().from(0).subscribe().withSubscriber(AssertSubscriber.create(9));
            add(Counter.KIND.stream("quick"));
            sequence();
            reader.awaitItems(1, LONG);
            mayCommit.countDown();
            slow.get();
            sequence();
            assertThat(reader.awaitItems(2, LONG).getItems())
                    .extracting(entry -> entry.event().stream().key())
                    .containsExactly("quick", "slow");
            reader.cancel();
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
    void nobodyGetsMoreThanTheyAskedFor() throws Exception {
        for (int i = 0; i < 5; i++) {
            add(Counter.KIND.stream("a"));
        }
        sequence();
        AssertSubscriber<LogEntry> reader = tail().from(0).subscribe().withSubscriber(AssertSubscriber.create(0));
        Thread.sleep(150);
        assertThat(reader.getItems()).isEmpty();
        reader.request(2);
        reader.awaitItems(2, LONG);
        Thread.sleep(150);
        assertThat(reader.getItems()).hasSize(2);
        reader.request(3);
        assertThat(reader.awaitItems(5, LONG).getItems())
                .extracting(LogEntry::seq)
                .containsExactly(1L, 2L, 3L, 4L, 5L);
        reader.cancel();
    }

    @Test
    void theSequencersSignalIsHeardAndALostConnectionOnlyMakesReadersSlower() throws Exception {
        AtomicInteger heard = new AtomicInteger();
        signal.onSignal(heard::incrementAndGet);
        until(
                "listening",
                () -> db.number(
                                "select count(*) from pg_stat_activity where datname = current_database() and query like 'listen%'")
                        == 1);
        add(Counter.KIND.stream("a"));
        sequence();
        until("heard", () -> heard.get() > 0);
        db.query("select pg_terminate_backend(pid) from pg_stat_activity"
                + " where datname = current_database() and query like 'listen%'");
        AssertSubscriber<LogEntry> reader = tail().from(1).subscribe().withSubscriber(AssertSubscriber.create(9));
        add(Counter.KIND.stream("a"));
        sequence();
        assertThat(reader.awaitItems(1, LONG).getItems())
                .extracting(LogEntry::seq)
                .containsExactly(2L);
        reader.cancel();
        int before = heard.get();
        until("heard again", () -> {
            add(Counter.KIND.stream("a"));
            sequence();
            return heard.get() > before;
        });
    }

    private static void until(String what, java.util.function.BooleanSupplier there) throws InterruptedException {
        long end = System.nanoTime() + LONG.toNanos();
        while (!there.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(20);
        }
    }

    @Test
    void aCategoryIsReadInBoundedPagesThatTellHowFarTheyLooked() {
        for (int i = 0; i < 6; i++) {
            add(Counter.KIND.stream("a"));
            if (i % 3 == 0) {
                db.store
                        .append(new Append(
                                List.of(new StreamAppend(
                                        new StreamId("rare", "r" + i),
                                        ExpectedVersion.none(),
                                        List.of(Counter.TYPES.encode(new Counter.Rung())),
                                        List.of())),
                                ME,
                                null))
                        .await()
                        .indefinitely();
            }
        }
        sequence();
        long cursor = 0;
        List<String> found = new ArrayList<>();
        List<Long> cursors = new ArrayList<>();
        for (int page = 0; page < 5; page++) {
            LogPage read = db.store.log(cursor, 2, Set.of("rare")).await().indefinitely();
            read.entries().forEach(entry -> found.add(entry.event().stream().key()));
            cursors.add(cursor = read.upTo());
        }
        assertThat(found).containsExactly("r0", "r3");
        assertThat(cursors).containsExactly(2L, 4L, 6L, 8L, 8L);
        AssertSubscriber<LogEntry> reader =
                tail().from(0, Set.of("rare")).subscribe().withSubscriber(AssertSubscriber.create(9));
        assertThat(reader.awaitItems(2, LONG).getItems())
                .extracting(entry -> entry.event().metadata().subject())
                .containsExactly("test", "test");
        reader.cancel();
    }
}
