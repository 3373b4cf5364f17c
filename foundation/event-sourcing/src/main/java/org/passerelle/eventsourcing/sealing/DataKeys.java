package org.passerelle.eventsourcing.sealing;

import com.google.crypto.tink.Aead;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The data keys of a service, per person and category, kept wrapped in a database of their own, apart from the events. A
 * key is durable before anything is sealed with it. One is made when it is first needed, once however many ask; or it was
 * made ahead ({@link SpareKeys}) and is given to whoever is new, named in the event and from there, see {@link KeyNames}.
 *
 * <p>Unwrapped keys are kept in memory for {@link KeyMemory#KEPT} at most, {@value KeyMemory#MOST} of them, and used only while the
 * database has said within {@link KeyMemory#FRESH} that they still exist: so everywhere an erasure takes effect within 5 s. It is
 * asked for all of them at once, whose keys were destroyed lately, not for each.
 */
public final class DataKeys {

    /** How far back destructions are asked for: longer than a key is kept and than a transaction may last. */
    private static final int LATELY_MINUTES = 15;

    /** Askers that share a look into the database. */
    private static final int TOGETHER = 256;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final String COLUMNS =
            "k.id, k.subject, k.category, k.wrapped, k.wrapped_by, k.subject is null as spare";

    private final Pool pool;
    private final KeyEncryption encryption;
    private final KeyMemory memory = new KeyMemory();
    private final SpareKeys spares;
    private final Deque<Asked> waiting = new ArrayDeque<>();
    private boolean looking;
    private boolean confirming;

    /**
     * @param pool on the database of keys, see {@code db/keys}
     */
    public DataKeys(Pool pool, KeyEncryption encryption) {
        this.pool = pool;
        this.encryption = encryption;
        this.spares = new SpareKeys(pool, encryption);
    }

    /** What a key is of. */
    public record Whose(String subject, String category) {}

    private record Asked(Set<Whose> whose, Set<String> ids, UniEmitter<? super Keys> caller) {}

    /** Keys to seal or open with, to be used at once. */
    public static final class Keys {
        static final Keys NONE = new Keys(Map.of(), Set.of(), KeyRing.EMPTY);

        private final Map<Whose, String> ids;
        private final Set<String> unnamed;
        private final KeyRing ring;

        Keys(Map<Whose, String> ids, Set<String> unnamed, KeyRing ring) {
            this.ids = ids;
            this.unnamed = unnamed;
            this.ring = ring;
        }

        /** Nothing where the person is erased. */
        public Optional<String> id(Whose whose) {
            return Optional.ofNullable(ids.get(whose));
        }

        /** Whether what is sealed with this key must say whose it is. */
        boolean unnamed(String id) {
            return unnamed.contains(id);
        }

        public KeyRing ring() {
            return ring;
        }
    }

    /**
     * Keys to seal with; those that do not exist are made. Of an erased person there is none and never will be.
     *
     * @return failing with {@link KeysUnavailable}
     */
    public Uni<Keys> of(Set<Whose> whose) {
        return ask(whose, Set.of());
    }

    /**
     * The same, waiting for nothing where persons are new: whose key is not in memory gets one that was made ahead, also
     * where there is another. To be used for events only, which say whose such a key is.
     *
     * @param likelyNew some of them
     * @return failing with {@link KeysUnavailable}
     */
    public Uni<Keys> of(Set<Whose> whose, Set<Whose> likelyNew) {
        return Uni.createFrom().deferred(() -> {
            List<Whose> fresh = likelyNew.stream()
                    .filter(one -> !memory.has(one) && memory.neverErased(one.subject()))
                    .toList();
            return fresh.isEmpty()
                    ? of(whose)
                    : spares.enough(fresh.size())
                            .invoke(() -> fresh.forEach(
                                    one -> spares.take().ifPresent(spare -> memory.give(spare.id(), one, spare.key()))))
                            .chain(() -> of(whose));
        });
    }

    /**
     * Keys to open with: those of these that are not destroyed.
     *
     * @return failing with {@link KeysUnavailable}
     */
    public Uni<KeyRing> ring(Set<String> wanted) {
        return wanted.isEmpty()
                ? Uni.createFrom().item(KeyRing.EMPTY)
                : ask(Set.of(), wanted).map(Keys::ring);
    }

    /** Whether all of these are known to have existed a moment ago; waits for nobody. */
    public boolean fresh(Set<String> wanted) {
        boolean fresh = wanted.isEmpty() || memory.keys(Set.of(), wanted).isPresent();
        if (fresh && !wanted.isEmpty()) {
            confirmInTime();
        }
        return fresh;
    }

    private Uni<Keys> ask(Set<Whose> whose, Set<String> wanted) {
        return Uni.createFrom().deferred(() -> {
            Optional<Keys> quick = memory.keys(whose, wanted);
            if (quick.isPresent()) {
                confirmInTime();
                return Uni.createFrom().item(quick.get());
            }
            return Aside.back(Uni.createFrom().<Keys>emitter(caller -> {
                synchronized (waiting) {
                    waiting.add(new Asked(whose, wanted, caller));
                }
                look();
            }));
        });
    }

    private void confirmInTime() {
        if (memory.wantsConfirming(System.nanoTime())) {
            synchronized (waiting) {
                if (looking) {
                    return; // a look confirms as well
                }
                confirming = true;
            }
            look();
        }
    }

    /** One look at a time: whoever asks meanwhile shares the next. */
    private void look() {
        List<Asked> together = new ArrayList<>();
        synchronized (waiting) {
            if (looking) {
                return;
            }
            while (together.size() < TOGETHER && !waiting.isEmpty()) {
                together.add(waiting.remove());
            }
            looking = confirming || !together.isEmpty();
            confirming = false;
            if (!looking) {
                return;
            }
        }
        Set<Whose> whose = new HashSet<>();
        Set<String> wanted = new HashSet<>();
        together.forEach(one -> {
            whose.addAll(one.whose());
            wanted.addAll(one.ids());
        });
        confirmed()
                .chain(() -> foundOrRemembered(whose, wanted))
                .ifNoItem()
                .after(PATIENCE)
                .fail()
                .onTermination()
                .invoke(() -> {
                    synchronized (waiting) {
                        looking = false;
                    }
                    look();
                })
                .subscribe()
                .with(keys -> together.forEach(one -> one.caller().complete(keys)), failure -> {
                    KeysUnavailable why = failure instanceof KeysUnavailable already
                            ? already
                            : new KeysUnavailable("the keys cannot be asked for", failure);
                    together.forEach(one -> one.caller().fail(why));
                });
    }

    private Uni<Keys> foundOrRemembered(Set<Whose> whose, Set<String> wanted) {
        Optional<Keys> quick = memory.keys(whose, wanted);
        return quick.isPresent() ? Uni.createFrom().item(quick.get()) : find(whose, wanted);
    }

    /** Never beside another look: what that puts into memory has been read after a destruction, or is dropped here. */
    private Uni<Void> confirmed() {
        long now = System.nanoTime();
        if (!memory.wantsConfirming(now)) {
            return Uni.createFrom().voidItem();
        }
        return pool.preparedQuery("select d.subject, array(select unnest(g.ids) from given_key g"
                        + " where g.subject = d.subject) as given from data_subject d where "
                        + (memory.wantsAllErased(now)
                                ? "destroyed_at is not null"
                                : "destroyed_at > clock_timestamp() - make_interval(mins => " + LATELY_MINUTES + ")"))
                .execute()
                .invoke(rows -> {
                    Set<String> given = new HashSet<>();
                    rows.forEach(row -> {
                        for (UUID id : row.getArrayOfUUIDs("given")) {
                            given.add(id.toString());
                        }
                    });
                    memory.confirmed(new HashSet<>(subjects(rows)), given, now);
                })
                .replaceWithVoid();
    }

    private Uni<Keys> find(Set<Whose> whose, Set<String> wanted) {
        long now = System.nanoTime();
        return existing(whose, wanted).flatMap(rows -> {
            Set<Whose> missing = new HashSet<>(whose);
            rows.stream().map(Stored::whose).filter(Objects::nonNull).forEach(missing::remove);
            if (missing.isEmpty()) {
                return opened(rows, Map.of(), wanted, now);
            }
            return wrapped(missing)
                    .flatMap(made -> stored(made).flatMap(more -> {
                        more.addAll(rows);
                        Map<String, DataKey> open = HashMap.newHashMap(made.size());
                        made.forEach(one -> open.put(one.id().toString(), one.key()));
                        return opened(more, open, wanted, now);
                    }));
        });
    }

    /** @param whose null where it was not asked for */
    private record Stored(UUID uuid, @Nullable Whose whose, KeyEncryption.@Nullable Wrapped wrapped, boolean spare) {

        static Stored of(Row row) {
            Buffer wrapped = row.get(Buffer.class, "wrapped");
            String subject = row.getString("subject");
            return new Stored(
                    row.getUUID("id"),
                    subject == null ? null : new Whose(subject, row.getString("category")),
                    wrapped == null ? null : new KeyEncryption.Wrapped(wrapped.getBytes(), row.getString("wrapped_by")),
                    row.getBoolean("spare"));
        }

        String id() {
            return uuid.toString();
        }

        KeyEncryption.Slot slot() {
            return spare ? KeyEncryption.Slot.spare(uuid) : KeyEncryption.Slot.of(uuid, Objects.requireNonNull(whose));
        }
    }

    private static List<Stored> stored(RowSet<Row> rows) {
        List<Stored> keys = new ArrayList<>(rows.size());
        rows.forEach(row -> keys.add(Stored.of(row)));
        return keys;
    }

    private Uni<List<Stored>> existing(Set<Whose> whose, Set<String> wanted) {
        List<Whose> order = List.copyOf(whose);
        return pool.preparedQuery("select * from keys_found($1, $2, $3)")
                .execute(Tuple.of(uuids(wanted), column(order, Whose::subject), column(order, Whose::category)))
                .map(DataKeys::stored);
    }

    /** A key that was not written by us has no id of ours. */
    static boolean isOurs(String id) {
        return UUID_TEXT.matcher(id).matches();
    }

    private static UUID[] uuids(Set<String> ids) {
        return ids.stream().filter(DataKeys::isOurs).map(UUID::fromString).toArray(UUID[]::new);
    }

    private static <T> String[] column(Collection<T> rows, Function<T, String> of) {
        return rows.stream().map(of).toArray(String[]::new);
    }

    private record Made(UUID id, Whose whose, DataKey key, KeyEncryption.Wrapped wrapped) {}

    private Uni<List<Made>> wrapped(Set<Whose> missing) {
        return Aside.all(List.copyOf(missing), one -> {
            UUID id = UUID.randomUUID();
            DataKey key = DataKey.random();
            return new Made(id, one, key, encryption.wrap(key, KeyEncryption.Slot.of(id, one)));
        });
    }

    /** Of several who make a key at once one wins: what is answered may be another's. */
    private Uni<List<Stored>> stored(List<Made> made) {
        return pool.preparedQuery("select " + COLUMNS + " from create_data_keys($1, $2, $3, $4, $5) k")
                .execute(Tuple.of(
                        made.stream().map(Made::id).toArray(UUID[]::new),
                        column(made, one -> one.whose().subject()),
                        column(made, one -> one.whose().category()),
                        made.stream()
                                .map(one -> Buffer.buffer(one.wrapped().key()))
                                .toArray(Buffer[]::new),
                        column(made, one -> one.wrapped().by())))
                .map(DataKeys::stored);
    }

    /** Those in memory or just made are not unwrapped again: that they are wrapped as before or otherwise makes no difference. */
    private Uni<Keys> opened(List<Stored> stored, Map<String, DataKey> made, Set<String> wanted, long now) {
        Map<String, Stored> live = new LinkedHashMap<>();
        for (Stored key : stored) {
            if (key.wrapped() != null) {
                live.merge(key.id(), key, (one, other) -> one.whose() == null ? other : one);
            }
        }
        stored.forEach(key -> {
            if (key.wrapped() == null) {
                memory.forget(key.id(), key.whose());
            }
        });
        wanted.stream().filter(id -> !live.containsKey(id)).forEach(memory::forget);
        // What is in memory now may have left it when the others are open.
        Map<String, Aead> ring = HashMap.newHashMap(live.size());
        List<Stored> closed = new ArrayList<>();
        for (Stored key : live.values()) {
            Aead kept = memory.aead(key.id());
            DataKey fresh = made.get(key.id());
            if (kept != null) {
                ring.put(key.id(), kept);
            } else if (fresh != null) {
                ring.put(key.id(), fresh.aead());
            } else {
                closed.add(key);
            }
        }
        return Aside.all(closed, key -> encryption.unwrap(Objects.requireNonNull(key.wrapped()), key.slot()))
                .map(unwrapped -> {
                    for (int i = 0; i < closed.size(); i++) {
                        ring.put(closed.get(i).id(), unwrapped.get(i).aead());
                    }
                    Map<Whose, String> found = HashMap.newHashMap(live.size());
                    live.values().forEach(key -> {
                        memory.put(key.id(), key.whose(), Objects.requireNonNull(ring.get(key.id())), now);
                        if (key.whose() != null) {
                            found.put(key.whose(), key.id());
                        }
                    });
                    return new Keys(found, Set.of(), new KeyRing(ring));
                });
    }

    /**
     * Destroys every key of a person, for ever: none is made for them again. Once more changes nothing.
     *
     * @return how many keys were destroyed
     */
    public Uni<Integer> destroy(String subject) {
        return pool.preparedQuery("select id from destroy_data_keys($1)")
                .execute(Tuple.of(subject))
                .invoke(rows -> {
                    Set<String> ids = new HashSet<>();
                    rows.forEach(row -> ids.add(row.getUUID("id").toString()));
                    memory.forget(Set.of(subject), ids);
                })
                .map(RowSet::size);
    }

    /** Subjects from one name to before another, in the order of bytes, whose keys are not destroyed. */
    public Uni<List<String>> notDestroyed(String from, String before) {
        return pool.preparedQuery("select subject from data_subject where subject >= $1 and subject < $2"
                        + " and destroyed_at is null order by subject")
                .execute(Tuple.of(from, before))
                .map(DataKeys::subjects);
    }

    private static List<String> subjects(RowSet<Row> rows) {
        List<String> subjects = new ArrayList<>(rows.size());
        rows.forEach(row -> subjects.add(row.getString("subject")));
        return subjects;
    }

    /** Of some persons, those whose keys are not destroyed. */
    public Uni<List<String>> notDestroyed(List<String> subjects) {
        return pool.preparedQuery("select s.subject from unnest($1::text[]) as s (subject)"
                        + " left join data_subject d on d.subject = s.subject where d.destroyed_at is null"
                        + " order by s.subject")
                .execute(Tuple.of((Object) subjects.toArray(String[]::new)))
                .map(DataKeys::subjects);
    }

    /**
     * Keys by what wraps them.
     *
     * @param wrappedBy the name of the key-encryption key
     */
    public record Wrapping(String wrappedBy, long keys) {}

    /**
     * @param current   the name of the key-encryption key that wraps now
     * @param missing   wrapped by a key that is not at hand: they open nothing
     * @param destroyed erased persons
     */
    public record Status(String current, List<Wrapping> wrappings, long missing, long destroyed) {}

    public Uni<Status> status() {
        return pool.query("select wrapped_by, count(*) as keys from data_key where wrapped is not null"
                        + " group by wrapped_by order by wrapped_by")
                .execute()
                .flatMap(rows -> pool.query("select count(*) as n from data_subject where destroyed_at is not null")
                        .execute()
                        .flatMap(erased -> Aside.all(List.of(rows), found -> {
                            List<Wrapping> wrappings = new ArrayList<>();
                            found.forEach(row ->
                                    wrappings.add(new Wrapping(row.getString("wrapped_by"), row.getLong("keys"))));
                            Set<String> at = encryption.known();
                            long missing = wrappings.stream()
                                    .filter(one -> !at.contains(one.wrappedBy()))
                                    .mapToLong(Wrapping::keys)
                                    .sum();
                            return new Status(
                                    encryption.current(),
                                    wrappings,
                                    missing,
                                    erased.iterator().next().getLong("n"));
                        }))
                        .map(List::getFirst));
    }

    /**
     * Wraps keys anew that are not wrapped by the key that wraps now. The keys themselves, and so what they sealed, stay
     * as they are.
     *
     * @param most 1 to 1000
     * @return how many
     */
    public Uni<Integer> rewrap(int most) {
        return Aside.all(List.of(most), limit -> encryption.current())
                .flatMap(current -> pool.withTransaction(tx -> tx.preparedQuery("select " + COLUMNS
                                + " from data_key k where k.wrapped is not null"
                                // Unequal, in a form that an index answers.
                                + " and (k.wrapped_by < $1 or k.wrapped_by > $1) limit $2 for update skip locked")
                        .execute(Tuple.of(current.getFirst(), most))
                        .flatMap(rows -> Aside.back(Aside.all(
                                        stored(rows),
                                        key -> encryption.wrap(
                                                encryption.unwrap(Objects.requireNonNull(key.wrapped()), key.slot()),
                                                key.slot())))
                                .flatMap(wrapped -> wrapped.isEmpty()
                                        ? Uni.createFrom().item(0)
                                        : tx.preparedQuery("update data_key k set wrapped = n.wrapped,"
                                                        + " wrapped_by = n.by from unnest($1::uuid[], $2::bytea[],"
                                                        + " $3::text[]) as n (id, wrapped, by) where k.id = n.id")
                                                .execute(Tuple.of(
                                                        stored(rows).stream()
                                                                .map(Stored::uuid)
                                                                .toArray(UUID[]::new),
                                                        wrapped.stream()
                                                                .map(one -> Buffer.buffer(one.key()))
                                                                .toArray(Buffer[]::new),
                                                        column(wrapped, KeyEncryption.Wrapped::by)))
                                                .map(RowSet::rowCount)))));
    }
}
