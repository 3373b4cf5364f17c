package org.passerelle.eventsourcing.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.AlreadyAnswered;
import org.passerelle.eventsourcing.Append;
import org.passerelle.eventsourcing.AppendRejected;
import org.passerelle.eventsourcing.Appended;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.LogEntry;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.NewEvent;
import org.passerelle.eventsourcing.Receipt;
import org.passerelle.eventsourcing.StoredAnswer;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.eventsourcing.StreamAppend;
import org.passerelle.eventsourcing.StreamId;

/**
 * What every store must keep. Each test is named for a way in which a known store has lost, doubled or reordered events;
 * a store that has the fault fails that test.
 */
@Tag("kernel")
public abstract class StoreContract {

    private static final Metadata ME = Metadata.system("contract");
    private static final Duration LONG = Duration.ofSeconds(60);

    /** The store as the contract sees it. */
    public interface Subject extends AutoCloseable {

        /** Fails with {@link AppendRejected} or {@link AlreadyAnswered}. */
        Appended append(Append append);

        /** Stores in a transaction that is not ended yet. */
        Open begin(Append append);

        /** Oldest first. */
        List<StoredEvent> stream(StreamId stream);

        /** Gives what is committed its place in the log. */
        void sequence();

        List<LogEntry> log(long after, int limit);

        Multi<LogEntry> tail(long after);

        @Override
        void close();
    }

    /** An append whose transaction has not ended. */
    public interface Open {
        void commit();

        void rollBack();
    }

    /** A new, empty store. */
    protected abstract Subject newStore();

    protected Subject store;

    @BeforeEach
    void open() {
        store = newStore();
    }

    @AfterEach
    void close() {
        store.close();
    }

    protected static StreamId stream(String key) {
        return new StreamId("contract", key);
    }

    protected static StreamAppend to(StreamId stream, ExpectedVersion expected, int events) {
        return new StreamAppend(
                stream,
                expected,
                IntStream.range(0, events)
                        .mapToObj(n -> new NewEvent(
                                "contract.noted", 1, ("{\"n\":" + n + "}").getBytes(StandardCharsets.UTF_8)))
                        .toList(),
                List.of());
    }

    protected static Append append(StreamAppend... streams) {
        return new Append(List.of(streams), ME, null);
    }

    private static Append once(String key, int fingerprint, StreamAppend stream) {
        return new Append(
                List.of(stream),
                ME,
                new Receipt(
                        key,
                        new byte[] {(byte) fingerprint},
                        new StoredAnswer(201, "/x", 1, "{}".getBytes(StandardCharsets.UTF_8))));
    }

    private void add(String key) {
        store.append(append(to(stream(key), ExpectedVersion.any(), 1)));
    }

    @Test
    void commitOrderLoss_whatCommitsLateIsReadByWhoHasReadWhatCameAfterIt() {
        Open late = store.begin(append(to(stream("late"), ExpectedVersion.none(), 1)));
        add("quick");
        store.sequence();
        List<LogEntry> first = store.log(0, 10);
        assertThat(first).extracting(entry -> entry.event().stream().key()).containsExactly("quick");
        late.commit();
        store.sequence();
        assertThat(store.log(first.getLast().seq(), 10))
                .extracting(entry -> entry.event().stream().key())
                .containsExactly("late");
    }

