package org.passerelle.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.Append;
import org.passerelle.eventsourcing.EventLog;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.LogEntry;
import org.passerelle.eventsourcing.Loop;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.Once;
import org.passerelle.eventsourcing.Rebuild;
import org.passerelle.eventsourcing.Receipt;
import org.passerelle.eventsourcing.Sequencer;
import org.passerelle.eventsourcing.StoredAnswer;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.testkit.TestStore;
import org.passerelle.local.Backends;
import org.passerelle.proof.Attestation;

/**
 * The kernel with sequencing and receipts on, beside plain inserts and Axon Framework's JDBC store on the same
 * PostgreSQL, turn by turn, several rounds. Bounded: some minutes.
 */
@Tag("bench")
class KernelBench {

    private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
    /** Measures whose name holds this; all, and the table, where it is not given. */
    private static final String ONLY = System.getProperty("bench.only", "");

    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration MEASURE = Duration.ofMillis(1_500);
    private static final Duration BREATH = Duration.ofMillis(50);
    /** So many that the appends of a run hardly lengthen them: what is measured is streams of 10 to 50 events. */
    private static final int STREAMS = 4_000;

    private static final int LDA_CLIENTS = 16;
    private static final int BULK = 1_000;
    private static final int BULK_CLIENTS = 4;
    private static final int PIPELINE = 5_000;
    private static final byte[] FINGERPRINT = new byte[32];
    private static final Metadata BY = new Metadata("bench", "client", null, "0000", null);

    private final Report report = new Report();
    private final TestStore db = new TestStore();
    private final AtomicReference<Loop> sequencer = new AtomicReference<>();
    private final AtomicReference<Pipeline> pipeline = new AtomicReference<>();
    private final EventStore store = store(EventStore.KNOWN_STATES);
    private final EventStore forgetful = store(0);
    private final Raw raw = new Raw(Backends.shared(), db.database, db.pool(32));
    private final Axon axon = new Axon(Backends.shared(), db.database);
    private final SealedAppends sealed = new SealedAppends();

    private EventStore store(int knownStates) {
        return new EventStore(
                db.pool, List.of(), this::appended, knownStates, null, new Attestation.Maker("bench", null));
    }

    /** As the services do it. */
    private void moved(int events) {
        Pipeline toward = pipeline.get();
        if (events > 0 && toward != null) {
            toward.relay.nudge();
        }
    }

    private void appended() {
        Loop loop = sequencer.get();
        if (loop != null) {
            loop.nudge();
        }
    }

    /** One thing that is measured in every round. */
    private record Measure(String name, Load.Run run, Function<Load.Result, Double> value) {}

    @Test
    void besidePlainInsertsAndAxon() throws Exception {
        Sequencer moves = new Sequencer(db.pool);
        sequencer.set(Loop.start(
                "sequencer", Duration.ofMillis(50), () -> moves.step().invoke(this::moved)));
        List<Integer> sizes = new Random(1).ints(STREAMS, 10, 51).boxed().toList();
        List<StreamId> streams = streams(sizes);
        // Of their own: what the forgetful store appends would be news to the one that remembers.
        List<StreamId> known = streams(sizes);
        List<String> aggregates = axon.aggregates(sizes);

        List<Measure> measures = new ArrayList<>();
        for (int clients : new int[] {64, 16}) {
            alone(measures, ", " + clients, clients, Load.Result::perSecond);
            measures.add(new Measure(
                    "Axon append, " + clients, Load.threads(clients, axon::appending), Load.Result::perSecond));
        }
        alone(measures, ", latency", 1, Load.Result::p50);
        measures.add(new Measure(
                "Axon load-decide-append",
                Load.threads(LDA_CLIENTS, n -> () -> {
                    axon.add(n, aggregates.get(ThreadLocalRandom.current().nextInt(STREAMS)));
                    return 1;
                }),
                Load.Result::perSecond));
        each(measures, "load-decide-append", loops(LDA_CLIENTS, () -> handling(forgetful, streams)));
        each(measures, "load-decide-append, known states", loops(LDA_CLIENTS, () -> handling(store, known)));
        each(measures, "raw insert of 1 000", Load.threads(1, n -> raw.insertingMany(n, BULK)));
        each(measures, "append of 1 000", loops(1, this::appendMany));
        each(measures, "raw bulk", Load.threads(BULK_CLIENTS, n -> raw.insertingMany(n, BULK)));
        each(measures, "bulk import", loops(BULK_CLIENTS, this::importMany));
        each(measures, "raw read", Load.threads(1, n -> raw.reading(1_000)));
        each(measures, "log read", Load.threads(1, n -> reading()));

        // The later measures go by what 16 clients do.
        measures.removeIf(measure -> !wanted(measure.name()) && !measure.name().startsWith("append, "));
        for (int round = 0; round <= ROUNDS; round++) {
            for (Measure measure : measures) {
                Load.Result result = measure.run().during(round == 0 ? WARM_UP : MEASURE);
                System.out.printf("%d/%d %-36s %s%n", round, ROUNDS, measure.name(), result);
                if (round > 0) {
                    report.add(measure.name(), measure.value().apply(result));
                }
                settle();
                sealed.settle();
            }
        }
        assertThat(sealed.inTheClear()).isZero();
        // The later measures are of a store whose neighbour is at rest.
        sealed.close();
        if (wanted("append to visible")) {
            visible("append to visible", null);
            visible(
                    "append to visible, beside a long transaction",
                    "insert into raw (stream_id, version, type, data, metadata) values ('long', 1, 'x', '', '')");
        }
        if (wanted("projection rebuild")) {
            rebuilds();
        }
        if (wanted("append to effect")) {
            effects();
        }
        if (ONLY.isEmpty()) {
            compare();
        } else {
            System.out.println(report.markdown());
        }
        assertThat(EventLog.audit(db.pool).await().indefinitely().sound()).isTrue();
        sequencer.get().close();
    }

