package org.passerelle.eventsourcing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Reads CloudEvents 1.0 in Kafka's binary mode. */
public final class IncomingRecords {

    private IncomingRecords() {}

    /** A record that is no CloudEvent of ours: it has no case to be parked with, and is refused as a whole. */
    public static final class NotAnEvent extends RuntimeException {
        public NotAnEvent(String what) {
            super(what, null, false, false);
        }
    }

    public static IncomingEvent read(@Nullable String key, byte @Nullable [] value, Headers headers) {
        try {
            JsonNode data = EventJson.MAPPER.readTree(value == null ? new byte[0] : value);
            String subject = required(headers, "ce_subject");
            return new IncomingEvent(
                    required(headers, "ce_id"),
                    required(headers, "ce_source"),
                    required(headers, "ce_type"),
                    subject,
                    key == null ? subject : key,
                    Long.parseLong(required(headers, "ce_sequence")),
                    Instant.parse(required(headers, "ce_time")),
                    data,
                    required(headers, "ce_correlationid"),
                    text(headers, "ce_causationid"));
        } catch (IOException | RuntimeException e) {
            throw new NotAnEvent(e instanceof NotAnEvent ? String.valueOf(e.getMessage()) : "unreadable record");
        }
    }

    private static String required(Headers headers, String name) {
        String value = text(headers, name);
        if (value == null) {
            throw new NotAnEvent("a record without " + name);
        }
        return value;
    }

    private static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
