package org.passerelle.eventsourcing;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A public event of another service, as read from its topic.
 *
 * @param source   the sender and the epoch of its log
 * @param key      the order's key, the case code where there is a case
 * @param sequence position in the sender's log, ascending per key
 * @param time     when the sender recorded it
 */
public record IncomingEvent(
        String id,
        String source,
        String type,
        String subject,
        String key,
        long sequence,
        Instant time,
        JsonNode data,
        String correlationId,
        @Nullable String causationId) {}