    private Load.Run loops(int clients, Load.Caller caller) {
        return Load.loops(db.vertx, clients, caller);
    }

    private static void each(List<Measure> measures, String name, Load.Run run) {
        measures.add(new Measure(name, run, Load.Result::perSecond));
    }

    /** One event each: plain, appended, and sealed and proven. */
    private void alone(List<Measure> measures, String at, int clients, Function<Load.Result, Double> value) {
        Map<String, Load.Run> runs = new LinkedHashMap<>();
        runs.put("raw insert by JDBC", Load.threads(clients, raw::inserting));
        runs.put("raw insert by our client", loops(clients, raw.insertingByPool()));
        runs.put("append", loops(clients, this::append));
        runs.put(
                "append sealed and proven, known case",
                Load.loops(sealed.vertx(), clients, () -> sealed.aboutAKnownCase(BY, receipt(1))));
        runs.put(
                "append sealed and proven, new case",
                Load.loops(sealed.vertx(), clients, () -> sealed.aboutANewCase(BY, receipt(1))));
        runs.forEach((name, run) -> measures.add(new Measure(name + at, run, value)));
    }

    /** What sealing and proofs may cost: 15 % of the same append without. */
    private void compareSealed(String of) {
        for (int clients : new int[] {64, 16}) {
            report.faster(
                    "append sealed and proven, " + of + ", " + clients + " clients",
                    "append sealed and proven, " + of + ", " + clients,
                    "append, " + clients,
                    "events/s",
                    0.85,
                    0.95);
        }
        report.quicker(
                "append sealed and proven, " + of + ", one client, latency",
                "append sealed and proven, " + of + ", latency",
                "append, latency",
                "us",
                1 / 0.85,
                1.05);
    }

    private static boolean wanted(String name) {
        return name.contains(ONLY);
    }

