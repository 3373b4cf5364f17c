package org.passerelle.acceptance.torture.node;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.passerelle.acceptance.torture.history.Entry.Seen;
import org.passerelle.acceptance.torture.history.Entry.Target;
import org.passerelle.acceptance.torture.history.Entry.Verdict;

/** What a node is asked and answers, as JSON over HTTP on the loopback interface. */
public final class Wire {

    public static final ObjectMapper JSON = new ObjectMapper();

    /** A record whose token ends with this can never be processed: it parks its case. */
    public static final String POISON = ":poison";

    private Wire() {}

    /** The way into the store. */
    public enum Way {
        /** Load, decide, append: one stream, one event. */
        COMMAND,
        APPEND,
        /** An append inside a transaction of the caller that has written before. */
        TRANSACTION
    }

    /**
     * @param receipt    null for an operation that is not asked again
     * @param waitMillis how long a transaction holds what it wrote before it appends
     * @param holdMillis how long it stays open afterwards
     * @param dueMillis  when the deadlines of the alarms fire, from now
     */
    public record Ask(
            Way way,
            String op,
            @Nullable String receipt,
            boolean aborts,
            int waitMillis,
            int holdMillis,
            int dueMillis,
            List<Target> targets) {}

    /** @param verdict null where the outcome is unknown */
    public record Answer(@Nullable Verdict verdict, Map<String, Long> versions, String why) {}

    /** @param firstSeq where the epoch begins: a reader that knew another one goes on from there */
    public record Page(String epoch, long firstSeq, List<Seen> events) {}

    /** @param head last position of the epoch that ended */
    public record Adopted(String ended, String begun, long head) {}

    public record Stream(List<String> tokens) {}
}
