package org.passerelle.eventsourcing;

import java.util.List;

/** What one append adds to one stream. */
public record StreamAppend(
        StreamId stream, ExpectedVersion expected, List<NewEvent> events, List<DeadlineChange> deadlines) {

    public StreamAppend {
        events = List.copyOf(events);
        deadlines = List.copyOf(deadlines);
    }
}