    private void compare() {
        bestOf("raw insert, 64", "raw insert by JDBC, 64", "raw insert by our client, 64", true);
        bestOf("raw insert, 16", "raw insert by JDBC, 16", "raw insert by our client, 16", true);
        bestOf("raw insert, latency", "raw insert by JDBC, latency", "raw insert by our client, latency", false);
        report.faster("append to new streams, 64 clients", "append, 64", "raw insert, 64", "events/s", 1.0, 1.3);
        report.faster(
                "append to new streams, 64 clients, beside Axon",
                "append, 64",
                "Axon append, 64",
                "events/s",
                1.0,
                2.0);
        report.faster("append to new streams, 16 clients", "append, 16", "raw insert, 16", "events/s", 0.7, 1.0);
        report.quicker("one client, latency", "append, latency", "raw insert, latency", "us", 1.7, 1.3);
        compareSealed("known case");
        compareSealed("new case");
        report.faster("load, decide, append", "load-decide-append", "Axon load-decide-append", "commands/s", 2, 2);
        report.faster(
                "load, decide, append with known states",
                "load-decide-append, known states",
                "Axon load-decide-append",
                "commands/s",
                2,
                5);
        report.faster("one append of 1 000 events", "append of 1 000", "raw insert of 1 000", "events/s", 0.4, 0.6);
        report.faster("bulk import", "bulk import", "raw bulk", "events/s", 0.4, 0.6);
        report.faster("log read, pages of 1 000", "log read", "raw read", "events/s", 0.65, 0.9);
        report.atLeast("projection rebuild, idle", "projection rebuild", "events/s", 60_000, 150_000);
        report.atLeast("projection rebuild, under load", "projection rebuild, under load", "events/s", 30_000, 30_000);
        report.atMost("append to visible, p99, half load", "append to visible", "ms", 20, 10);
        report.atMost(
                "the same beside a long write transaction",
                "append to visible, beside a long transaction",
                "ms",
                20,
                10);
        report.atMost(
                "append to committed effect elsewhere, p99, half of the sustained rate",
                "append to effect",
                "ms",
                100,
                50);
        System.out.println(report.markdown());
        report.write(Path.of(System.getProperty("bench.directory", "../../target/bench")));
    }

    /** The whole log, from empty tables to the swap; under load while four clients append. */
    private void rebuilds() throws Exception {
        Tallies.table(db);
        for (int round = 0; round <= ROUNDS; round++) {
            double idle = rebuilt();
            double[] loaded = {0};
            Thread rebuilding = Thread.ofVirtual().unstarted(() -> loaded[0] = rebuilt());
            rebuilding.start();
            while (rebuilding.isAlive()) {
                loops(BULK_CLIENTS, this::append).during(BREATH);
            }
            settle();
            if (round > 0) {
                report.add("projection rebuild", idle);
                report.add("projection rebuild, under load", loaded[0]);
            }
        }
    }

    /** Events a second. */
    private double rebuilt() {
        Rebuild rebuild = new Rebuild(db.pool, new Tallies());
        rebuild.begin().await().indefinitely();
        long begun = System.nanoTime();
        // Nothing keeps these tables up to date, so there is nothing to compare with.
        assertThat(rebuild.run(true)).isEqualTo(Rebuild.State.SWAPPED);
        double seconds = (System.nanoTime() - begun) / 1e9;
        return db.number("select sum(events) from tallies") / seconds;
    }

    /** The reference is whichever plain way was better: nobody may say that we chose the slow one. */
    private void bestOf(String name, String one, String other, boolean more) {
        boolean first = report.median(one) > report.median(other) == more;
        report.add(name, report.median(first ? one : other));
    }

    /** Until nothing that a measure has left behind takes part in the next: what is pending, and the vacuum of its rows. */
    private void settle() throws InterruptedException {
        long patience = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (db.number("select count(*) from pending_0")
                                + db.number("select count(*) from pending_1")
                                + db.number("select count(*) from pending_2")
                        > 0
                || db.number("select count(*) from pg_stat_activity where backend_type = 'autovacuum worker'") > 0
                        && System.nanoTime() < patience) {
            Thread.sleep(20);
        }
    }

    private static Receipt receipt(long version) {
        byte[] key = new byte[32];
        ThreadLocalRandom.current().nextBytes(key);
        return new Receipt(
                HexFormat.of().formatHex(key, 0, 22),
                FINGERPRINT,
                new StoredAnswer(
                        201,
                        "/cases/4829-1370-6158",
                        version,
                        "{\"id\":\"4829-1370-6158\"}".getBytes(StandardCharsets.UTF_8)));
    }

    private static Append newStream(int events) {
        return new Append(
                List.of(Tally.KIND.append(
                        Tally.KIND.stream(Tally.newKey()),
                        ExpectedVersion.none(),
                        IntStream.range(0, events)
                                .mapToObj(n -> new Tally.Added(n, Tally.FILLER))
                                .toList())),
                BY,
                receipt(events));
    }

    private Uni<Long> append() {
        return store.append(newStream(1)).replaceWith(1L);
    }

    private Uni<Long> appendMany() {
        return store.append(newStream(BULK)).replaceWith((long) BULK);
    }

