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
}
