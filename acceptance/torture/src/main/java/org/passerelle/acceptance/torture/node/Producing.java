package org.passerelle.acceptance.torture.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.passerelle.acceptance.torture.history.Entry.Seen;
import org.passerelle.acceptance.torture.history.Entry.Target;
import org.passerelle.acceptance.torture.history.Entry.Verdict;
import org.passerelle.eventsourcing.AlreadyAnswered;
import org.passerelle.eventsourcing.Append;
import org.passerelle.eventsourcing.AppendRejected;
import org.passerelle.eventsourcing.Appended;
import org.passerelle.eventsourcing.DeadlineHandler;
import org.passerelle.eventsourcing.Deadlines;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.KafkaSender;
import org.passerelle.eventsourcing.KafkaTail;
import org.passerelle.eventsourcing.LogEntry;
import org.passerelle.eventsourcing.Loop;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.Once;
import org.passerelle.eventsourcing.Outcome;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.eventsourcing.Receipt;
import org.passerelle.eventsourcing.Relay;
import org.passerelle.eventsourcing.Restore;
import org.passerelle.eventsourcing.RestoreCheck;
import org.passerelle.eventsourcing.Sequencer;
import org.passerelle.eventsourcing.StoredAnswer;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.eventsourcing.StreamAppend;
import org.passerelle.eventsourcing.StreamId;

/** A replica that takes operations, sequences, publishes and fires deadlines. */
final class Producing implements AutoCloseable {

    static final String SERVICE = "torture";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration ADOPT_LIMIT = Duration.ofSeconds(60);
    private static final int PAGE = 500;

    private final Pool pool;
    private final EventStore store;
    private final KafkaSender sender;
    private final List<Loop> loops = new ArrayList<>();
    private final Semaphore moved = new Semaphore(0);
    private final RestoreCheck restoreCheck;
    private final Restore restore;

    Producing(Pool pool, Settings settings) {
        this.pool = pool;
        this.sender = new KafkaSender(settings.kafka(), Map.of("client.id", settings.name()));
        this.store = new EventStore(pool, List.of(), () -> loops.getFirst().nudge());
        KafkaTail tail = new KafkaTail(Map.of("bootstrap.servers", settings.kafka()));
        this.restoreCheck = new RestoreCheck(pool, SERVICE, List.of(Settings.TOPIC), tail);
        this.restore = new Restore(pool, SERVICE, List.of(Settings.TOPIC), tail, Producing::publicForm);
        // Before the first request: a log that lies behind its topic takes nothing.
        restoreCheck.look().await().atMost(Duration.ofSeconds(60));
        Relay relay = new Relay(pool, Settings.TOPIC, SERVICE, Producing::publicForm, sender, restoreCheck::sound);
        Loop publishes = Loop.start("relay", Duration.ofMillis(50), relay);
        Sequencer sequencer = new Sequencer(pool, restoreCheck::sound);
        loops.add(Loop.start("sequencer", Duration.ofMillis(50), new Loop.Step() {
            @Override
            public Uni<Integer> step() {
                return sequencer.step().invoke(count -> {
                    if (count > 0) {
                        publishes.nudge();
                        moved.release();
                    }
                });
            }

            @Override
            public Uni<Void> stop() {
                return sequencer.stop();
            }
        }));
        loops.add(publishes);
        Deadlines deadlines =
                new Deadlines(pool, List.of(new Rings()), () -> loops.getFirst().nudge());
        loops.add(Loop.start(
                "deadlines",
                Duration.ofMillis(100),
                () -> behind() ? Uni.createFrom().item(0) : deadlines.step()));
        loops.add(Loop.start(
                "restore check",
                Duration.ofSeconds(1),
                () -> restoreCheck.watch().replaceWith(0)));
    }

    private boolean behind() {
        return restoreCheck.verdict().stops();
    }

    private static Optional<PublicEvent> publicForm(StoredEvent stored) {
        String key = stored.stream().key();
        return Optional.of(new PublicEvent(
                ConsumingNode.TYPE,
                key,
                key,
                Map.of("token", Tally.TYPES.decode(stored).token())));
    }

    /** What a deadline does: it adds the event that says so. */
    private final class Rings implements DeadlineHandler {
        @Override
        public String category() {
            return Tally.KIND.category();
        }

        @Override
        public Uni<Void> due(SqlConnection tx, StreamId stream, String name, Instant due) {
            return store.handleIn(tx, Tally.KIND, stream, new Tally.Ring(name, due), Metadata.system("torture"))
                    .replaceWithVoid();
        }
    }

