package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.sealing.DataKeys;
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

    /** Streams whose state is kept in memory, unless somebody says otherwise. */
    public static final int KNOWN_STATES = 10_000;

    /** A command without expected version is decided anew this often when others were quicker. */
    private static final int ATTEMPTS = 10;

    private final Pool pool;
    private final Appender appender;
    private final AppendQueue queue;
    private final Receipts receipts = new Receipts();
    private final StateCache states;
    private final Sealing sealing;

    /**
     * @param projections applied within every append of their categories
     * @param onAppended  called after commits, a hint for the sequencer of this process
     */
    public EventStore(Pool pool, List<InlineProjection> projections, Runnable onAppended) {
        this(pool, projections, onAppended, KNOWN_STATES, null, new Attestation.Maker("", null));
    }

    /**
     * @param knownStates of how many streams the state is kept in memory; 0 for none
     * @param keys        seal personal fields; without them no event that has any is stored
     * @param attesting   attests events with the service's own key, see {@link Attestation}
     */
    public EventStore(
            Pool pool,
            List<InlineProjection> projections,
            Runnable onAppended,
            int knownStates,
            @Nullable DataKeys keys,
            Attestation.Maker attesting) {
        this.pool = pool;
        this.sealing = new Sealing(keys);
        this.states = new StateCache(knownStates);
        this.appender = new Appender(projections, attesting);
        this.queue = new AppendQueue(pool, appender, onAppended);
    }

    /** The state of a stream; the initial one, at version 0, when it does not exist. */
    public <C, S, E> Uni<Loaded<S>> load(StreamKind<C, S, E> kind, StreamId stream) {
        return load(pool, kind, stream).map(Opened::loaded);
    }

    /** @param keys of the personal fields that the state may hold */
    private record Opened<S>(Loaded<S> loaded, Set<String> keys) {}

    /** Reads on from the state that is known, after checking that its last event is still the same. */
    private <C, S, E> Uni<Opened<S>> load(SqlClient client, StreamKind<C, S, E> kind, StreamId stream) {
        Optional<StateCache.Known<S>> known = states.get(stream);
        if (known.isEmpty()) {
            return loadAll(client, kind, stream);
        }
        StateCache.Known<S> from = known.get();
        return sealing.live(from.keys()).flatMap(live -> {
            if (!live) {
                states.forget(stream); // somebody was erased
                return loadAll(client, kind, stream);
            }
            return toEvolve(client, kind, stream, from.version()).flatMap(events -> {
                if (events.isEmpty() || events.getFirst().id() != from.lastEventId()) {
                    states.forget(stream); // the database was set back
                    return loadAll(client, kind, stream);
                }
                return Uni.createFrom()
                        .item(new Opened<>(
                                evolved(kind, from.loaded(), events.subList(1, events.size())),
                                keys(kind, from.keys(), events)));
            });
        });
    }

    private static Set<String> keys(StreamKind<?, ?, ?> kind, Set<String> before, List<StoredEvent> events) {
        if (!kind.types().personal()) {
            return before;
        }
        Set<String> keys = new HashSet<>(before);
        events.forEach(event -> keys.addAll(event.keys().ids()));
        keys.retainAll(union(before, Sealing.keysIn(events)));
        return Set.copyOf(keys);
    }

    private <C, S, E> Uni<Opened<S>> loadAll(SqlClient client, StreamKind<C, S, E> kind, StreamId stream) {
        return toEvolve(client, kind, stream, 1).map(events -> {
            Loaded<S> loaded = evolved(kind, new Loaded<>(kind.decider().initial(), 0), events);
            Set<String> keys = keys(kind, Set.of(), events);
            // Within somebody's transaction this may yet be rolled back.
            if (client == pool && !events.isEmpty()) {
                states.put(
                        stream,
                        new StateCache.Known<>(
                                loaded.state(),
                                loaded.version(),
                                events.getLast().id(),
                                keys));
            }
            return new Opened<>(loaded, keys);
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
        return read(pool, kind, stream, 1, upTo)
                .map(events -> evolved(kind, new Loaded<>(kind.decider().initial(), 0), events));
    }

    /** All events of a stream, oldest first. */
    public <C, S, E> Uni<List<Recorded<E>>> history(StreamKind<C, S, E> kind, StreamId stream) {
        return history(kind, stream, UpTo.now());
    }

    /** The events of a stream so far, oldest first. */
    public <C, S, E> Uni<List<Recorded<E>>> history(StreamKind<C, S, E> kind, StreamId stream, UpTo upTo) {
        return read(pool, kind, stream, 1, upTo)
                .map(events -> events.stream()
                        .map(stored -> new Recorded<>(
                                stored.stream(),
                                stored.version(),
                                kind.types().decode(stored),
                                stored.recordedAt(),
                                stored.metadata()))
                        .toList());
    }

    /** Without who and when, which no state is made of: to send and to decode these is a third of a load. */
    private Uni<List<StoredEvent>> toEvolve(SqlClient client, StreamKind<?, ?, ?> kind, StreamId stream, long from) {
        Uni<List<StoredEvent>> events = client.preparedQuery("select e.id, e.version, e.type, e.schema_version, e.data"
                        + " from event e where e.stream_id = $1 and e.version >= $2 order by e.version")
                .execute(tuple(stream.text(), from))
                .map(found -> {
                    List<StoredEvent> stored = new ArrayList<>(found.size());
                    found.forEach(row -> stored.add(Rows.eventToEvolve(stream, row.getDelegate())));
                    return stored;
                });
        return kind.types().personal() ? events.flatMap(sealing::open) : events;
    }

    private Uni<List<StoredEvent>> read(
            SqlClient client, StreamKind<?, ?, ?> kind, StreamId stream, long from, UpTo upTo) {
        Uni<List<StoredEvent>> events = read(client, stream, from, upTo);
        return kind.types().personal() ? events.flatMap(sealing::open) : events;
    }

    /**
     * The stored names of those events of some streams that have personal fields in the clear, from before they were
     * sealed: destroying keys does not erase them.
     */
    public Uni<Set<String>> inTheClear(EventTypes<?> types, Collection<StreamId> streams) {
        return Multi.createFrom()
                .iterable(streams)
                .onItem()
                .transformToUniAndConcatenate(stream -> read(pool, stream, 1, UpTo.now()))
                .collect()
                .asList()
                .map(all -> all.stream()
                        .flatMap(List::stream)
                        .filter(types::inTheClear)
                        .map(StoredEvent::type)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** The first event of each of these streams that exist. */
    public <E> Uni<Map<StreamId, E>> firsts(EventTypes<E> types, Collection<StreamId> streams) {
        String[] ids = streams.stream().map(StreamId::text).toArray(String[]::new);
        return pool.preparedQuery(
                        "select " + Rows.EVENT_COLUMNS + " from event e where e.stream_id = any ($1) and e.version = 1")
                .execute(tuple((Object) ids))
                .flatMap(rows -> {
                    List<StoredEvent> events = new ArrayList<>(rows.size());
                    rows.forEach(row -> events.add(Rows.event(row)));
                    return sealing.open(events);
                })
                .map(events -> events.stream().collect(Collectors.toMap(StoredEvent::stream, types::decode)));
    }

    /** The same events with the keys of what is sealed in them, as far as those exist; to be decoded at once. */
    public Uni<List<StoredEvent>> opened(List<StoredEvent> events) {
        return sealing.open(events);
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
        return receipts.find(pool, key, fingerprint)
                .flatMap(found -> found.isEmpty()
                        ? Uni.createFrom().item(found)
                        : sealing.open(found.get(), key).map(Optional::of));
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
        if (known.isEmpty()
                || !expected.admits(known.get().version())
                || !sealing.fresh(known.get().keys())) {
            return Optional.empty();
        }
        try {
            Decision<S, E> decision = decide(
                    kind,
                    stream,
                    command,
                    new Opened<>(known.get().loaded(), known.get().keys()));
            return decision.events().isEmpty() ? Optional.empty() : Optional.of(decision);
        } catch (Refusal refusal) {
            return Optional.empty();
        }
    }

    private <C, S, E> Uni<Decision<S, E>> decided(
            StreamKind<C, S, E> kind, StreamId stream, C command, ExpectedVersion expected) {
        Uni<Opened<S>> state =
                expected instanceof ExpectedVersion.None && states.get(stream).isEmpty()
                        ? Uni.createFrom()
                                .item(() -> new Opened<>(
                                        new Loaded<>(kind.decider().initial(), 0), Set.of())) // the append will tell
                        : load(pool, kind, stream);
        return state.map(opened -> {
            long version = opened.loaded().version();
            if (!expected.admits(version)) {
                throw new AppendRejected.VersionConflict(stream, version);
            }
            return decide(kind, stream, command, opened);
        });
    }

    private static <C, S, E> Decision<S, E> decide(
            StreamKind<C, S, E> kind, StreamId stream, C command, Opened<S> opened) {
        Loaded<S> loaded = opened.loaded();
        List<E> events = kind.decider().decide(command, loaded.state());
        return new Decision<>(
                stream, loaded.version(), kind.decider().fold(loaded.state(), events), events, opened.keys());
    }

    private <C, S, E> Uni<Appended> append(
            StreamKind<C, S, E> kind, Decision<S, E> decision, Metadata by, @Nullable Receipt receipt) {
        return append(new Append(List.of(decision.append(kind)), by, receipt)).invoke(appended -> {
            if (!appended.events().isEmpty()) {
                StoredEvent last = appended.events().getLast();
                Set<String> keys = kind.types().personal()
                        ? union(decision.keys(), Sealing.keysIn(appended.events()))
                        : decision.keys();
                states.put(
                        decision.stream(), new StateCache.Known<>(decision.state(), last.version(), last.id(), keys));
            }
        });
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> all = new HashSet<>(some);
        all.addAll(others);
        return Set.copyOf(all);
    }

    private record Decision<S, E>(StreamId stream, long decidedOn, S state, List<E> events, Set<String> keys) {

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
        return openedIn(tx, kind, stream).flatMap(opened -> {
            Decision<S, E> decision = decide(kind, stream, command, opened);
            if (decision.events().isEmpty()) {
                return Uni.createFrom().item(decision.handled());
            }
            return appendIn(tx, new Append(List.of(decision.append(kind)), by, null))
                    .replaceWith(decision.handled());
        });
    }

    /** The state of a stream as a pool or a transaction of the caller sees it; nothing is locked. */
    public <C, S, E> Uni<Loaded<S>> seen(SqlClient client, StreamKind<C, S, E> kind, StreamId stream) {
        return load(client, kind, stream).map(Opened::loaded);
    }

    /** The state of a stream as this transaction sees it, with the stream locked. */
    public <C, S, E> Uni<Loaded<S>> loadIn(SqlConnection tx, StreamKind<C, S, E> kind, StreamId stream) {
        return openedIn(tx, kind, stream).map(Opened::loaded);
    }

    private <C, S, E> Uni<Opened<S>> openedIn(SqlConnection tx, StreamKind<C, S, E> kind, StreamId stream) {
        return appender.lock(tx, List.of(stream)).flatMap(locked -> load(tx, kind, stream));
    }

    /**
     * Appends to one or several streams, all or nothing. Concurrent appends may share a transaction; the order of
     * appends to one stream is that in which they were given.
     *
     * @return failing with {@link AppendRejected}, and with {@link AlreadyAnswered} when the receipt is known
     */
    public Uni<Appended> append(Append append) {
        return Uni.createFrom()
                .deferred(() -> sealing.seal(append, Sealing.OfTheErased.REFUSED))
                .flatMap(ready -> {
                    ready.checkLimits();
                    return queue.append(ready);
                })
                .onFailure(AlreadyAnswered.class)
                .recoverWithUni(failure -> opened((AlreadyAnswered) failure, append));
    }

    private Uni<Appended> opened(AlreadyAnswered already, Append append) {
        return sealing.open(
                        already.answer(),
                        Objects.requireNonNull(append.receipt()).key())
                .map(answer -> {
                    throw new AlreadyAnswered(answer);
                });
    }

    /** Appends inside a transaction of the caller. */
    public Uni<Appended> appendIn(SqlConnection tx, Append append) {
        return sealing.seal(append, Sealing.OfTheErased.LEFT_OUT).flatMap(ready -> {
            ready.checkLimits();
            return appender.append(tx, ready);
        });
    }

    /**
     * Destroys the keys of the answers that were given before a day: from then on a repeat gets status, location and
     * version only.
     *
     * @return how many days' answers
     */
    public Uni<Integer> forgetAnswers(LocalDate before) {
        return sealing.forgetAnswers(before);
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
