package org.passerelle.eventsourcing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one append adds to one stream. */
public record StreamAppend(
        StreamId stream, ExpectedVersion expected, List<NewEvent> events, List<DeadlineChange> deadlines) {

    public StreamAppend {
        events = List.copyOf(events);
        // Of several changes to one deadline the last counts.
        Map<String, DeadlineChange> last = new LinkedHashMap<>();
        deadlines.forEach(change -> last.put(change.name(), change));
        deadlines = List.copyOf(last.values());
    }
}
