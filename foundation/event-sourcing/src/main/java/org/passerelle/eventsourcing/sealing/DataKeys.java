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
import java.util.stream.Collectors;

/**
 * The data keys of a service, per person and category, kept wrapped in a database of their own, apart from the events. A
 * key is durable before anything is sealed with it. One is made when it is first needed, once however many ask; or one for
 * all categories of a person was made ahead ({@link SpareKeys}) and is given to whoever is new, named in the event and from
 * there, see {@link KeyNames}.
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

    private final Pool pool;
    private final KeyEncryption encryption;
    private final KeyMemory memory = new KeyMemory();
    private final SpareKeys spares;
    private final Wrappings wrappings;
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
        this.wrappings = new Wrappings(pool, encryption);
    }

    /**
     * What a key is of.
     *
     * @param category {@link #ALL} for the key of a person that those of all categories are derived from
     */
    public record Whose(String subject, String category) {

        /** No name of a category. */
        public static final String ALL = "*";

        Whose withAll() {
            return new Whose(subject, ALL);
        }
    }

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
     * The same, waiting for nothing where persons are new: who has no key in memory gets one that was made ahead, for all
     * categories, also where there is another. To be used for events only, which say whose such a key is.
     *
     * @param likelyNew some of them
     * @return failing with {@link KeysUnavailable}
     */
    public Uni<Keys> of(Set<Whose> whose, Set<Whose> likelyNew) {
        return Uni.createFrom().deferred(() -> {
            Optional<Keys> known = known(whose, Set.of());
            if (known.isPresent()) {
                return Uni.createFrom().item(known.get());
            }
            Set<String> fresh = new HashSet<>();
            for (Whose one : likelyNew) {
                if (!memory.has(one) && Sealed.canName(one.subject()) && memory.neverErased(one.subject())) {
                    fresh.add(one.subject());
                }
            }
            return fresh.isEmpty()
                    ? of(whose)
                    : spares.enough(fresh.size())
                            .invoke(() ->
                                    fresh.forEach(one -> spares.take().ifPresent(spare -> memory.give(spare, one))))
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
        return wanted.isEmpty() || known(Set.of(), wanted).isPresent();
    }

    private Uni<Keys> ask(Set<Whose> whose, Set<String> wanted) {
        return Uni.createFrom().deferred(() -> {
            Optional<Keys> known = known(whose, wanted);
            if (known.isPresent()) {
                return Uni.createFrom().item(known.get());
            }
            return Aside.back(Uni.createFrom().<Keys>emitter(caller -> {
                synchronized (waiting) {
                    waiting.add(new Asked(whose, wanted, caller));
                }
                look();
            }));
        });
    }

    /** What is in memory and was confirmed in time. */
    private Optional<Keys> known(Set<Whose> whose, Set<String> wanted) {
        Optional<Keys> known = memory.keys(whose, wanted);
        if (known.isPresent()) {
            confirmInTime();
        }
        return known;
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
                        + " where g.subject = d.subject union all select p.id from given_person_key p"
                        + " where p.subject = d.subject) as given from data_subject d where "
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
            Set<Whose> have =
                    rows.stream().map(StoredKey::whose).filter(Objects::nonNull).collect(Collectors.toSet());
            missing.removeIf(one -> have.contains(one) || have.contains(one.withAll()));
            if (missing.isEmpty()) {
                return opened(rows, Map.of(), whose, wanted, now);
            }
            return wrapped(missing)
                    .flatMap(made -> stored(made).flatMap(more -> {
                        more.addAll(rows);
                        Map<String, DataKey> open = HashMap.newHashMap(made.size());
                        made.forEach(one -> open.put(one.id().toString(), one.key()));
                        return opened(more, open, whose, wanted, now);
                    }));
        });
    }

    private Uni<List<StoredKey>> existing(Set<Whose> whose, Set<String> wanted) {
        List<Whose> order = List.copyOf(whose);
        return pool.preparedQuery("select * from keys_found($1, $2, $3)")
                .execute(Tuple.of(uuids(wanted), column(order, Whose::subject), column(order, Whose::category)))
                .map(StoredKey::all);
    }

    /** A key that was not written by us has no id of ours. */
    private static UUID[] uuids(Set<String> references) {
        return references.stream()
                .flatMap(one -> KeyReference.parse(one).uuid().stream())
                .distinct()
                .toArray(UUID[]::new);
    }

    static <T> String[] column(Collection<T> rows, Function<T, String> of) {
        return rows.stream().map(of).toArray(String[]::new);
    }

    private record Made(UUID id, Whose whose, DataKey key, KeyEncryption.Wrapped wrapped) {}

    private Uni<List<Made>> wrapped(Set<Whose> missing) {
        return Aside.all(List.copyOf(missing), one -> {
            UUID id = UUID.randomUUID();
            DataKey key = DataKey.random(DataKey.Of.CATEGORY);
            return new Made(id, one, key, encryption.wrap(key, KeyEncryption.Slot.of(id, one)));
        });
    }

    /** Of several who make a key at once one wins: what is answered may be another's. */
    private Uni<List<StoredKey>> stored(List<Made> made) {
        return pool.preparedQuery("select " + StoredKey.COLUMNS + " from create_data_keys($1, $2, $3, $4, $5) k")
                .execute(Tuple.of(
                        made.stream().map(Made::id).toArray(UUID[]::new),
                        column(made, one -> one.whose().subject()),
                        column(made, one -> one.whose().category()),
                        made.stream()
                                .map(one -> Buffer.buffer(one.wrapped().key()))
                                .toArray(Buffer[]::new),
                        column(made, one -> one.wrapped().by())))
                .map(StoredKey::all);
    }

    /** Those in memory or just made are not unwrapped again: that they are wrapped as before or otherwise makes no difference. */
    private Uni<Keys> opened(
            List<StoredKey> stored, Map<String, DataKey> made, Set<Whose> whose, Set<String> wanted, long now) {
        Map<String, StoredKey> live = new LinkedHashMap<>();
        for (StoredKey key : stored) {
            if (key.wrapped() != null) {
                live.merge(key.id(), key, (one, other) -> one.whose() == null ? other : one);
            }
        }
        stored.forEach(key -> {
            if (key.wrapped() == null) {
                memory.forget(key.id(), key.whose());
            }
        });
        wanted.stream()
                .filter(one -> !live.containsKey(KeyReference.parse(one).id()))
                .forEach(memory::forget);
        // What is in memory now may have left it when the others are open.
        Map<String, DataKey> open = HashMap.newHashMap(live.size());
        List<StoredKey> closed = new ArrayList<>();
        for (StoredKey key : live.values()) {
            DataKey kept = memory.key(key.id());
            DataKey fresh = kept == null ? made.get(key.id()) : kept;
            if (fresh == null) {
                closed.add(key);
            } else {
                open.put(key.id(), fresh);
            }
        }
        return Aside.all(closed, key -> encryption.unwrap(Objects.requireNonNull(key.wrapped()), key.slot()))
                .map(unwrapped -> {
                    for (int i = 0; i < closed.size(); i++) {
                        open.put(closed.get(i).id(), unwrapped.get(i));
                    }
                    Map<Whose, String> ids = HashMap.newHashMap(live.size());
                    live.values().forEach(key -> {
                        memory.put(key.id(), key.whose(), Objects.requireNonNull(open.get(key.id())), now);
                        if (key.whose() != null) {
                            ids.put(key.whose(), key.id());
                        }
                    });
                    return keys(ids, open, whose, wanted);
                });
    }

    private static Keys keys(Map<Whose, String> ids, Map<String, DataKey> open, Set<Whose> whose, Set<String> wanted) {
        Map<Whose, String> found = HashMap.newHashMap(whose.size());
        Set<KeyReference> references = new HashSet<>();
        for (Whose one : whose) {
            String id = ids.getOrDefault(one.withAll(), ids.get(one));
            if (id != null) {
                KeyReference reference = KeyReference.of(id, Objects.requireNonNull(open.get(id)), one.category());
                references.add(reference);
                found.put(one, reference.text());
            }
        }
        wanted.forEach(one -> references.add(KeyReference.parse(one)));
        Map<String, Aead> ring = HashMap.newHashMap(references.size());
        for (KeyReference reference : references) {
            DataKey key = open.get(reference.id());
            if (key != null) {
                key.aead(reference.category()).ifPresent(aead -> ring.put(reference.text(), aead));
            }
        }
        return new Keys(found, Set.of(), new KeyRing(ring));
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
        return wrappings.status();
    }

    /**
     * Wraps keys anew that are not wrapped by the key that wraps now. The keys themselves, and so what they sealed, stay
     * as they are.
     *
     * @param most 1 to 1000
     * @return how many
     */
    public Uni<Integer> rewrap(int most) {
        return wrappings.rewrap(most);
    }
}
