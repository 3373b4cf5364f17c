package org.passerelle.eventsourcing;

/**
 * An event in the exact bytes that will be stored and, later, proven.
 *
 * @param type          stored name, see {@link EventTypes}
 * @param schemaVersion from 1
 * @param data          UTF-8 JSON, at most {@link EventStore#MAX_EVENT_BYTES}
 */
public record NewEvent(String type, int schemaVersion, byte[] data) {}
