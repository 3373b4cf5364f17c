package org.passerelle.eventsourcing;

import java.util.List;

/**
 * A stretch of the log.
 *
 * @param entries those that were asked for, oldest first
 * @param upTo    the last position that was looked at: what to read on from, also where nothing there was asked for
 */
public record LogPage(List<LogEntry> entries, long upTo) {

    public LogPage {
        entries = List.copyOf(entries);
    }
}
