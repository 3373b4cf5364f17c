package org.passerelle.eventsourcing;

import java.time.Instant;

/**
 * An event as it lies in the store.
 *
 * @param id         ascending within a stream; with gaps; not the log's order across streams
 * @param version    1, 2, 3 … within the stream, without gap
 * @param recordedAt by the database's clock, never before the stream's previous event
 */
public record StoredEvent(
        long id,
        StreamId stream,
        long version,
        String type,
        int schemaVersion,
        byte[] data,
        Metadata metadata,
        Instant recordedAt) {}
