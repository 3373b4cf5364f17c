package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.passerelle.proof.Attestation;

/**
 * Where commands are handled and events are kept. What a returned {@link Uni} acknowledges is committed and durable.
 *
 * <p>Limits: an event at most {@value #MAX_EVENT_BYTES} bytes, an append at most {@value #MAX_EVENTS} events and
 * {@value #MAX_APPEND_BYTES} bytes. Too many waiting appends are refused as {@link AppendRejected.Unavailable}.
 */
public final class EventStore {

    public static final int MAX_EVENT_BYTES = 1_000_000;
    public static final int MAX_EVENTS = 10_000;
    public static final int MAX_APPEND_BYTES = 16_000_000;

    private static final int KNOWN_STATES = 10_000;

    /** A command without expected version is decided anew this often when others were quicker. */
    private static final int ATTEMPTS = 10;

    private final Pool pool;
    private final Appender appender;
    private final AppendQueue queue;
    private final Receipts receipts = new Receipts();
    private final StateCache states;

    /**
     * @param projections applied within every append of their categories
     * @param onAppended  called after commits, a hint for the sequencer of this process
     */
    public EventStore(Pool pool, List<InlineProjection> projections, Runnable onAppended) {
        this(pool, projections, onAppended, KNOWN_STATES);
    }

    /**
     * @param knownStates of how many streams the state is kept in memory; 0 for none
     */
    public EventStore(Pool pool, List<InlineProjection> projections, Runnable onAppended, int knownStates) {
        this(pool, projections, onAppended, knownStates, new Attestation.Maker("", null));
    }

    /** A store that attests events with its own key, see {@link Attestation}. */
    public EventStore(Pool pool, List<InlineProjection> projections, Runnable onAppended, Attestation.Maker attesting) {
        this(pool, projections, onAppended, KNOWN_STATES, attesting);
    }

    private EventStore(
            Pool pool,
            List<InlineProjection> projections,
            Runnable onAppended,
            int knownStates,
            Attestation.Maker attesting) {
        this.pool = pool;
        this.states = new StateCache(knownStates);
        this.appender = new Appender(projections, attesting);
        this.queue = new AppendQueue(pool, appender, onAppended);
    }

    /** The state of a stream; the initial one, at version 0, when it does not exist. */
    public <C, S, E> Uni<Loaded<S>> load(StreamKind<C, S, E> kind, StreamId stream) {
        return load(pool, kind, stream);
    }

    /** Reads on from the state that is known, after checking that its last event is still the same. */
    private <C, S, E> Uni<Loaded<S>> load(SqlClient client, StreamKind<C, S, E> kind, StreamId stream) {
        Optional<StateCache.Known<S>> known = states.get(stream);
        if (known.isEmpty()) {
            return loadAll(client, kind, stream);
        }
        StateCache.Known<S> from = known.get();
        return read(client, stream, from.version(), UpTo.now()).flatMap(events -> {
            if (events.isEmpty() || events.getFirst().id() != from.lastEventId()) {
                states.forget(stream); // the database was set back
                return loadAll(client, kind, stream);
            }
            return Uni.createFrom().item(evolved(kind, from.loaded(), events.subList(1, events.size())));
        });
    }

    private <C, S, E> Uni<Loaded<S>> loadAll(SqlClient client, StreamKind<C, S, E> kind, StreamId stream) {
        return read(client, stream, 1, UpTo.now()).map(events -> {
            Loaded<S> loaded = evolved(kind, new Loaded<>(kind.decider().initial(), 0), events);
            // Within somebody's transaction this may yet be rolled back.
            if (client == pool && !events.isEmpty()) {
                states.put(
                        stream,
                        new StateCache.Known<>(
                                loaded.state(),
                                loaded.version(),
                                events.getLast().id()));
            }
            return loaded;
        });
    }

    private static <C, S, E> Loaded<S> evolved(StreamKind<C, S, E> kind, Loaded<S> from, List<StoredEvent> events) {
        S state = from.state();
        for (StoredEvent event : events) {
            state = kind.decider().evolve(state, kind.types().decode(event));
        }
        return new Loaded<>(
                state, events.isEmpty() ? from.version() : events.getLast().version());
    }

    /** The state that a stream had. */
    public <C, S, E> Uni<Loaded<S>> load(StreamKind<C, S, E> kind, StreamId stream, UpTo upTo) {
        return read(pool, stream, 1, upTo)
                .map(events -> evolved(kind, new Loaded<>(kind.decider().initial(), 0), events));
    }