    @Test
    void inStreamInversionAndGapSkip_theLogAgreesWithEveryStreamAndHasNoHole() {
        Seeded.check(1, random -> {
            AtomicInteger acknowledged = new AtomicInteger();
            long seed = random.nextLong();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> writers = new ArrayList<>();
                for (int w = 0; w < 6; w++) {
                    Random own = new Random(seed + w);
                    writers.add(threads.submit(() -> {
                        for (int i = 0; i < 20; i++) {
                            Append one = append(to(stream("hot" + own.nextInt(3)), ExpectedVersion.any(), 2));
                            int fate = own.nextInt(6);
                            if (fate > 1) {
                                store.append(one);
                            } else {
                                Open slow = store.begin(one);
                                Thread.sleep(own.nextInt(10));
                                if (fate == 0) {
                                    slow.rollBack();
                                    continue;
                                }
                                slow.commit();
                            }
                            acknowledged.addAndGet(2);
                            if (own.nextInt(4) == 0) {
                                store.sequence();
                            }
                        }
                        return null;
                    }));
                }
                for (Future<?> writer : writers) {
                    writer.get();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            store.sequence();
            check(store.log(0, 1_000), acknowledged.get());
        });
    }

    private static void check(List<LogEntry> seen, int events) {
        assertThat(seen).hasSize(events);
        Map<StreamId, Long> versions = new HashMap<>();
        for (int i = 0; i < seen.size(); i++) {
            assertThat(seen.get(i).seq()).isEqualTo(i + 1L);
            StoredEvent event = seen.get(i).event();
            assertThat(event.version()).isEqualTo(versions.merge(event.stream(), 1L, Long::sum));
        }
    }

    @Test
    void silentDropOnConflict_whatIsAcknowledgedIsThereAndWhatIsNotIsNot() throws Exception {
        AtomicInteger made = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                writers.add(threads.submit(() -> {
                    try {
                        store.append(append(to(stream("one"), ExpectedVersion.none(), 1)));
                        made.incrementAndGet();
                    } catch (AppendRejected.VersionConflict conflict) {
                        refused.incrementAndGet();
                    }
                    add("many");
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        assertThat(made).hasValue(1);
        assertThat(refused).hasValue(11);
        assertThat(store.stream(stream("one"))).hasSize(1);
        assertThat(store.stream(stream("many")))
                .extracting(StoredEvent::version)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 12).mapToObj(n -> (long) n).toList());
    }

    @Test
    void streamMustNotExist_isEnforcedAlsoAgainstATransactionThatHasNotEnded() throws Exception {
        Open first = store.begin(append(to(stream("a"), ExpectedVersion.none(), 1)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Throwable> second = threads.submit(() ->
                    catchThrowable(() -> store.append(append(to(stream("a"), ExpectedVersion.none(), 1)))));
            Thread.sleep(50);
            first.commit();
            assertThat(second.get())
                    .isInstanceOfSatisfying(
                            AppendRejected.VersionConflict.class,
                            conflict -> assertThat(conflict.actual()).isEqualTo(1));
        }
        assertThat(store.stream(stream("a"))).hasSize(1);
    }

    @Test
    void handOverLoss_whoCatchesUpAndFollowsGetsEveryEventOnce() throws Exception {
        for (int i = 0; i < 20; i++) {
            add("old");
        }
        store.sequence();
        AssertSubscriber<LogEntry> reader =
                store.tail(0).subscribe().withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));
        for (int i = 0; i < 60; i++) {
            add("new" + i % 3);
            if (i % 2 == 0) {
                store.sequence();
            }
        }
        store.sequence();
        reader.awaitItems(80, LONG);
        Thread.sleep(100); // for what comes twice
        check(reader.getItems(), 80);
        reader.cancel();
    }

    @Test
    void checkpointTooFar_aReaderThatBeginsAgainAtItsPositionGetsExactlyTheRest() {
        for (int i = 0; i < 7; i++) {
            add("a");
        }
        store.sequence();
        List<Long> seen = new ArrayList<>();
        long cursor = 0;
        for (int page = 0; page < 9; page++) {
            List<LogEntry> read = store.log(cursor, 2);
            for (LogEntry entry : read) {
                seen.add(entry.seq());
                cursor = entry.seq();
            }
            if (page < 3) {
                add("a");
                store.sequence();
            }
        }
        assertThat(seen).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
        assertThat(store.log(cursor, 10)).isEmpty();
        assertThat(store.log(cursor + 5, 10)).isEmpty();
    }

    @Test
    void doubleEffect_aRepeatGetsTheFirstAnswerAndAddsNothing() {
        store.append(once("k", 1, to(stream("a"), ExpectedVersion.any(), 1)));
        assertThat(catchThrowable(() -> store.append(once("k", 1, to(stream("a"), ExpectedVersion.any(), 1)))))
                .isInstanceOfSatisfying(
                        AlreadyAnswered.class,
                        known -> assertThat(known.answer().location()).isEqualTo("/x"));
        assertThat(catchThrowable(() -> store.append(once("k", 2, to(stream("a"), ExpectedVersion.any(), 1)))))
                .isInstanceOf(AppendRejected.KeyReused.class);
        assertThat(store.stream(stream("a"))).hasSize(1);
    }

    @Test
    void halfAnAppend_severalStreamsAreAllOrNothing() {
        add("b");
        assertThat(catchThrowable(() -> store.append(append(
                        to(stream("a"), ExpectedVersion.none(), 2), to(stream("b"), ExpectedVersion.exactly(7), 1)))))
                .isInstanceOf(AppendRejected.VersionConflict.class);
        assertThat(store.stream(stream("a"))).isEmpty();
        store.append(
                append(to(stream("a"), ExpectedVersion.none(), 2), to(stream("b"), ExpectedVersion.exactly(1), 1)));
        store.sequence();
        check(store.log(0, 10), 4);
    }

    @Test
    void readFromTheFuture_whatIsNotCommittedIsNowhere() {
        Open open = store.begin(append(to(stream("a"), ExpectedVersion.none(), 1)));
        store.sequence();
        assertThat(store.stream(stream("a"))).isEmpty();
        assertThat(store.log(0, 10)).isEmpty();
        open.rollBack();
        store.sequence();
        assertThat(store.stream(stream("a"))).isEmpty();
        assertThat(store.log(0, 10)).isEmpty();
        add("a");
        assertThat(store.stream(stream("a"))).extracting(StoredEvent::version).containsExactly(1L);
    }

    @Test
    void timeNeverRunsBackWithinAStream() {
        for (int i = 0; i < 5; i++) {
            add("a");
        }
        assertThat(store.stream(stream("a")))
                .extracting(StoredEvent::recordedAt)
                .isSorted();
    }

    @Test
    void whatIsTooLargeIsRefusedWhole() {
        String key = UUID.randomUUID().toString();
        assertThat(catchThrowable(
                        () -> store.append(append(to(stream(key), ExpectedVersion.any(), EventStore.MAX_EVENTS + 1)))))
                .isInstanceOf(AppendRejected.TooLarge.class);
        assertThat(store.stream(stream(key))).isEmpty();
    }
}