    void serve(HttpServer server) {
        Node.answer(
                server,
                "/append",
                exchange -> Wire.JSON.writeValueAsBytes(
                        append(Wire.JSON.readValue(exchange.getRequestBody(), Wire.Ask.class))));
        Node.answer(
                server,
                "/log",
                exchange -> Wire.JSON.writeValueAsBytes(
                        page(number(exchange)).await().atMost(LIMIT)));
        Node.answer(server, "/adopt", exchange -> Wire.JSON.writeValueAsBytes(adopt()));
        Node.answer(
                server,
                "/verdict",
                exchange -> Wire.JSON.writeValueAsBytes(
                        restoreCheck.verdict().getClass().getSimpleName()));
        Node.answer(server, "/stream", exchange -> Wire.JSON.writeValueAsBytes(stream(argument(exchange))));
        server.createContext("/tail", this::tail);
    }

    private static String argument(HttpExchange exchange) {
        return exchange.getRequestURI().getQuery();
    }

    private static long number(HttpExchange exchange) {
        return Long.parseLong(argument(exchange));
    }

    private Wire.Stream stream(String text) {
        return new Wire.Stream(store.history(Tally.KIND, StreamId.parse(text)).await().atMost(LIMIT).stream()
                .map(recorded -> recorded.event().token())
                .toList());
    }

    private record Life(String epoch, long firstSeq) {}

    private Uni<Life> life() {
        return pool.query("select epoch::text as epoch, first_seq from log_epoch"
                        + " where first_seq is not null order by number desc limit 1")
                .execute()
                .map(rows -> rows.iterator().next())
                .map(row -> new Life(row.getString("epoch"), row.getLong("first_seq")));
    }

    /** The epoch is asked for before and after: a page belongs to one life of the log. */
    private Uni<Wire.Page> page(long after) {
        return life().flatMap(life -> store.log(after, PAGE)
                .flatMap(entries -> life().map(again -> {
                    if (!again.equals(life)) {
                        throw new IllegalStateException("another epoch has begun");
                    }
                    return new Wire.Page(
                            life.epoch(),
                            life.firstSeq(),
                            entries.stream().map(Producing::seen).toList());
                })));
    }

    /** Adopts a restored log, as an operator does; whoever asks again learns what was done. */
    private Wire.Adopted adopt() {
        try {
            restore.adopt("operator").await().atMost(ADOPT_LIMIT);
        } catch (Restore.NothingToAdopt done) {
            // A first request was not answered in time and took effect nevertheless.
        }
        restoreCheck.look().await().atMost(ADOPT_LIMIT);
        return pool.query("select epoch::text as epoch, first_seq from log_epoch"
                        + " where first_seq is not null order by number desc limit 2")
                .execute()
                .map(rows -> {
                    var row = rows.iterator();
                    var begun = row.next();
                    return new Wire.Adopted(
                            row.next().getString("epoch"), begun.getString("epoch"), begun.getLong("first_seq") - 1);
                })
                .await()
                .atMost(LIMIT);
    }

    private static Seen seen(LogEntry entry) {
        StoredEvent event = entry.event();
        return new Seen(
                entry.seq(),
                event.stream().text(),
                event.version(),
                Tally.TYPES.decode(event).token());
    }

