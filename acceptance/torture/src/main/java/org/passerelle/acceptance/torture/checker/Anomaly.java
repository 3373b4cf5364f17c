package org.passerelle.acceptance.torture.checker;

/** Something that must never happen, and where it was seen. */
public record Anomaly(Kind kind, String what) {

    /** What can be wrong with a history. */
    public enum Kind {
        /** An acknowledged event is not there. */
        LOST,
        /** An event is there twice. */
        DOUBLED,
        /** An event is there that was rejected, rolled back, or never asked for. */
        PHANTOM,
        /** Of one append some events are there and some are not, or they do not follow each other. */
        TORN,
        /** An append was accepted though a stream had not the version it expected, or what was told is not what is. */
        WRONG_ANSWER,
        /** An operation with a receipt was asked again until the end and never answered. */
        UNRESOLVED,
        /** A stream's versions are not 1, 2, 3 …, or its row says otherwise. */
        VERSION_GAP,
        /** The log's positions are not 1, 2, 3 …, or a committed event has none. */
        SEQ_GAP,
        /** The log has a stream's events in another order than the stream. */
        INVERSION,
        /** An event was recorded before its predecessor in its stream, or before the deadline that it is about. */
        TIME_BACKWARDS,
        /** A follower of the log did not see an event. */
        READER_MISSED,
        /** A follower of the log saw a position twice, or positions out of order. */
        READER_REPEATED,
        /** A reader saw something else than what is there: another event at that position, or one that vanished. */
        READER_DISAGREES,
        /** A reader saw an event before it was asked for. */
        FROM_THE_FUTURE,
        /** A stream was read without an event that had been acknowledged before. */
        STALE_READ,
        /** An effect is missing, and no operator is needed for it. */
        EFFECT_MISSING,
        /** An event had its effect twice. */
        EFFECT_DOUBLED,
        /** The effects of a case are not in the order of its events, or one overtook a parked record. */
        EFFECT_OVERTOOK,
        /** What an effect appended in its own store is not what it did otherwise in the same transaction. */
        EFFECT_OUT_OF_STEP,
        /** An effect of an event that is not there. */
        EFFECT_OF_NOTHING,
        /** A deadline did not fire, or fired more than once. */
        DEADLINE,
        /** With one replica down the other took more than 5 s to go on. */
        SLOW_FAIL_OVER,
        /** A database was replaced by an earlier dump and the service went on as if nothing had happened. */
        RESTORE_UNNOTICED
    }

    @Override
    public String toString() {
        return kind + ": " + what;
    }
}
