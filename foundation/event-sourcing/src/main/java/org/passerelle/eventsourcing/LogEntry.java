package org.passerelle.eventsourcing;

/**
 * An event at its place in the log.
 *
 * @param seq 1, 2, 3 … without gap, in an order that agrees with every stream's
 */
public record LogEntry(long seq, StoredEvent event) {}