    /** All events of a stream, oldest first. */
    public <C, S, E> Uni<List<Recorded<E>>> history(StreamKind<C, S, E> kind, StreamId stream) {
        return history(kind, stream, UpTo.now());
    }

    /** The events of a stream so far, oldest first. */
    public <C, S, E> Uni<List<Recorded<E>>> history(StreamKind<C, S, E> kind, StreamId stream, UpTo upTo) {
        return read(pool, stream, 1, upTo)
                .map(events -> events.stream()
                        .map(stored -> new Recorded<>(
                                stored.stream(),
                                stored.version(),
                                kind.types().decode(stored),
                                stored.recordedAt(),
                                stored.metadata()))
                        .toList());
    }

    private static Uni<List<StoredEvent>> read(SqlClient client, StreamId stream, long from, UpTo upTo) {
        String select = "select " + Rows.EVENT_COLUMNS + " from event e where e.stream_id = $1 and e.version >= $2";
        Uni<RowSet<Row>> rows = switch (upTo) {
            case UpTo.Now now ->
                client.preparedQuery(select + " order by e.version").execute(tuple(stream.text(), from));
            case UpTo.Version version ->
                client.preparedQuery(select + " and e.version <= $3 order by e.version")
                        .execute(tuple(stream.text(), from, version.version()));
            case UpTo.At at ->
                client.preparedQuery(select + " and e.recorded_at <= $3 order by e.version")
                        .execute(tuple(stream.text(), from, Rows.utc(at.instant())));
        };
        return rows.map(found -> {
            List<StoredEvent> events = new ArrayList<>(found.size());
            found.forEach(row -> events.add(Rows.event(stream, row)));
            return events;
        });
    }

    /**
     * Loads, decides, appends. Without an expected version the command is decided anew when somebody else was quicker.
     *
     * @return failing with {@link Refusal} or {@link AppendRejected}
     */
    public <C, S, E> Uni<Handled<S, E>> handle(
            StreamKind<C, S, E> kind, StreamId stream, C command, ExpectedVersion expected, Metadata by) {
        return decidedUntilNobodyWasQuicker(
                kind,
                stream,
                command,
                expected,
                decision -> decision.events().isEmpty()
                        ? Uni.createFrom().item(decision.handled())
                        : append(kind, decision, by, null).replaceWith(decision.handled()));
    }

    /**
     * The same with a receipt: one effect however often it is asked for, and always the first answer.
     *
     * @return failing with {@link Refusal} or {@link AppendRejected}
     */
    public <C, S, E> Uni<Outcome<S, E>> handle(
            StreamKind<C, S, E> kind,
            StreamId stream,
            C command,
            ExpectedVersion expected,
            Metadata by,
            Once<S, E> once) {
        return this.<C, S, E, Outcome<S, E>>decidedUntilNobodyWasQuicker(kind, stream, command, expected, decision -> {
                    StoredAnswer answer = once.answer().apply(decision.handled());
                    return append(kind, decision, by, new Receipt(once.key(), once.fingerprint(), answer))
                            .replaceWith(new Outcome.Done<>(decision.handled(), answer));
                })
                .onFailure(AlreadyAnswered.class)
                .recoverWithItem(failure -> new Outcome.Repeated<>(((AlreadyAnswered) failure).answer()))
                // If the command took effect before, then its answer, not our refusal, is the truth.
                .onFailure(failure -> failure instanceof Refusal || failure instanceof AppendRejected.VersionConflict)
                .recoverWithUni(failure -> answerTo(once.key(), once.fingerprint())
                        .map(first -> {
                            if (first.isPresent()) {
                                return new Outcome.Repeated<S, E>(first.get());
                            }
                            throw (RuntimeException) failure;
                        }));
    }

    /** The answer that was given under a key, if any; fails when the key was used for another request. */
    public Uni<Optional<StoredAnswer>> answerTo(String key, byte[] fingerprint) {
        return receipts.find(pool, key, fingerprint);
    }

