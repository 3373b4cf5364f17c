package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.passerelle.eventsourcing.sealing.KeysUnavailable;
import org.passerelle.eventsourcing.testkit.TestStore;
import org.passerelle.proof.Attestation;

/** Appends that come together: who shares a transaction, and what becomes of the others when one goes wrong. */
@Tag("kernel")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class AppendQueueTest {

    private static final Metadata ME = Metadata.system("test");

    /** Fails for streams called poison, finds no keys for those called keyless, and takes its time for those called slow, as long as {@link #slowness} lasts. */
    private final InlineProjection trouble = new InlineProjection() {
        @Override
        public Set<String> categories() {
            return Set.of("counter");
        }

        @Override
        public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
            if (events.stream().anyMatch(event -> event.stream().key().startsWith("poison"))) {
                throw new IllegalArgumentException("poison");
            }
            if (events.stream().anyMatch(event -> event.stream().key().startsWith("keyless"))) {
                return Uni.createFrom().failure(new KeysUnavailable("the keys cannot be asked for", null));
            }
            if (events.stream().anyMatch(event -> event.stream().key().startsWith("slow"))
                    && slowness.getAndDecrement() > 0) {
                return tx.query("select pg_sleep(2)").execute().replaceWithVoid();
            }
            return Uni.createFrom().voidItem();
        }
    };

    private final AtomicInteger slowness = new AtomicInteger();
    private final TestStore db = new TestStore(trouble);
    private final EventStore store = db.store;

    @BeforeAll
    void doomedCommits() {
        db.query("create function doom() returns trigger language plpgsql as $$ begin"
                + " raise exception 'doomed' using errcode = 'check_violation'; end $$");
        db.query("create constraint trigger doomed after insert on event deferrable initially deferred"
                + " for each row when (new.stream_id like 'counter-doomed%') execute function doom()");
    }

    @AfterAll
    void stop() {
        db.close();
    }

    private static StreamId stream(String name) {
        return Counter.KIND.stream(name + UUID.randomUUID());
    }

    private static Append append(StreamId stream, ExpectedVersion expected, Receipt receipt) {
        return new Append(
                List.of(Counter.KIND.append(stream, expected, List.of(new Counter.Added(1, null)))), ME, receipt);
    }

    private static Append append(StreamId stream) {
        return new Append(
                List.of(Counter.KIND.append(stream, ExpectedVersion.any(), List.of(new Counter.Added(1, null)))),
                ME,
                null);
    }

    private static Receipt receipt() {
        return new Receipt(
                UUID.randomUUID().toString(),
                new byte[] {1},
                new StoredAnswer(201, null, 1, "{}".getBytes(StandardCharsets.UTF_8)));
    }

    private CompletableFuture<Appended> begin(Append append) {
        return store.append(append).subscribe().asCompletionStage();
    }

    private static Throwable failure(CompletableFuture<?> future) {
        Throwable failure = catchThrowable(future::join);
        return failure instanceof CompletionException ? failure.getCause() : failure;
    }

    private long events(StreamId stream) {
        return db.number("select count(*) from event where stream_id = '" + stream.text() + "'");
    }

    @Test
    void appendsThatComeTogetherShareTransactionsAndEachGetsItsOwnVerdict() {
        StreamId taken = stream("taken");
        store.append(append(taken)).await().indefinitely();
        List<StreamId> streams = new ArrayList<>();
        List<CompletableFuture<Appended>> begun = new ArrayList<>();
        CompletableFuture<Appended> refused = null;
        for (int i = 0; i < 200; i++) {
            streams.add(stream("many"));
            begun.add(begin(append(streams.getLast())));
            if (i == 100) {
                refused = begin(append(taken, ExpectedVersion.none(), receipt()));
            }
        }
        begun.forEach(CompletableFuture::join);
        assertThat(failure(java.util.Objects.requireNonNull(refused)))
                .isInstanceOf(AppendRejected.VersionConflict.class);
        assertThat(events(taken)).isEqualTo(1);
        assertThat(db.number("select count(*) from event where stream_id like 'counter-many%'"))
                .isEqualTo(200);
        assertThat(db.number("select count(distinct xmin::text) from event where stream_id like 'counter-many%'"))
                .as("transactions for 200 appends")
                .isLessThan(100);
    }

    @Test
    void severalInOneStatementComeToTheSameAsByTheServerFunction() {
        Appender appender = new Appender(List.of(), new Attestation.Maker("", null));
        List<StreamId> streams = IntStream.range(0, 10)
                .mapToObj(n -> stream("plain-%02d-".formatted(n)))
                .toList();
        long receipts = db.number("select count(*) from receipt");
        for (int round = 0; round < 3; round++) {
            List<Append> appends = new ArrayList<>();
            for (int n = 0; n < streams.size(); n++) {
                ExpectedVersion expected = n % 2 == 0
                        ? ExpectedVersion.any()
                        : round == 0 ? ExpectedVersion.none() : ExpectedVersion.exactly(2L * round);
                appends.add(twoEvents(streams.get(n), expected, n % 3 == 0 ? null : receipt()));
            }
            assertThat(AppendStatement.of(appends, new Attestation.Maker("", null))
                            .isPlain())
                    .isTrue();
            var verdicts = appender.commit(db.pool, appends, Appender.Patience.SHORT)
                    .await()
                    .indefinitely();
            long before = 0;
            for (int n = 0; n < streams.size(); n++) {
                Appended appended = ((Appender.Verdict.Stored) verdicts.get(n)).appended();
                assertThat(appended.version()).isEqualTo(2L * round + 2);
                assertThat(store.history(Counter.KIND, streams.get(n)).await().indefinitely())
                        .as("as acknowledged")
                        .extracting(Recorded::version, Recorded::recordedAt)
                        .endsWith(appended.events().stream()
                                .map(stored -> tuple(stored.version(), stored.recordedAt()))
                                .toArray(org.assertj.core.groups.Tuple[]::new));
                assertThat(appended.events().getFirst().id()).isGreaterThan(before);
                before = appended.events().getLast().id();
            }
        }
        assertThat(db.number("select count(*) from receipt") - receipts).isEqualTo(18);
        assertThat(db.number("select count(distinct xmin::text) from event where stream_id like 'counter-plain-%'"))
                .isEqualTo(3);

        // One that is late: the others are stored all the same, and it leaves nothing.
        List<Append> mixed = List.of(
                twoEvents(streams.get(0), ExpectedVersion.exactly(6), receipt()),
                twoEvents(streams.get(1), ExpectedVersion.exactly(5), receipt()),
                twoEvents(streams.get(2), ExpectedVersion.any(), null));
        assertThat(appender.commit(db.pool, mixed, Appender.Patience.SHORT)
                        .await()
                        .indefinitely())
                .satisfiesExactly(
                        one -> assertThat(one).isInstanceOf(Appender.Verdict.Stored.class),
                        one -> assertThat(one).isEqualTo(new Appender.Verdict.Conflict(streams.get(1), 6)),
                        one -> assertThat(one).isInstanceOf(Appender.Verdict.Stored.class));
        assertThat(db.number("select count(*) from event where stream_id like 'counter-plain-01-%'"))
                .isEqualTo(6);
        assertThat(db.number("select count(*) from receipt") - receipts).isEqualTo(19);
    }

    private static Append twoEvents(StreamId stream, ExpectedVersion expected, @Nullable Receipt receipt) {
        Counter.Event event = new Counter.Added(1, null);
        return new Append(List.of(Counter.KIND.append(stream, expected, List.of(event, event))), ME, receipt);
    }

    @Test
    void whatEveryAppendSaysStaysPrepared() {
        assertThat(AppendStatement.plainSql()).hasSizeLessThan(2_048);
    }

    @Test
    void appendsToOneStreamKeepTheOrderInWhichTheyWereGiven() {
        StreamId stream = stream("ordered");
        List<CompletableFuture<Appended>> begun =
                IntStream.range(0, 50).mapToObj(i -> begin(append(stream))).toList();
        assertThat(begun.stream().map(CompletableFuture::join).map(Appended::version))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 50).mapToObj(Long::valueOf).toList());
    }

    @Test
    void oneAppendThatFailsDoesNotHarmThoseItSharedATransactionWith() {
        List<CompletableFuture<Appended>> begun = new ArrayList<>();
        StreamId poison = stream("poison");
        CompletableFuture<Appended> poisoned = null;
        for (int i = 0; i < 60; i++) {
            begun.add(begin(append(stream("well"))));
            if (i == 30) {
                poisoned = begin(append(poison, ExpectedVersion.any(), receipt()));
            }
        }
        assertThat(begun.stream().map(CompletableFuture::join).map(Appended::version))
                .containsOnly(1L);
        assertThat(failure(java.util.Objects.requireNonNull(poisoned))).isInstanceOf(IllegalArgumentException.class);
        assertThat(events(poison)).isZero();
        assertThat(db.number("select count(*) from stream where id = '" + poison.text() + "'"))
                .isZero();
    }

    @Test
    void aStreamThatSomebodyHoldsHoldsBackNobodyElse() {
        List<StreamId> held = List.of(stream("held"), stream("held"), stream("held"));
        held.forEach(one -> store.append(append(one)).await().indefinitely());
        SqlConnection holder = db.pool.getConnection().await().indefinitely();
        holder.query("begin").execute().await().indefinitely();
        holder.query("select 1 from stream where id like 'counter-held%' for update")
                .execute()
                .await()
                .indefinitely();
        List<CompletableFuture<Appended>> waiting =
                held.stream().map(one -> begin(append(one))).toList();
        for (int i = 0; i < 20; i++) {
            store.append(append(stream("free"))).await().atMost(Duration.ofSeconds(4));
        }
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        holder.query("rollback").execute().await().indefinitely();
        holder.close().await().indefinitely();
        assertThat(waiting.stream().map(CompletableFuture::join).map(Appended::version))
                .containsOnly(2L);
    }

    @Test
    void aProjectionThatGetsNoKeysLeavesNothingInDoubtNeitherForItselfNorForThoseBeside() {
        StreamId keyless = stream("keyless");
        List<CompletableFuture<Appended>> beside = new ArrayList<>();
        CompletableFuture<Appended> refused = null;
        for (int i = 0; i < 200; i++) {
            beside.add(begin(append(stream("beside"))));
            if (i == 100) {
                refused = begin(append(keyless));
            }
        }
        beside.forEach(CompletableFuture::join);
        assertThat(failure(java.util.Objects.requireNonNull(refused))).isInstanceOf(AppendRejected.Unavailable.class);
        assertThat(events(keyless)).isZero();
    }

    @Test
    void aKnownReceiptLeavesNoTraceOfTheStreamItWouldHaveMade() {
        Receipt receipt = receipt();
        store.append(append(stream("first"), ExpectedVersion.none(), receipt))
                .await()
                .indefinitely();
        StreamId second = stream("second");
        assertThat(catchThrowable(() -> store.append(append(second, ExpectedVersion.none(), receipt))
                        .await()
                        .indefinitely()))
                .isInstanceOf(AlreadyAnswered.class);
        assertThat(db.number("select count(*) from stream where id = '" + second.text() + "'"))
                .isZero();
    }

    @Test
    void whatTheDatabaseRefusesAtTheVeryCommitIsNotAcknowledged() {
        StreamId doomed = stream("doomed");
        assertThat(catchThrowable(() -> store.append(append(doomed)).await().indefinitely()))
                .isNotNull();
        assertThat(events(doomed)).isZero();
    }

    @Test
    void anOutcomeLostWithTheConnectionIsFoundByItsReceiptOrSaidToBeUnknown() throws InterruptedException {
        slowness.set(2);
        StreamId withReceipt = stream("slow");
        StreamId without = stream("slow");
        CompletableFuture<Appended> resolved = begin(append(withReceipt, ExpectedVersion.any(), receipt()));
        CompletableFuture<Appended> unknown = begin(append(without));
        while (db.number("select count(*) from pg_stat_activity where query like 'select pg_sleep%'"
                        + " and state = 'active' and datname = current_database()")
                < 1) {
            Thread.sleep(10);
        }
        db.query("select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep%'"
                + " and datname = current_database() and pid <> pg_backend_pid()");
        assertThat(resolved.join().version()).isEqualTo(1);
        assertThat(events(withReceipt)).isEqualTo(1);
        Throwable said = failure(unknown);
        if (said != null) {
            assertThat(said).isInstanceOf(AppendRejected.UnknownOutcome.class);
            assertThat(events(without)).isZero();
        }
    }

    @Test
    void tooManyWaitingAppendsAreRefusedAndTheOthersAreKept() {
        StreamId hot = stream("hot");
        store.append(append(hot)).await().indefinitely();
        // While somebody holds the stream, nothing leaves the queue.
        SqlConnection holder = db.pool.getConnection().await().indefinitely();
        holder.query("begin").execute().await().indefinitely();
        holder.query("select 1 from stream where id = '" + hot.text() + "' for update")
                .execute()
                .await()
                .indefinitely();
        AppendQueue small = queue(50, AppendQueue.LONGEST_REST);
        List<CompletableFuture<Appended>> begun = IntStream.range(0, 80)
                .mapToObj(i -> small.append(append(hot)).subscribe().asCompletionStage())
                .toList();
        holder.query("rollback").execute().await().indefinitely();
        holder.close().await().indefinitely();
        long refused = 0;
        long acknowledged = 0;
        for (CompletableFuture<Appended> one : begun) {
            Throwable failure = failure(one);
            if (failure == null) {
                acknowledged++;
            } else {
                assertThat(failure).isInstanceOf(AppendRejected.Unavailable.class);
                refused++;
            }
        }
        assertThat(refused).as("one is under way, fifty wait").isEqualTo(29);
        assertThat(events(hot)).isEqualTo(1 + acknowledged);
    }

    private AppendQueue queue(int room, Duration rest) {
        return queue(db.pool, room, rest);
    }

    private AppendQueue queue(Pool pool, int room, Duration rest) {
        return new AppendQueue(
                pool, new Appender(List.of(trouble), new Attestation.Maker("", null)), () -> {}, room, rest);
    }

    /** Each time another of the event loops. */
    private ContextInternal loop() {
        return ((VertxInternal) db.vertx.getDelegate()).createEventLoopContext();
    }

    private static <T> CompletableFuture<T> on(ContextInternal loop, Supplier<Uni<T>> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.runOnContext(ignored -> work.get().subscribe().with(done::complete, done::completeExceptionally));
        return done;
    }

    private static Uni<Void> repeatedly(AppendQueue queue, String name, int times) {
        return times == 0
                ? Uni.createFrom().voidItem()
                : queue.append(append(stream(name))).chain(() -> repeatedly(queue, name, times - 1));
    }

    @Test
    void thoseWhoWereAnsweredTogetherGoTogetherAgain() {
        AppendQueue patient = queue(100, Duration.ofSeconds(30));
        int times = 30;
        IntStream.range(0, 12)
                .mapToObj(n -> on(loop(), () -> repeatedly(patient, "again", times)))
                .toList()
                .forEach(CompletableFuture::join);
        assertThat(db.number("select count(*) from event where stream_id like 'counter-again%'"))
                .isEqualTo(12L * times);
        assertThat(db.number("select count(distinct xmin::text) from event where stream_id like 'counter-again%'"))
                .as("transactions: a few until they have gathered, then one for all")
                .isLessThan(times + 12L);
    }

    @Test
    void anAnswerThatCannotBeDeliveredHoldsUpNobody() throws InterruptedException {
        ContextInternal one = loop();
        ContextInternal other = loop();
        assertThat(one.nettyEventLoop()).isNotSameAs(other.nettyEventLoop());
        // Its connection lives on the loop that goes on.
        Pool pool = db.pool(1);
        on(one, () -> pool.query("select 1").execute()).join();
        AppendQueue queue = queue(pool, 100, AppendQueue.LONGEST_REST);
        slowness.set(1);
        CompletableFuture<Appended> first = on(one, () -> queue.append(append(stream("slow"))));
        // While it is under way these two gather, and one of them blocks its thread.
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Appended> undelivered = new CompletableFuture<>();
        try {
            other.runOnContext(ignored -> {
                queue.append(append(stream("blocked"))).subscribe().with(undelivered::complete);
                blocked.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            blocked.await();
            CompletableFuture<Void> goesOn = on(one, () -> repeatedly(queue, "goes-on", 5));
            assertThat(goesOn).succeedsWithin(Duration.ofSeconds(10));
            assertThat(first).isCompleted();
            assertThat(undelivered).isNotDone();
            assertThat(db.number("select count(*) from event where stream_id like 'counter-blocked%'"))
                    .isEqualTo(1);
        } finally {
            release.countDown();
        }
        assertThat(undelivered).succeedsWithin(Duration.ofSeconds(10));
    }
}
