package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.passerelle.eventsourcing.testkit.TestStore;
import org.passerelle.proof.Attestation;

@Tag("kernel")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AppendTest {

    private static final Metadata ME = Metadata.system("test");

    /** Counts per stream, in the append's transaction. */
    private static final InlineProjection SUMS = new InlineProjection() {
        @Override
        public Set<String> categories() {
            return Set.of("counter");
        }

        @Override
        public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
            Uni<Void> done = Uni.createFrom().voidItem();
            for (StoredEvent event : events) {
                done = done.chain(() -> tx.preparedQuery("insert into sums (stream_id, events) values ($1, 1)"
                                + " on conflict (stream_id) do update set events = sums.events + 1")
                        .execute(Rows.tuple(event.stream().text()))
                        .replaceWithVoid());
            }
            return done;
        }
    };

    private TestStore db;
    private EventStore store;

    @BeforeAll
    void start() {
        db = new TestStore(SUMS);
        db.query("create table sums (stream_id text primary key, events bigint not null)");
        store = db.store;
    }

    @AfterAll
    void stop() {
        db.close();
    }

    private static StreamId someStream() {
        return Counter.KIND.stream(UUID.randomUUID().toString());
    }

    private Handled<Counter, Counter.Event> add(StreamId stream, long number, ExpectedVersion expected) {
        return store.handle(Counter.KIND, stream, new Counter.Add(number), expected, ME)
                .await()
                .indefinitely();
    }

    private Loaded<Counter> load(StreamId stream) {
        return store.load(Counter.KIND, stream).await().indefinitely();
    }

    @Test
    void countsVersionsFromOneAndReadsWhatWasWritten() {
        StreamId stream = someStream();
        assertThat(load(stream)).isEqualTo(new Loaded<>(new Counter(0, false), 0));
        assertThat(add(stream, 2, ExpectedVersion.none()).version()).isEqualTo(1);
        assertThat(add(stream, 3, ExpectedVersion.exactly(1)).state().sum()).isEqualTo(5);
        assertThat(load(stream)).isEqualTo(new Loaded<>(new Counter(5, false), 2));
        assertThat(store.history(Counter.KIND, stream).await().indefinitely())
                .extracting(Recorded::event)
                .containsExactly(new Counter.Added(2, null), new Counter.Added(3, null));
    }

    @Test
    void aStreamThatMustNotExistYetIsNotWrittenTwice() {
        StreamId stream = someStream();
        add(stream, 1, ExpectedVersion.none());
        assertThatThrownBy(() -> add(stream, 1, ExpectedVersion.none()))
                .isInstanceOfSatisfying(
                        AppendRejected.VersionConflict.class,
                        conflict -> assertThat(conflict.actual()).isEqualTo(1));
        assertThat(load(stream).version()).isEqualTo(1);
    }

    @Test
    void aRefusalAndAStaleVersionChangeNothing() {
        StreamId stream = someStream();
        add(stream, 1, ExpectedVersion.any());
        assertThat(catchThrowable(() -> add(stream, -1, ExpectedVersion.any()))).isInstanceOf(Refusal.class);
        assertThat(catchThrowable(() -> add(stream, 1, ExpectedVersion.exactly(9))))
                .isInstanceOf(AppendRejected.VersionConflict.class);
        assertThat(load(stream)).isEqualTo(new Loaded<>(new Counter(1, false), 1));
    }

    @Test
    void aCommandThatRepeatsWhatHoldsGivesNoEvents() {
        StreamId stream = someStream();
        add(stream, 1, ExpectedVersion.any());
        assertThat(add(stream, 0, ExpectedVersion.any()).version()).isEqualTo(1);
        assertThat(load(stream).version()).isEqualTo(1);
    }

    @Test
    void severalStreamsAreWrittenAllOrNone() {
        StreamId one = someStream();
        StreamId two = someStream();
        add(two, 1, ExpectedVersion.none());
        List<StreamAppend> appends = List.of(
                Counter.KIND.append(one, ExpectedVersion.none(), List.of(new Counter.Added(1, null))),
                Counter.KIND.append(two, ExpectedVersion.none(), List.of(new Counter.Added(1, null))));
        assertThat(catchThrowable(() ->
                        store.append(new Append(appends, ME, null)).await().indefinitely()))
                .isInstanceOf(AppendRejected.VersionConflict.class);
        assertThat(load(one).exists()).isFalse();
        assertThat(load(two).version()).isEqualTo(1);
    }

    @Test
    void whatIsTooLargeIsRefusedBeforeAnythingIsWritten() {
        StreamId stream = someStream();
        NewEvent huge = new NewEvent("counter.added", 2, new byte[EventStore.MAX_EVENT_BYTES + 1]);
        Append append = new Append(
                List.of(new StreamAppend(stream, ExpectedVersion.any(), List.of(huge), List.of())), ME, null);
        assertThat(catchThrowable(() -> store.append(append).await().indefinitely()))
                .isInstanceOf(AppendRejected.TooLarge.class);
    }

    @Test
    void nothingAcknowledgedIsLostOrDoubledWhenManyWriteOneStream() throws Exception {
        StreamId stream = someStream();
        int writers = 12;
        int each = 10;
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            tasks.add(() -> {
                int acknowledged = 0;
                for (int i = 0; i < each; i++) {
                    try {
                        add(stream, 1, ExpectedVersion.any());
                        acknowledged++;
                    } catch (AppendRejected.VersionConflict lostTheRace) {
                        // Not acknowledged, so it must not be there.
                        continue;
                    }
                }
                return acknowledged;
            });
        }
        long acknowledged = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> writer : threads.invokeAll(tasks)) {
                acknowledged += writer.get();
            }
        }
        Loaded<Counter> loaded = load(stream);
        assertThat(acknowledged).isPositive();
        assertThat(loaded.state().sum()).isEqualTo(acknowledged);
        assertThat(loaded.version()).isEqualTo(acknowledged);
        assertThat(db.number("select count(*) from sums where stream_id = '" + stream.text() + "' and events = "
                        + acknowledged))
                .isEqualTo(1);
        assertThat(db.number("select count(distinct version) from event where stream_id = '" + stream.text() + "'"))
                .isEqualTo(acknowledged);
    }

    private Outcome<Counter, Counter.Event> addOnce(StreamId stream, long number, String key) {
        Once<Counter, Counter.Event> once = new Once<>(
                key,
                Long.toString(number).getBytes(StandardCharsets.UTF_8),
                handled -> new StoredAnswer(
                        201,
                        "/" + stream.key(),
                        handled.version(),
                        Long.toString(handled.state().sum()).getBytes(StandardCharsets.UTF_8)));
        return store.handle(Counter.KIND, stream, new Counter.Add(number), ExpectedVersion.any(), ME, once)
                .await()
                .indefinitely();
    }

    @Test
    void concurrentRepeatsOfOneCommandHaveOneEffectAndOneAnswer() throws Exception {
        StreamId stream = someStream();
        String key = UUID.randomUUID().toString();
        List<Callable<Outcome<Counter, Counter.Event>>> repeats = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            repeats.add(() -> addOnce(stream, 7, key));
        }
        Set<String> answers = new HashSet<>();
        int done = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Outcome<Counter, Counter.Event>> repeat : threads.invokeAll(repeats)) {
                Outcome<Counter, Counter.Event> outcome = repeat.get();
                answers.add(new String(outcome.answer().body(), StandardCharsets.UTF_8));
                done += outcome instanceof Outcome.Done ? 1 : 0;
            }
        }
        assertThat(done).isEqualTo(1);
        assertThat(answers).containsExactly("7");
        assertThat(load(stream)).isEqualTo(new Loaded<>(new Counter(7, false), 1));
    }

    @Test
    void aRepeatGetsTheFirstAnswerEvenWhenTheRulesWouldRefuseItNow() {
        StreamId stream = someStream();
        String key = UUID.randomUUID().toString();
        addOnce(stream, 7, key);
        add(stream, 5, ExpectedVersion.any());
        Outcome<Counter, Counter.Event> repeat = addOnce(stream, 7, key);
        assertThat(repeat).isInstanceOf(Outcome.Repeated.class);
        assertThat(repeat.answer().version()).isEqualTo(1);
        assertThat(load(stream).state().sum()).isEqualTo(12);
    }

    @Test
    void aKeyUsedForAnotherRequestIsNoticed() {
        StreamId stream = someStream();
        String key = UUID.randomUUID().toString();
        addOnce(stream, 7, key);
        assertThat(catchThrowable(() -> addOnce(stream, 8, key))).isInstanceOf(AppendRejected.KeyReused.class);
        assertThat(load(stream).state().sum()).isEqualTo(7);
    }

    @Test
    void recordedTimesNeverGoBackWithinAStream() {
        StreamId stream = someStream();
        add(stream, 1, ExpectedVersion.any());
        db.query("update stream set last_recorded_at = clock_timestamp() + interval '1 hour' where id = '"
                + stream.text() + "'");
        db.query("update event set recorded_at = recorded_at + interval '1 hour' where stream_id = '" + stream.text()
                + "'");
        add(stream, 1, ExpectedVersion.any());
        List<Recorded<Counter.Event>> history =
                store.history(Counter.KIND, stream).await().indefinitely();
        assertThat(history.get(1).recordedAt()).isAfterOrEqualTo(history.get(0).recordedAt());
    }

    @Test
    void bytesComeBackExactly() {
        StreamId stream = someStream();
        byte[] odd = "{ \"number\" : 1,\"b\":2 ,\"a\":\"\\u00e9\" }".getBytes(StandardCharsets.UTF_8);
        store.append(new Append(
                        List.of(new StreamAppend(
                                stream,
                                ExpectedVersion.any(),
                                List.of(new NewEvent("counter.added", 2, odd)),
                                List.of())),
                        ME,
                        null))
                .await()
                .indefinitely();
        var row = db.query("select data from event where stream_id = '" + stream.text() + "'")
                .getFirst();
        assertThat(Rows.bytes(row, "data")).isEqualTo(odd);
    }

    /** The plain statement of one append writes nothing unless all of it holds; see {@link AppendOne}. */
    @Test
    void theShortWayLeavesNothingBehindWhatItCannotDo() {
        StreamId absent = someStream();
        Append tooLate = added(absent, ExpectedVersion.exactly(3), null);
        assertThatThrownBy(() -> store.append(tooLate).await().indefinitely())
                .isInstanceOf(AppendRejected.VersionConflict.class);

        StreamId there = someStream();
        String key = UUID.randomUUID().toString();
        store.append(added(there, ExpectedVersion.none(), key)).await().indefinitely();
        assertThatThrownBy(() -> store.append(added(absent, ExpectedVersion.none(), key))
                        .await()
                        .indefinitely())
                .isInstanceOf(AlreadyAnswered.class);
        assertThatThrownBy(() -> store.append(added(
                                there, ExpectedVersion.none(), UUID.randomUUID().toString()))
                        .await()
                        .indefinitely())
                .isInstanceOf(AppendRejected.VersionConflict.class);

        assertThat(db.number("select count(*) from stream where id = '" + absent.text() + "'"))
                .isZero();
        assertThat(db.number("select version from stream where id = '" + there.text() + "'"))
                .isEqualTo(2);
        assertThat(store.history(Counter.KIND, there).await().indefinitely())
                .extracting(Recorded::version)
                .containsExactly(1L, 2L);
    }

    /** Two events for one stream. */
    private static Append added(StreamId stream, ExpectedVersion expected, @Nullable String key) {
        return new Append(
                List.of(Counter.KIND.append(
                        stream, expected, List.of(new Counter.Added(1, null), new Counter.Added(2, null)))),
                ME,
                key == null ? null : new Receipt(key, new byte[32], new StoredAnswer(200, null, 2, new byte[0])));
    }

    /** A call for one stream and more than one append: what becomes of the other is nothing to the one with the stream. */
    @Test
    void anAppendWithoutAStreamLeavesItsCompanionAlone() {
        StreamId stream = Counter.KIND.stream(UUID.randomUUID().toString());
        Receipt receipt =
                new Receipt(UUID.randomUUID().toString(), new byte[32], new StoredAnswer(200, null, 0, new byte[0]));
        Append without = new Append(List.of(), Metadata.system("other"), receipt);
        Append one = new Append(
                List.of(Counter.KIND.append(stream, ExpectedVersion.any(), List.of(new Counter.Added(1, null)))),
                ME,
                null);
        Appender appender = new Appender(List.of(), new Attestation.Maker("", null));
        for (int version = 1; version <= 2; version++) {
            var verdicts = appender.commit(db.pool, List.of(without, one), Appender.Patience.LONG)
                    .await()
                    .indefinitely();
            if (version == 2) {
                assertThat(verdicts.getFirst()).isInstanceOf(Appender.Verdict.ReceiptKnown.class);
            }
            assertThat(verdicts.get(1)).isInstanceOf(Appender.Verdict.Stored.class);
            assertThat(db.number("select version from stream where id = '" + stream.text() + "'"))
                    .isEqualTo(version);
        }
        assertThat(db.store.history(Counter.KIND, stream).await().indefinitely())
                .extracting(recorded -> recorded.metadata().subject())
                .containsOnly(ME.subject());
    }

    @Test
    void idsAreTakenOneByOne() {
        assertThat(db.number("select seqcache from pg_sequence where seqrelid = 'event_id'::regclass"))
                .as("a cached sequence would break the order of ids within a stream")
                .isEqualTo(1);
    }
}