    /**
     * The first time on the state that is known, if one is; from then on, and before anything is refused or found to be
     * a repeat, on the state as it is.
     */
    private <C, S, E, R> Uni<R> decidedUntilNobodyWasQuicker(
            StreamKind<C, S, E> kind,
            StreamId stream,
            C command,
            ExpectedVersion expected,
            Function<? super Decision<S, E>, Uni<? extends R>> append) {
        AtomicBoolean known = new AtomicBoolean(true);
        return Uni.createFrom()
                .deferred(() -> {
                    Optional<Decision<S, E>> quick = known.getAndSet(false)
                            ? decidedOnTheKnown(kind, stream, command, expected)
                            : Optional.empty();
                    return quick.isPresent()
                            ? Uni.createFrom()
                                    .<R>deferred(() -> append.apply(quick.get()))
                                    // What is known may be older than what the caller expects.
                                    .onFailure(failure -> failure instanceof AppendRejected.VersionConflict)
                                    .recoverWithUni(() -> decided(kind, stream, command, expected)
                                            .flatMap(append))
                            : decided(kind, stream, command, expected).flatMap(append);
                })
                .onFailure(failure ->
                        failure instanceof AppendRejected.VersionConflict && expected instanceof ExpectedVersion.Any)
                .retry()
                .atMost(ATTEMPTS);
    }

    private <C, S, E> Optional<Decision<S, E>> decidedOnTheKnown(
            StreamKind<C, S, E> kind, StreamId stream, C command, ExpectedVersion expected) {
        Optional<StateCache.Known<S>> known = states.get(stream);
        if (known.isEmpty() || !expected.admits(known.get().version())) {
            return Optional.empty();
        }
        try {
            Decision<S, E> decision = decide(kind, stream, command, known.get().loaded());
            return decision.events().isEmpty() ? Optional.empty() : Optional.of(decision);
        } catch (Refusal refusal) {
            return Optional.empty();
        }
    }

    private <C, S, E> Uni<Decision<S, E>> decided(
            StreamKind<C, S, E> kind, StreamId stream, C command, ExpectedVersion expected) {
        Uni<Loaded<S>> state = expected instanceof ExpectedVersion.None
                        && states.get(stream).isEmpty()
                ? Uni.createFrom().item(() -> new Loaded<>(kind.decider().initial(), 0)) // the append will tell
                : load(kind, stream);
        return state.map(loaded -> {
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

    private <C, S, E> Uni<Appended> append(
            StreamKind<C, S, E> kind, Decision<S, E> decision, Metadata by, @Nullable Receipt receipt) {
        return append(new Append(List.of(decision.append(kind)), by, receipt)).invoke(appended -> {
            if (!appended.events().isEmpty()) {
                StoredEvent last = appended.events().getLast();
                states.put(decision.stream(), new StateCache.Known<>(decision.state(), last.version(), last.id()));
            }
        });
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
        return loadIn(tx, kind, stream).flatMap(loaded -> {
            Decision<S, E> decision = decide(kind, stream, command, loaded);
            if (decision.events().isEmpty()) {
                return Uni.createFrom().item(decision.handled());
            }
            return appendIn(tx, new Append(List.of(decision.append(kind)), by, null))
                    .replaceWith(decision.handled());
        });
    }

    /** The state of a stream as this transaction sees it, with the stream locked. */
    public <C, S, E> Uni<Loaded<S>> loadIn(SqlConnection tx, StreamKind<C, S, E> kind, StreamId stream) {
        return appender.lock(tx, List.of(stream)).flatMap(locked -> load(tx, kind, stream));
    }

    /**
     * Appends to one or several streams, all or nothing. Concurrent appends may share a transaction; the order of
     * appends to one stream is that in which they were given.
     *
     * @return failing with {@link AppendRejected}, and with {@link AlreadyAnswered} when the receipt is known
     */
    public Uni<Appended> append(Append append) {
        return Uni.createFrom().deferred(() -> {
            append.checkLimits();
            return queue.append(append);
        });
    }

    /** Appends inside a transaction of the caller. */
    public Uni<Appended> appendIn(SqlConnection tx, Append append) {
        append.checkLimits();
        return appender.append(tx, append);
    }

    /** The events of the log after a position, oldest first; see {@link LogEntry}. */
    public Uni<List<LogEntry>> log(long after, int limit) {
        return EventLog.read(pool, after, limit);
    }

    /** The same for some categories only; see {@link EventLog#read(SqlClient, long, int, Set)}. */
    public Uni<LogPage> log(long after, int positions, Set<String> categories) {
        return EventLog.read(pool, after, positions, categories);
    }
}
