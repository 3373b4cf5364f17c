package org.passerelle.eventsourcing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Appends to one or several streams: all or nothing.
 *
 * @param receipt makes a repeat harmless; null where the caller is idempotent by other means
 */
public record Append(
        List<StreamAppend> streams, Metadata by, @Nullable Receipt receipt) {

    public Append {
        streams = List.copyOf(streams);
        if (streams.stream().map(StreamAppend::stream).distinct().count() != streams.size()) {
            throw new IllegalArgumentException("one append per stream");
        }
    }

    /** Of all its events together. */
    long bytes() {
        long bytes = 0;
        for (StreamAppend stream : streams) {
            for (NewEvent event : stream.events()) {
                bytes += event.data().length;
            }
        }
        return bytes;
    }

    /**
     * @throws AppendRejected.TooLarge when it is larger than {@link EventStore} takes
     */
    public void checkLimits() {
        int events = 0;
        for (StreamAppend stream : streams) {
            events += stream.events().size();
            for (NewEvent event : stream.events()) {
                if (event.data().length > EventStore.MAX_EVENT_BYTES) {
                    throw new AppendRejected.TooLarge("an event of more than " + EventStore.MAX_EVENT_BYTES + " bytes");
                }
            }
        }
        if (events > EventStore.MAX_EVENTS) {
            throw new AppendRejected.TooLarge("more than " + EventStore.MAX_EVENTS + " events");
        }
        if (bytes() > EventStore.MAX_APPEND_BYTES) {
            throw new AppendRejected.TooLarge("more than " + EventStore.MAX_APPEND_BYTES + " bytes");
        }
    }
}
