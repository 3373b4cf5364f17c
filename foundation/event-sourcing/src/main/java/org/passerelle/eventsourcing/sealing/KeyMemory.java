package org.passerelle.eventsourcing.sealing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.crypto.tink.Aead;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    private record Known(String subject, Aead aead, long seenAt) {}

    private final Cache<String, Known> known =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(KEPT).build();
    private final Cache<Whose, String> ids =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(KEPT).build();
    /** When the database was last asked whose keys were destroyed: whoever was in memory then and still is was not. */
    private volatile long confirmedAt = System.nanoTime() - FRESH.toNanos();

    /** All of these, or nothing where one is not here or was not confirmed in time. */
    Optional<Keys> keys(Set<Whose> whose, Set<String> wanted) {
        long now = System.nanoTime();
        Map<Whose, String> found = HashMap.newHashMap(whose.size());
        Map<String, Aead> ring = HashMap.newHashMap(whose.size() + wanted.size());
        for (Whose one : whose) {
            String id = ids.getIfPresent(one);
            if (id == null || !take(id, now, ring)) {
                return Optional.empty();
            }
            found.put(one, id);
        }
        for (String id : wanted) {
            if (!take(id, now, ring)) {
                return Optional.empty();
            }
        }
        return Optional.of(new Keys(found, new KeyRing(ring)));
    }

    private boolean take(String id, long now, Map<String, Aead> ring) {
        Known key = known.getIfPresent(id);
        long confirmed = confirmedAt;
        if (key == null || now - (key.seenAt() - confirmed > 0 ? key.seenAt() : confirmed) >= FRESH.toNanos()) {
            return false;
        }
        ring.put(id, key.aead());
        return true;
    }

    /** However long ago it was confirmed. */
    @Nullable
    Aead aead(String id) {
        Known key = known.getIfPresent(id);
        return key == null ? null : key.aead();
    }

    /** @param seenAt before the database was asked for it */
    void put(String id, Whose whose, Aead aead, long seenAt) {
        known.put(id, new Known(whose.subject(), aead, seenAt));
        ids.put(whose, id);
    }

    void forget(String id) {
        known.invalidate(id);
    }

    void forget(String id, Whose whose) {
        known.invalidate(id);
        ids.invalidate(whose);
    }

    boolean wantsConfirming(long now) {
        return now - confirmedAt >= CONFIRM.toNanos();
    }

    /**
     * @param gone subjects whose keys were destroyed lately
     * @param at   before the database was asked for them
     */
    void confirmed(Set<String> gone, long at) {
        if (!gone.isEmpty()) {
            known.asMap().values().removeIf(key -> gone.contains(key.subject()));
            ids.asMap().keySet().removeIf(whose -> gone.contains(whose.subject()));
        }
        confirmedAt = at;
    }
}
