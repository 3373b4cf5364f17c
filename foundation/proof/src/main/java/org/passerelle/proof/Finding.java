package org.passerelle.proof;

/**
 * Something that is not as it was witnessed, or cannot be.
 *
 * @param from first position of the log; 0 where it is about no position
 * @param to   last position; equal to {@code from} for one
 * @param what in a few words: positions, sizes and times, nothing out of an event
 */
public record Finding(Kind kind, long from, long to, String what) {

    /** What was done. */
    public enum Kind {
        /** Another event, or other columns, lie at the position. */
        EDITED,
        /** The event of this position is gone. */
        MISSING,
        /** An event lies here that was not in the log. */
        INSERTED,
        /** The event of another position lies here. */
        REORDERED,
        /** An event lies in the table and has no position, although it is not waiting for one. */
        NOT_IN_LOG,
        /** The random bits of another event: it was written a second time. */
        SALT_USED_TWICE,
        /** The service did not attest this event with the key that was given. */
        BAD_HMAC,
        /** No HMAC, although events before it have one. */
        NO_HMAC,
        /** A version of its stream is left out or comes twice. */
        VERSION_GAP,
        /** The history up to here is another one than a witness has seen, and the stored hashes were changed with it. */
        REWRITTEN,
        /** The same, and the service's own key has signed the other history. */
        FORK,
        /** The log is shorter than a witness has seen it. */
        ROLLED_BACK,
        /** A life of the log that a witness has seen was ended by a restore, and lost what follows. */
        LOST_BY_RESTORE,
        /** The stored hashes are wrong; the events are not. */
        TREE_DAMAGED,
        /** A checkpoint is not signed by who must have signed it. */
        BAD_SIGNATURE,
        /** Nothing that a trusted witness signed was given for this log: nothing is proven. */
        NOT_WITNESSED,
        /** The export itself is cut off or unreadable. */
        EXPORT_BROKEN
    }

    static Finding at(Kind kind, long seq, String what) {
        return new Finding(kind, seq, seq, what);
    }

    static Finding of(Kind kind, String what) {
        return new Finding(kind, 0, 0, what);
    }

    /** For a person: {@code seq 42: edited (…)}. */
    public String text() {
        String where = from == 0 ? "" : from == to ? "seq " + from + ": " : "seq " + from + " to " + to + ": ";
        return where + kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + " (" + what + ")";
    }
}