    /** Many streams in one append, as an import of another system's cases does it. */
    private Uni<Long> importMany() {
        return store.append(new Append(
                        IntStream.range(0, BULK / 10)
                                .mapToObj(n -> newStream(10).streams().getFirst())
                                .toList(),
                        BY,
                        receipt(1)))
                .replaceWith((long) BULK);
    }

    private static Uni<Long> handling(EventStore store, List<StreamId> streams) {
        byte[] answer = "{}".getBytes(StandardCharsets.UTF_8);
        return store.handle(
                        Tally.KIND,
                        streams.get(ThreadLocalRandom.current().nextInt(STREAMS)),
                        new Tally.Add(1),
                        ExpectedVersion.any(),
                        BY,
                        new Once<>(
                                receipt(1).key(),
                                FINGERPRINT,
                                handled -> new StoredAnswer(200, null, handled.version(), answer)))
                .replaceWith(1L);
    }

    private List<StreamId> streams(List<Integer> sizes) {
        List<StreamId> ids = new ArrayList<>();
        for (int size : sizes) {
            Append append = newStream(size);
            store.append(append).await().indefinitely();
            ids.add(append.streams().getFirst().stream());
        }
        return ids;
    }

    private Load.Client reading() {
        long[] cursor = {0};
        return () -> {
            List<LogEntry> page = store.log(cursor[0], 1_000).await().indefinitely();
            cursor[0] = page.size() < 1_000 ? 0 : page.getLast().seq();
            return page.size();
        };
    }

    /** From the moment when an append was due to the moment when a reader of the log has it, at half of the load that 16 clients make. */
    private void visible(String name, @org.jspecify.annotations.Nullable String longWrite) throws Exception {
        double rate = report.median("append, 16") / 2;
        SqlConnection holder = null;
        if (longWrite != null) {
            holder = db.pool(1).getConnection().await().indefinitely();
            holder.query("begin").execute().await().indefinitely();
            holder.query(longWrite).execute().await().indefinitely();
        }
        for (int round = 0; round <= ROUNDS; round++) {
            settle();
            var due = new ConcurrentHashMap<StreamId, Long>();
            var latencies = new ConcurrentLinkedQueue<Long>();
            long[] cursor = {db.number("select last_seq from log_head")};
            Loop reader = Loop.start(
                    "reader",
                    Duration.ofMillis(1),
                    () -> store.log(cursor[0], 1_000).map(page -> {
                        long now = System.nanoTime();
                        for (LogEntry entry : page) {
                            Long begun = due.remove(entry.event().stream());
                            if (begun != null) {
                                latencies.add(now - begun);
                            }
                            cursor[0] = entry.seq();
                        }
                        return page.size();
                    }));
            Load.open(rate, Duration.ofSeconds(longWrite == null ? 2 : 4), at -> {
                Append append = newStream(1);
                due.put(append.streams().getFirst().stream(), at);
                store.append(append).subscribe().with(done -> {}, failure -> {});
            });
            long patience = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (!due.isEmpty() && System.nanoTime() < patience) {
                Thread.sleep(5);
            }
            reader.close();
            assertThat(due).as("appended and never visible").isEmpty();
            long[] sorted =
                    latencies.stream().mapToLong(Long::longValue).sorted().toArray();
            if (round > 0) {
                report.add(name, Load.at(sorted, 0.99) / 1e3);
                report.add(name + ", median", Load.at(sorted, 0.5) / 1e3);
            }
        }
        if (holder != null) {
            holder.query("rollback").execute().await().indefinitely();
            holder.close().await().indefinitely();
        }
    }

    private void effects() throws InterruptedException {
        try (Pipeline pipeline = new Pipeline(db)) {
            this.pipeline.set(pipeline);
            // Half of what was sustained in the same round: the machine is not as quick in every one.
            for (int round = 0; round <= ROUNDS; round++) {
                double rate = pipeline.sustained(store, PIPELINE, () -> newStream(1));
                settle();
                long[] took = pipeline.latencies(store, rate / 2, Duration.ofSeconds(3), () -> newStream(1));
                if (round > 0) {
                    report.add("effects, sustained", rate);
                    report.add("append to effect", Load.at(took, 0.99) / 1e3);
                    report.add("append to effect, median", Load.at(took, 0.5) / 1e3);
                }
            }
        }
    }
}