    /** The log from a position on and then as it grows, a page of JSON on each line, as long as somebody reads. */
    private void tail(HttpExchange exchange) throws IOException {
        try (exchange) {
            long after = number(exchange);
            exchange.sendResponseHeaders(200, 0);
            var out = exchange.getResponseBody();
            while (true) {
                Wire.Page page = page(after).await().atMost(LIMIT);
                out.write((Wire.JSON.writeValueAsString(page) + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
                if (!page.events().isEmpty()) {
                    after = page.events().getLast().seq();
                } else if (moved.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                    moved.drainPermits();
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException trouble) {
            // The reader takes up again where it was, here or elsewhere.
            return;
        }
    }

    private Wire.Answer append(Wire.Ask ask) {
        if (behind()) {
            return new Wire.Answer(null, Map.of(), "the restored log waits for an operator");
        }
        byte[] fingerprint = ask.op().getBytes(StandardCharsets.UTF_8);
        StoredAnswer answer = new StoredAnswer(201, null, 0, fingerprint);
        try {
            return switch (ask.way()) {
                case COMMAND -> command(ask, fingerprint, answer);
                case APPEND ->
                    accepted(store.append(append(ask, fingerprint, answer))
                            .await()
                            .atMost(LIMIT));
                case TRANSACTION -> accepted(transaction(ask, append(ask, fingerprint, answer)));
            };
        } catch (AlreadyAnswered repeated) {
            return new Wire.Answer(Verdict.REPEATED, Map.of(), "");
        } catch (AppendRejected.VersionConflict conflict) {
            return answeredBefore(ask, fingerprint);
        } catch (AppendRejected.KeyReused wrong) {
            return new Wire.Answer(Verdict.NONSENSE, Map.of(), "the key was never used for another request");
        } catch (Aborted aborted) {
            return new Wire.Answer(Verdict.ABORTED, Map.of(), "");
        } catch (RuntimeException unknown) {
            return unknown(unknown);
        }
    }

    private static Wire.Answer unknown(RuntimeException failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return new Wire.Answer(null, Map.of(), cause.getClass().getName());
    }

    /** A conflict with one's own first attempt is a repeat. */
    private Wire.Answer answeredBefore(Wire.Ask ask, byte[] fingerprint) {
        if (ask.receipt() == null) {
            return new Wire.Answer(Verdict.CONFLICT, Map.of(), "");
        }
        try {
            boolean known = store.answerTo(ask.receipt(), fingerprint)
                    .await()
                    .atMost(LIMIT)
                    .isPresent();
            return new Wire.Answer(known ? Verdict.REPEATED : Verdict.CONFLICT, Map.of(), "");
        } catch (RuntimeException unknown) {
            return unknown(unknown);
        }
    }

    private static Wire.Answer accepted(Appended appended) {
        Map<String, Long> versions = new HashMap<>();
        appended.versions().forEach((stream, version) -> versions.put(stream.text(), version));
        return new Wire.Answer(Verdict.ACCEPTED, versions, "");
    }

    private Wire.Answer command(Wire.Ask ask, byte[] fingerprint, StoredAnswer answer) {
        Target target = ask.targets().getFirst();
        Tally.Command command = new Tally.Add(
                target.tokens().getFirst(), due(ask, target, target.tokens().getFirst()));
        if (ask.receipt() == null) {
            var handled = store.handle(Tally.KIND, StreamId.parse(target.stream()), command, expected(target), by())
                    .await()
                    .atMost(LIMIT);
            return told(target, handled.state(), handled.version());
        }
        Outcome<Tally, Tally.Event> outcome = store.handle(
                        Tally.KIND,
                        StreamId.parse(target.stream()),
                        command,
                        expected(target),
                        by(),
                        new Once<>(ask.receipt(), fingerprint, handled -> answer))
                .await()
                .atMost(LIMIT);
        return switch (outcome) {
            case Outcome.Repeated<Tally, Tally.Event> repeated -> new Wire.Answer(Verdict.REPEATED, Map.of(), "");
            case Outcome.Done<Tally, Tally.Event> done ->
                told(target, done.handled().state(), done.handled().version());
        };
    }

    /** The state counts the events, so it must agree with the version: a stale cache would show here. */
    private static Wire.Answer told(Target target, Tally state, long version) {
        return new Wire.Answer(
                state.count() == version ? Verdict.ACCEPTED : Verdict.NONSENSE, Map.of(target.stream(), version), "");
    }

    private static Metadata by() {
        return Metadata.system("torture");
    }

    private static ExpectedVersion expected(Target target) {
        return target.expected() < 0 ? ExpectedVersion.any() : ExpectedVersion.exactly(target.expected());
    }

    private static java.time.@org.jspecify.annotations.Nullable Instant due(Wire.Ask ask, Target target, String token) {
        return target.alarms().contains(token) ? Instant.now().plusMillis(ask.dueMillis()) : null;
    }

    private Append append(Wire.Ask ask, byte[] fingerprint, StoredAnswer answer) {
        List<StreamAppend> streams = new ArrayList<>();
        for (Target target : ask.targets()) {
            List<Tally.Event> events = target.tokens().stream()
                    .<Tally.Event>map(token -> new Tally.Added(token, due(ask, target, token)))
                    .toList();
            streams.add(Tally.KIND.append(StreamId.parse(target.stream()), expected(target), events));
        }
        return new Append(
                streams, by(), ask.receipt() == null ? null : new Receipt(ask.receipt(), fingerprint, answer));
    }

    /** Rolled back on purpose. */
    private static final class Aborted extends RuntimeException {
        Aborted() {
            super("aborted", null, false, false);
        }
    }

    /** Writes before it appends, so that its transaction is old, and holds everything for a while. */
    private Appended transaction(Wire.Ask ask, Append append) {
        return pool.withTransaction(tx -> tx.preparedQuery("insert into noise (op) values ($1)")
                        .execute(Tuple.of(ask.op()))
                        .chain(() -> sleep(tx, ask.waitMillis()))
                        .chain(() -> store.appendIn(tx, append))
                        .call(() -> sleep(tx, ask.holdMillis()))
                        .invoke(() -> {
                            if (ask.aborts()) {
                                throw new Aborted();
                            }
                        }))
                .await()
                .atMost(LIMIT);
    }

    private static Uni<Void> sleep(SqlConnection tx, int millis) {
        return millis == 0
                ? Uni.createFrom().voidItem()
                : tx.preparedQuery("select pg_sleep($1)")
                        .execute(Tuple.of(millis / 1000.0))
                        .replaceWithVoid();
    }

    @Override
    public void close() {
        loops.forEach(Loop::close);
        sender.close();
    }
}
