package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where commands are handled and events are kept. What a returned {@link Uni} acknowledges is committed and durable.
 *
 * <p>Limits: an event at most {@value #MAX_EVENT_BYTES} bytes, an append at most {@value #MAX_EVENTS} events.
 */
public final class EventStore {

    public static final int MAX_EVENT_BYTES = 1_000_000;
    public static final int MAX_EVENTS = 10_000;

    /** A command without expected version is decided anew this often when others were quicker. */
    private static final int ATTEMPTS = 10;

    private final Pool pool;
    private final Appender appender;
    private final Receipts receipts = new Receipts();
    private final Runnable onAppended;

    /**
     * @param projections applied within every append of their categories
     * @param onAppended  called after each commit, a hint for the sequencer of this process
     */
    public EventStore(Pool pool, List<InlineProjection> projections, Runnable onAppended) {
        this.pool = pool;
        this.appender = new Appender(projections);
        this.onAppended = onAppended;
    }

    /** The state of a stream; the initial one, at version 0, when it does not exist. */
    public <C, S, E> Uni<Loaded<S>> load(StreamKind<C, S, E> kind, StreamId stream) {
        return load(pool, kind, stream);
    }

    private <C, S, E> Uni<Loaded<S>> load(SqlClient client, StreamKind<C, S, E> kind, StreamId stream) {
        return read(client, stream).map(stored -> {
            S state = kind.decider().initial();
            for (StoredEvent event : stored) {
                state = kind.decider().evolve(state, kind.types().decode(event));
            }
            return new Loaded<>(state, stored.isEmpty() ? 0 : stored.getLast().version());
        });
    }

    /** All events of a stream, oldest first. */
    public <C, S, E> Uni<List<Recorded<E>>> history(StreamKind<C, S, E> kind, StreamId stream) {
        return read(pool, stream)
                .map(events -> events.stream()
                        .map(stored -> new Recorded<>(
                                stored.stream(),
                                stored.version(),
                                kind.types().decode(stored),
                                stored.recordedAt(),
                                stored.metadata()))
                        .toList());
    }

    private static Uni<List<StoredEvent>> read(SqlClient client, StreamId stream) {
        return client.preparedQuery(
                        "select " + Rows.EVENT_COLUMNS + " from event e where e.stream_id = $1 order by e.version")
                .execute(tuple(stream.text()))
                .map(rows -> {
                    List<StoredEvent> events = new ArrayList<>(rows.size());
                    rows.forEach(row -> events.add(Rows.event(row)));
                    return events;
                });
    }

    /**
     * Loads, decides, appends. Without an expected version the command is decided anew when somebody else was quicker.
     *
     * @return failing with {@link Refusal} or {@link AppendRejected.VersionConflict}; then nothing was changed
     */
    public <C, S, E> Uni<Handled<S, E>> handle(
            StreamKind<C, S, E> kind, StreamId stream, C command, ExpectedVersion expected, Metadata by) {
        return decided(kind, stream, command, expected)
                .flatMap(decision -> decision.events().isEmpty()
                        ? Uni.createFrom().item(decision)
                        : append(new Append(List.of(decision.append(kind)), by, null))
                                .replaceWith(decision))
                .map(Decision::handled)
                .onFailure(failure -> isRace(failure, expected))
                .retry()
                .atMost(ATTEMPTS);
    }

    /**
     * The same with a receipt: one effect however often it is asked for, and always the first answer.
     *
     * @return failing also with {@link AppendRejected.InFlight} and {@link AppendRejected.KeyReused}
     */
    public <C, S, E> Uni<Outcome<S, E>> handle(
            StreamKind<C, S, E> kind,
            StreamId stream,
            C command,
            ExpectedVersion expected,
            Metadata by,
            Once<S, E> once) {
        Uni<Outcome<S, E>> fresh = decided(kind, stream, command, expected).flatMap(decision -> {
            Handled<S, E> handled = decision.handled();
            StoredAnswer answer = once.answer().apply(handled);
            Receipt receipt = new Receipt(once.key(), once.fingerprint(), answer);
            return append(new Append(List.of(decision.append(kind)), by, receipt))
                    .replaceWith((Outcome<S, E>) new Outcome.Done<>(handled, answer));
        });
        return answeredBefore(once, fresh)
                .onFailure(AlreadyAnswered.class)
                .recoverWithItem(failure -> new Outcome.Repeated<>(((AlreadyAnswered) failure).answer()))
                // A twin of this request may have taken effect between our look at the receipts and our decision;
                // then its answer, not our refusal, is the truth.
                .onFailure(failure -> failure instanceof Refusal || failure instanceof AppendRejected.VersionConflict)
                .recoverWithUni(failure -> answeredBefore(once, Uni.createFrom().failure(failure)))
                .onFailure(failure -> isRace(failure, expected))
                .retry()
                .atMost(ATTEMPTS);
    }

    private <S, E> Uni<Outcome<S, E>> answeredBefore(Once<S, E> once, Uni<Outcome<S, E>> otherwise) {
        return receipts.find(pool, once.key(), once.fingerprint())
                .flatMap(first ->
                        first.isPresent() ? Uni.createFrom().item(new Outcome.Repeated<>(first.get())) : otherwise);
    }

    /** The answer that was given under a key, if any; fails when the key was used for another request. */
    public Uni<Optional<StoredAnswer>> answerTo(String key, byte[] fingerprint) {
        return receipts.find(pool, key, fingerprint);
    }

    private static boolean isRace(Throwable failure, ExpectedVersion expected) {
        return failure instanceof AppendRejected.VersionConflict && expected instanceof ExpectedVersion.Any;
    }

    private <C, S, E> Uni<Decision<S, E>> decided(
            StreamKind<C, S, E> kind, StreamId stream, C command, ExpectedVersion expected) {
        return load(kind, stream).map(loaded -> {
            if (!expected.admits(loaded.version())) {
                throw new AppendRejected.VersionConflict(stream, loaded.version());
            }
            return decide(kind, stream, command, loaded);
        });
    }

    private static <C, S, E> Decision<S, E> decide(
            StreamKind<C, S, E> kind, StreamId stream, C command, Loaded<S> loaded) {
        List<E> events = kind.decider().decide(command, loaded.state());
        return new Decision<>(stream, loaded.version(), kind.decider().fold(loaded.state(), events), events);
    }

    private record Decision<S, E>(StreamId stream, long decidedOn, S state, List<E> events) {

        <C> StreamAppend append(StreamKind<C, S, E> kind) {
            return kind.append(stream, ExpectedVersion.exactly(decidedOn), events);
        }

        Handled<S, E> handled() {
            return new Handled<>(stream, state, events, decidedOn + events.size());
        }
    }

    /**
     * Handles a command inside the transaction of an effect: locks the stream first, so it cannot conflict. The caller
     * has locked its own row (a consumer's, a deadline's) before.
     */
    public <C, S, E> Uni<Handled<S, E>> handleIn(
            SqlConnection tx, StreamKind<C, S, E> kind, StreamId stream, C command, Metadata by) {
        return appender.lock(tx, List.of(stream))
                .flatMap(locked -> load(tx, kind, stream))
                .flatMap(loaded -> {
                    Decision<S, E> decision = decide(kind, stream, command, loaded);
                    if (decision.events().isEmpty()) {
                        return Uni.createFrom().item(decision.handled());
                    }
                    return appender.append(tx, new Append(List.of(decision.append(kind)), by, null))
                            .replaceWith(decision.handled());
                });
    }

    /** The state of a stream as this transaction sees it, with the stream locked. */
    public <C, S, E> Uni<Loaded<S>> loadIn(SqlConnection tx, StreamKind<C, S, E> kind, StreamId stream) {
        return appender.lock(tx, List.of(stream)).flatMap(locked -> load(tx, kind, stream));
    }

    /**
     * Appends to one or several streams, all or nothing.
     *
     * @return failing with {@link AppendRejected}, and with {@link AlreadyAnswered} when the receipt is known
     */
    public Uni<Appended> append(Append append) {
        return Uni.createFrom()
                .deferred(() -> pool.withTransaction(tx -> appender.append(tx, append)))
                .invoke(onAppended);
    }

    /** Appends inside a transaction of the caller. */
    public Uni<Appended> appendIn(SqlConnection tx, Append append) {
        return appender.append(tx, append);
    }

    /** The events of the log after a position, oldest first; see {@link LogEntry}. */
    public Uni<List<LogEntry>> log(long after, int limit) {
        return EventLog.read(pool, after, limit);
    }
}
