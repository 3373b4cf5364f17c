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
    private record Known(@Nullable String subject, Aead aead, long seenAt, boolean unnamed) {}

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
        for (Whose one : whose) {
            String id = ids.getIfPresent(one);
            if (id == null || !take(id, now, ring, unnamed)) {
                return Optional.empty();
            }
            found.put(one, id);
        }
        for (String id : wanted) {
            if (!take(id, now, ring, unnamed)) {
                return Optional.empty();
            }
        }
        return Optional.of(new Keys(found, unnamed, new KeyRing(ring)));
    }

    private boolean take(String id, long now, Map<String, Aead> ring, Set<String> unnamed) {
        Known key = known.getIfPresent(id);
        long confirmed = confirmedAt;
        if (key == null || now - (key.seenAt() - confirmed > 0 ? key.seenAt() : confirmed) >= FRESH.toNanos()) {
            return false;
        }
        ring.put(id, key.aead());
        if (key.unnamed()) {
            unnamed.add(id);
        }
        return true;
    }

    /** However long ago it was confirmed. */
    @Nullable
    Aead aead(String id) {
        Known key = known.getIfPresent(id);
        return key == null ? null : key.aead();
    }

    /** @param seenAt before the database was asked for it */
    void put(String id, @Nullable Whose whose, Aead aead, long seenAt) {
        Known before = known.getIfPresent(id);
        boolean unnamed = before != null && before.unnamed() && whose == null;
        String subject = whose == null ? before == null ? null : before.subject() : whose.subject();
        known.put(id, new Known(subject, aead, seenAt, unnamed));
        if (whose != null) {
            ids.put(whose, id);
        }
    }

    /** A key that was made ahead becomes somebody's: what is sealed with it must say whose it is. */
    void give(String id, Whose whose, Aead aead) {
        known.put(id, new Known(whose.subject(), aead, System.nanoTime(), true));
        ids.put(whose, id);
    }

    boolean has(Whose whose) {
        String id = ids.getIfPresent(whose);
        return id != null && known.getIfPresent(id) != null;
    }

    /** Whether it is known, and was confirmed in time, that nothing of theirs was ever destroyed. */
    boolean neverErased(String subject) {
        return erasedKnown && System.nanoTime() - confirmedAt < FRESH.toNanos() && !erased.contains(subject);
    }

    void forget(String id) {
        known.invalidate(id);
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
