package org.passerelle.eventsourcing;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A service's own topic, read back: what others may know of its log. Blocks; fails when the broker does not answer. */
public interface TopicTail {

    /**
     * A record that was published.
     *
     * @param source as in {@link Relay#source}
     * @param mark   null on records of a release that did not mark them
     */
    record Told(
            String topic,
            String source,
            long sequence,
            String id,
            String type,
            String subject,
            String key,
            Instant time,
            String correlationId,
            @Nullable String causationId,
            @Nullable LogMark mark) {}

    /** The last record of each partition; nothing for a topic that is not there. */
    List<Told> ends(String topic);

    /**
     * Every record sent since then and before the call, each partition in order.
     *
     * @param from null for all
     */
    void since(String topic, @Nullable Instant from, Consumer<Told> each);
}
