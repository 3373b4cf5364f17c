package org.passerelle.eventsourcing;

import java.time.Instant;

/** An event of a stream, decoded, with who caused it and when it was recorded. */
public record Recorded<E>(StreamId stream, long version, E event, Instant recordedAt, Metadata metadata) {}
