package org.passerelle.eventsourcing.sealing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.crypto.tink.Aead;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.sealing.DataKeys.Keys;
import org.passerelle.eventsourcing.sealing.DataKeys.Whose;

/** Unwrapped data keys in memory, and since when the database has not been asked whether they still exist. */
final class KeyMemory {

    /** How long what the database said of a key counts. */
    static final Duration FRESH = Duration.ofSeconds(3);

    static final Duration KEPT = Duration.ofMinutes(10);
    static final int MOST = 10_000;

    /** While keys are used the database is asked again before what it said is too old. */
    private static final Duration CONFIRM = FRESH.dividedBy(2);

    /**
     * @param subject null where it was found by its id alone
     * @param unnamed whether the database may not know yet whose it is
     */
    private record Known(@Nullable String subject, DataKey key, long seenAt, boolean unnamed) {}

    private final Cache<String, Known> known =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(KEPT).build();
    private final Cache<Whose, String> ids =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(KEPT).build();
    /** When the database was last asked whose keys were destroyed: whoever was in memory then and still is was not. */
    private volatile long confirmedAt = System.nanoTime() - FRESH.toNanos();

    /** Whose keys were ever destroyed; some 100 bytes each. */
    private final Set<String> erased = ConcurrentHashMap.newKeySet();

    private volatile boolean erasedKnown;

    /** All of these, or nothing where one is not here or was not confirmed in time. */
    Optional<Keys> keys(Set<Whose> whose, Set<String> wanted) {
        long now = System.nanoTime();
        Map<Whose, String> found = HashMap.newHashMap(whose.size());
        Map<String, Aead> ring = HashMap.newHashMap(whose.size() + wanted.size());
        Set<String> unnamed = new HashSet<>();
        Map<String, Optional<String>> ofPersons = new HashMap<>();
        for (Whose one : whose) {
            // Once for all categories: an event is not to be sealed with two keys of a person, given meanwhile.
            String id = ofPersons
                    .computeIfAbsent(one.subject(), subject -> Optional.ofNullable(ids.getIfPresent(one.withAll())))
                    .orElseGet(() -> ids.getIfPresent(one));
            Known key = id == null ? null : fresh(id, now);
            if (id == null || key == null) {
                return Optional.empty();
            }
            KeyReference reference = KeyReference.of(id, key.key(), one.category());
            take(reference, key, ring, unnamed);
            found.put(one, reference.text());
        }
        for (String one : wanted) {
            KeyReference reference = KeyReference.parse(one);
            Known key = fresh(reference.id(), now);
            if (key == null) {
                return Optional.empty();
            }
            take(reference, key, ring, unnamed);
        }
        return Optional.of(new Keys(found, unnamed, new KeyRing(ring)));
    }

    /** A person's key before that of the category. */
    private @Nullable String id(Whose whose) {
        String ofPerson = ids.getIfPresent(whose.withAll());
        return ofPerson == null ? ids.getIfPresent(whose) : ofPerson;
    }

    private @Nullable Known fresh(String id, long now) {
        Known key = known.getIfPresent(id);
        long confirmed = confirmedAt;
        return key == null || now - (key.seenAt() - confirmed > 0 ? key.seenAt() : confirmed) >= FRESH.toNanos()
                ? null
                : key;
    }

    private static void take(KeyReference reference, Known key, Map<String, Aead> ring, Set<String> unnamed) {
        key.key().aead(reference.category()).ifPresent(aead -> ring.put(reference.text(), aead));
        if (key.unnamed()) {
            unnamed.add(reference.text());
        }
    }

    /** However long ago it was confirmed. */
    @Nullable
    DataKey key(String id) {
        Known key = known.getIfPresent(id);
        return key == null ? null : key.key();
    }

    /** @param seenAt before the database was asked for it */
    void put(String id, @Nullable Whose whose, DataKey key, long seenAt) {
        Known before = known.getIfPresent(id);
        boolean unnamed = before != null && before.unnamed() && whose == null;
        String subject = whose == null ? before == null ? null : before.subject() : whose.subject();
        known.put(id, new Known(subject, key, seenAt, unnamed));
        if (whose != null) {
            ids.put(whose, id);
        }
    }

    /**
     * A key that was made ahead becomes somebody's: what is sealed with it must say whose it is. Who has been given one
     * meanwhile keeps that; the other is nobody's for ever.
     */
    void give(SpareKeys.Spare spare, String subject) {
        known.put(spare.id(), new Known(subject, spare.key(), System.nanoTime(), true));
        String its = ids.asMap()
                .compute(
                        new Whose(subject, Whose.ALL),
                        (whose, before) -> before != null && known.getIfPresent(before) != null ? before : spare.id());
        if (!spare.id().equals(its)) {
            known.invalidate(spare.id());
        }
    }

    boolean has(Whose whose) {
        String id = id(whose);
        return id != null && known.getIfPresent(id) != null;
    }

    /** Whether it is known, and was confirmed in time, that nothing of theirs was ever destroyed. */
    boolean neverErased(String subject) {
        return erasedKnown && System.nanoTime() - confirmedAt < FRESH.toNanos() && !erased.contains(subject);
    }

    /** @param reference of a key that is gone */
    void forget(String reference) {
        known.invalidate(KeyReference.parse(reference).id());
    }

    void forget(String id, @Nullable Whose whose) {
        known.invalidate(id);
        if (whose != null) {
            ids.asMap().remove(whose, id);
        }
    }

    /** All of some persons, and some besides of which it may not be known here whose they are. */
    void forget(Set<String> subjects, Set<String> keys) {
        erased.addAll(subjects);
        known.asMap().entrySet().removeIf(key -> {
            String subject = key.getValue().subject();
            return keys.contains(key.getKey()) || subject != null && subjects.contains(subject);
        });
        ids.asMap().keySet().removeIf(whose -> subjects.contains(whose.subject()));
    }

    boolean wantsConfirming(long now) {
        return now - confirmedAt >= CONFIRM.toNanos();
    }

    /** Whether whose keys were destroyed lately is not enough to know of all. */
    boolean wantsAllErased(long now) {
        return !erasedKnown || now - confirmedAt >= KEPT.toNanos();
    }

    /**
     * @param gone subjects whose keys were destroyed lately, or ever
     * @param keys of them, those that were made ahead
     * @param at   before the database was asked for them
     */
    void confirmed(Set<String> gone, Set<String> keys, long at) {
        if (!gone.isEmpty()) {
            forget(gone, keys);
        }
        erasedKnown = true;
        confirmedAt = at;
    }
}
