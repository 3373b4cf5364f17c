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
        Map<Long, Long> changed = changed(at, homeOf, claimed);
        Set<Long> changedRows = new HashSet<>(changed.values());
        Set<Long> inOrder = longestInOrder(homeOf);
        boolean onlyMoved = suspects.stream()
                .filter(one -> one.stored() != null || homeOf.containsKey(one.seq()))
                .allMatch(one -> homeOf.containsKey(one.seq()) && claimed.contains(one.seq()));
        List<Finding> found = new ArrayList<>();
        for (Suspect one : suspects) {
            String where = one.seq() <= upTo ? witnessed : "as the service's own tree has it, not yet witnessed";
            Long home = homeOf.get(one.seq());
            Finding.Kind kind = changed.containsKey(one.seq())
                    ? Finding.Kind.EDITED
                    : kind(one, home != null || changedRows.contains(one.seq()), claimed.contains(one.seq()));
            if (kind != null) {
                found.add(Finding.at(kind, one.seq(), where));
            }
            if (home != null && (onlyMoved || !inOrder.contains(one.seq()))) {
                found.add(
                        Finding.at(Finding.Kind.REORDERED, one.seq(), "the event of " + home + " lies here; " + where));
            }
        }
        return found;
    }

    /** Positions whose event was changed, and where it lies: where it would be as its neighbours have moved. */
    private Map<Long, Long> changed(Map<Long, Suspect> at, Map<Long, Long> homeOf, Set<Long> claimed) {
        Map<Long, Long> changed = new HashMap<>();
        long offset = 0;
        long previous = 0;
        for (Suspect one : suspects) {
            // In between lie some that did not move.
            offset = one.seq() == previous + 1 ? offset : 0;
            previous = one.seq();
            Long home = homeOf.get(one.seq());
            if (home != null) {
                offset = home - one.seq();
            } else if (one.content() != null) {
                Suspect place = at.get(one.seq() + offset);
                if (place != null && place.stored() != null && !claimed.contains(place.seq())) {
                    changed.putIfAbsent(place.seq(), one.seq());
                }
            }
        }
        return changed;
    }

    /** The most rows that have kept their order among each other; the others were moved past them. */
    private Set<Long> longestInOrder(Map<Long, Long> homeOf) {
        long[] seqs = suspects.stream()
                .mapToLong(Suspect::seq)
                .filter(homeOf::containsKey)
                .toArray();
        int[] lastOf = new int[seqs.length]; // of the sequences of each length, the one with the smallest end
        int[] before = new int[seqs.length];
        int longest = 0;
        for (int i = 0; i < seqs.length; i++) {
            long home = homeOf.getOrDefault(seqs[i], 0L);
            int low = 0;
            int high = longest;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (homeOf.getOrDefault(seqs[lastOf[middle]], 0L) < home) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            before[i] = low == 0 ? -1 : lastOf[low - 1];
            lastOf[low] = i;
            longest = Math.max(longest, low + 1);
        }
        Set<Long> kept = new HashSet<>();
        for (int i = longest == 0 ? -1 : lastOf[longest - 1]; i >= 0; i = before[i]) {
            kept.add(seqs[i]);
        }
        return kept;
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
