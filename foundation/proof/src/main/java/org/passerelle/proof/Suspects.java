package org.passerelle.proof;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The positions where the row is not what the stored hash says, and what was done there. An event that was moved is found
 * again because a leaf is the hash of a position and of a content: it is looked for at the places nearby, and where few
 * are in question, at all of them.
 */
final class Suspects {

    /** Beyond that only their number is told: the log has been replaced, not changed here and there. */
    private static final int MOST = 1_000_000;

    /** Events that were taken out or put in before a position that is still looked at. */
    private static final int NEARBY = 64;

    /** Pairs of rows and positions that are tried one by one. */
    private static final long PAIRS = 4_000_000;

    /**
     * @param content of the row, SHA-256; null where there is none
     * @param stored  the hash of the leaf that was there; null where none is known, which accuses nobody
     */
    private record Suspect(long seq, byte @Nullable [] content, byte @Nullable [] stored) {}

    private final List<Suspect> suspects = new ArrayList<>();
    private final TreeHash hash = new TreeHash();
    private long count;

    void add(long seq, byte @Nullable [] content, byte @Nullable [] stored) {
        count++;
        if (suspects.size() < MOST) {
            suspects.add(new Suspect(seq, content, stored));
        }
    }

    long count() {
        return count;
    }

    /** @param upTo the last position whose stored hash is what a witness has seen */
    List<Finding> findings(long upTo, String witnessed) {
        Map<Long, Suspect> at = new HashMap<>();
        suspects.forEach(one -> at.put(one.seq(), one));
        Map<Long, Long> homeOf = homes(at);
        Set<Long> claimed = new HashSet<>(homeOf.values());
        List<Finding> found = new ArrayList<>();
        boolean onlyMoved = suspects.stream()
                .filter(one -> one.stored() != null || homeOf.containsKey(one.seq()))
                .allMatch(one -> homeOf.containsKey(one.seq()) && claimed.contains(one.seq()));
        long furthest = 0;
        for (Suspect one : suspects) {
            String where = one.seq() <= upTo ? witnessed : "as the service's own tree has it, not yet witnessed";
            Long home = homeOf.get(one.seq());
            Finding.Kind kind = kind(one, home != null, claimed.contains(one.seq()));
            if (kind != null) {
                found.add(Finding.at(kind, one.seq(), where));
            }
            if (home != null) {
                if (onlyMoved || home < furthest) {
                    found.add(Finding.at(
                            Finding.Kind.REORDERED, one.seq(), "the event of " + home + " lies here; " + where));
                }
                furthest = Math.max(furthest, home);
            }
        }
        return found;
    }

    /**
     * @param elsewhere what lies here belongs to another position
     * @param moved     what belongs here lies at another position
     * @return null for neither gone, changed nor new
     */
    private static Finding.@Nullable Kind kind(Suspect one, boolean elsewhere, boolean moved) {
        if (one.content() == null) {
            return moved ? null : Finding.Kind.MISSING;
        }
        if (one.stored() == null) {
            return null;
        }
        if (moved) {
            return elsewhere ? null : Finding.Kind.INSERTED;
        }
        return elsewhere ? Finding.Kind.MISSING : Finding.Kind.EDITED;
    }

    /** Where the events that lie at the wrong place belong. */
    private Map<Long, Long> homes(Map<Long, Suspect> at) {
        Map<Long, Long> homes = new HashMap<>();
        Set<Long> taken = new HashSet<>();
        long offset = 0;
        for (Suspect row : suspects) {
            byte[] content = row.content();
            if (content == null) {
                continue;
            }
            Long home = belongs(content, at.get(row.seq() + offset), taken) ? Long.valueOf(row.seq() + offset) : null;
            for (long d = 1; home == null && d <= NEARBY; d++) {
                for (long to : new long[] {row.seq() + d, row.seq() - d}) {
                    if (home == null && belongs(content, at.get(to), taken)) {
                        home = to;
                    }
                }
            }
            if (home != null) {
                offset = home - row.seq();
                homes.put(row.seq(), home);
                taken.add(home);
            }
        }
        List<Suspect> homeless = suspects.stream()
                .filter(one -> one.content() != null && !homes.containsKey(one.seq()))
                .toList();
        List<Suspect> free = suspects.stream()
                .filter(one -> one.stored() != null && !taken.contains(one.seq()))
                .toList();
        if ((long) homeless.size() * free.size() <= PAIRS) {
            for (Suspect row : homeless) {
                byte[] content = row.content();
                for (Suspect place : free) {
                    if (content != null && belongs(content, place, taken)) {
                        homes.put(row.seq(), place.seq());
                        taken.add(place.seq());
                        break;
                    }
                }
            }
        }
        return homes;
    }

    private boolean belongs(byte[] content, @Nullable Suspect place, Set<Long> taken) {
        byte[] stored = place == null ? null : place.stored();
        return place != null
                && stored != null
                && !taken.contains(place.seq())
                && ByteBuffer.wrap(EventRecord.leafHash(hash, place.seq(), content))
                        .equals(ByteBuffer.wrap(stored));
    }
}
