package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.smallrye.mutiny.Multi;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.passerelle.eventsourcing.testkit.MemoryStore;
import org.passerelle.eventsourcing.testkit.StoreContract;

/** A store with one of the known faults fails the test of the contract that is named for it. */
class StoreContractCanFailTest {

    /** A way in which stores have lost, doubled or reordered events, and the test that must find it. */
    enum Fault {
        NONE(""),
        SKIPS_BY_AN_ID_FLOOR("commitOrderLoss_"),
        REORDERS_A_PAGE("inStreamInversionAndGapSkip_"),
        ACKNOWLEDGES_A_CONFLICT("silentDropOnConflict_"),
        LETS_A_STREAM_BEGIN_TWICE("streamMustNotExist_"),
        GIVES_TWICE_AT_THE_HAND_OVER("handOverLoss_"),
        READS_ON_TOO_FAR("checkpointTooFar_"),
        FORGETS_RECEIPTS("doubleEffect_"),
        APPENDS_HALF("halfAnAppend_"),
        SHOWS_WHAT_IS_NOT_COMMITTED("readFromTheFuture_"),
        RUNS_BACK("timeNeverRunsBack"),
        CUTS_OFF_WHAT_IS_TOO_LARGE("whatIsTooLarge");

        private final String foundBy;

        Fault(String foundBy) {
            this.foundBy = foundBy;
        }
    }

    private static Fault fault = Fault.NONE;

    /** Run by this test only, with a fault. */
    static class OfABrokenStore extends StoreContract {
        @Override
        protected Subject newStore() {
            return new Broken(fault);
        }
    }

    private static final class Broken implements StoreContract.Subject {
        private final Fault fault;
        private final MemoryStore store = new MemoryStore(Clock.systemUTC());
        private long floor;

        Broken(Fault fault) {
            this.fault = fault;
        }

        @Override
        public Appended append(Append append) {
            switch (fault) {
                case ACKNOWLEDGES_A_CONFLICT -> {
                    try {
                        return store.append(append);
                    } catch (AppendRejected.VersionConflict dropped) {
                        return new Appended(java.util.Map.of(), List.of());
                    }
                }
                case FORGETS_RECEIPTS -> {
                    return store.append(new Append(append.streams(), append.by(), null));
                }
                case LETS_A_STREAM_BEGIN_TWICE -> {
                    return store.append(new Append(
                            append.streams().stream().map(Broken::whatever).toList(), append.by(), append.receipt()));
                }
                case APPENDS_HALF -> {
                    Appended last = new Appended(java.util.Map.of(), List.of());
                    for (StreamAppend one : append.streams()) {
                        last = store.append(new Append(List.of(one), append.by(), append.receipt()));
                    }
                    return last;
                }
                case CUTS_OFF_WHAT_IS_TOO_LARGE -> {
                    return store.append(new Append(
                            append.streams().stream().map(Broken::cut).toList(), append.by(), append.receipt()));
                }
                default -> {
                    return store.append(append);
                }
            }
        }

        private static StreamAppend whatever(StreamAppend one) {
            return new StreamAppend(one.stream(), ExpectedVersion.any(), one.events(), one.deadlines());
        }

        private static StreamAppend cut(StreamAppend one) {
            List<NewEvent> some = one.events().subList(0, Math.min(one.events().size(), EventStore.MAX_EVENTS));
            return new StreamAppend(one.stream(), one.expected(), some, one.deadlines());
        }

        @Override
        public StoreContract.Open begin(Append append) {
            if (fault != Fault.SHOWS_WHAT_IS_NOT_COMMITTED) {
                return store.begin(append);
            }
            store.append(append);
            return new StoreContract.Open() {
                @Override
                public void commit() {}

                @Override
                public void rollBack() {}
            };
        }

        @Override
        public List<StoredEvent> stream(StreamId stream) {
            List<StoredEvent> events = new ArrayList<>(store.stream(stream));
            if (fault == Fault.RUNS_BACK) {
                events.replaceAll(event -> new StoredEvent(
                        event.id(),
                        event.stream(),
                        event.version(),
                        event.type(),
                        event.schemaVersion(),
                        event.data(),
                        event.metadata(),
                        event.recordedAt().minus(Duration.ofHours(event.version()))));
            }
            return events;
        }

        @Override
        public void sequence() {
            store.sequence();
        }

        @Override
        public List<LogEntry> log(long after, int limit) {
            List<LogEntry> page =
                    new ArrayList<>(store.log(fault == Fault.READS_ON_TOO_FAR && after > 0 ? after + 1 : after, limit));
            if (fault == Fault.SKIPS_BY_AN_ID_FLOOR) {
                page.removeIf(entry -> entry.event().id() < floor);
                page.forEach(entry -> floor = Math.max(floor, entry.event().id()));
            }
            if (fault == Fault.REORDERS_A_PAGE) {
                Collections.reverse(page);
            }
            return page;
        }

        @Override
        public Multi<LogEntry> tail(long after) {
            return fault == Fault.GIVES_TWICE_AT_THE_HAND_OVER
                    ? store.tail(after)
                            .onItem()
                            .transformToMultiAndConcatenate(
                                    entry -> Multi.createFrom().items(entry, entry))
                    : store.tail(after);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aFaultIsFoundByTheTestThatIsNamedForIt(Fault one) {
        assertThat(failing(one)).as("%s", one).anyMatch(test -> test.startsWith(one.foundBy));
    }

    @Test
    void aStoreWithoutAFaultPasses() {
        assertThat(failing(Fault.NONE)).isEmpty();
    }

    private static Set<String> failing(Fault one) {
        fault = one;
        Set<String> failed = new TreeSet<>();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(OfABrokenStore.class))
                                .build(),
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                                if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                                    failed.add(test.getSource()
                                            .filter(MethodSource.class::isInstance)
                                            .map(source -> ((MethodSource) source).getMethodName())
                                            .orElse(test.getDisplayName()));
                                }
                            }
                        });
        return failed;
    }
}
