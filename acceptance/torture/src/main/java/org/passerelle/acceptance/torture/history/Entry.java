package org.passerelle.acceptance.torture.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;

/**
 * One line of a history. Times are microseconds since the run began, by the one clock of the process that asks and
 * looks. A token names one event for ever: it is written into the event and found again wherever the event comes out.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(Entry.Asked.class),
    @JsonSubTypes.Type(Entry.Told.class),
    @JsonSubTypes.Type(Entry.NoAnswer.class),
    @JsonSubTypes.Type(Entry.LogPage.class),
    @JsonSubTypes.Type(Entry.StreamPage.class),
    @JsonSubTypes.Type(Entry.FaultBegan.class),
    @JsonSubTypes.Type(Entry.FaultEnded.class),
    @JsonSubTypes.Type(Entry.Head.class),
    @JsonSubTypes.Type(Entry.Restored.class),
    @JsonSubTypes.Type(Entry.RestoreUnnoticed.class),
    @JsonSubTypes.Type(Entry.Kept.class),
    @JsonSubTypes.Type(Entry.KeptStream.class),
    @JsonSubTypes.Type(Entry.Effected.class),
    @JsonSubTypes.Type(Entry.Echoed.class),
    @JsonSubTypes.Type(Entry.Parked.class)
})
public sealed interface Entry {

    /** The stream may have any version. */
    long ANY = -1;

    /**
     * What one operation wants of one stream.
     *
     * @param expected {@link #ANY}, 0 for a stream that must not exist, or its version
     * @param tokens   of the events, in order
     * @param alarms   those of the tokens that set a deadline of their own
     */
    record Target(String stream, long expected, List<String> tokens, List<String> alarms) {}

    /**
     * An operation is sent for the first time.
     *
     * @param receipt whether it may be asked again with the same effect
     * @param aborts  it is rolled back on purpose: nothing of it may ever be seen
     */
    record Asked(long at, String op, boolean receipt, boolean aborts, List<Target> targets) implements Entry {}

    /** What a store said of an operation. */
    enum Verdict {
        ACCEPTED,
        /** It had taken effect before. */
        REPEATED,
        /** A stream had another version than expected; nothing was changed. */
        CONFLICT,
        /** Rolled back as it was asked to be. */
        ABORTED,
        /** Something that must never be answered, e.g. a state that disagrees with its version. */
        NONSENSE
    }

    /** @param versions of the streams afterwards, as far as they were told */
    record Told(long at, String op, Verdict verdict, Map<String, Long> versions) implements Entry {}

    /** An attempt ended without an answer: it may have had its effect, may still have it, or never. */
    record NoAnswer(long at, String op) implements Entry {}

    /** An event as a reader saw it. */
    record Seen(long seq, String stream, long version, String token) {}

    /**
     * What a follower of the log got.
     *
     * @param asked when it was asked for, {@code at} when it had arrived
     * @param epoch of the log, as the reader was told
     * @param after the cursor it read from
     */
    record LogPage(long asked, long at, String reader, String epoch, long after, List<Seen> events) implements Entry {}

    /** A whole stream as it was read, oldest event first. */
    record StreamPage(long asked, long at, String stream, List<String> tokens) implements Entry {}

    /**
     * @param survivable one replica was hit and others of its role could take over: the time that took is judged
     */
    record FaultBegan(long at, int number, String fault, boolean survivable) implements Entry {}

    record FaultEnded(long at, int number) implements Entry {}

    /**
     * The log's head as the database had it.
     *
     * @param pending whether committed events waited for their place
     */
    record Head(long at, long lastSeq, boolean pending) implements Entry {}

    /**
     * The database was replaced by an earlier dump of it, and an operator adopted that.
     *
     * @param dumpedAt when the dump was begun: what was acknowledged later is declared lost
     * @param at       when the restored database took appends again
     * @param head     last position of the epoch that ended here, as the dump has it
     */
    record Restored(long dumpedAt, long at, String ended, String begun, long head) implements Entry {}

    /** A restored database was not noticed: its service went on, or let itself be adopted only then. */
    record RestoreUnnoticed(long at, String how) implements Entry {}

    /**
     * An event that is there at the end.
     *
     * @param seq        0: without a place in the log
     * @param name       the position's epoch and number towards others, as {@link Effected#name} has it
     * @param recordedAt microseconds since 1970 by the database's clock
     * @param due        of a deadline that fired with this event; 0 for all others
     */
    record Kept(long seq, String name, String stream, long version, String token, long recordedAt, long due)
            implements Entry {}

    /** A stream's version at the end, as its row says. */
    record KeptStream(String stream, long version) implements Entry {}

    /**
     * An effect that is there at the end, in another database.
     *
     * @param order ascending in the order in which the effects of one key were committed
     * @param epoch of the log it came from
     */
    record Effected(long order, String epoch, String key, long seq, String token) implements Entry {
        public String name() {
            return epoch + ":" + seq;
        }
    }

    /** An event that an effect appended there. */
    record Echoed(long seq, String stream, long version, String token) implements Entry {}

    /** A record that waits there for an operator. */
    record Parked(String epoch, String key, long seq) implements Entry {
        public String name() {
            return epoch + ":" + seq;
        }
    }
}
