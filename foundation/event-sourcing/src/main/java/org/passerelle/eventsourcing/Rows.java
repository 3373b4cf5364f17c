package org.passerelle.eventsourcing;

import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Between rows and records. */
final class Rows {

    static final String EVENT_COLUMNS =
            "e.id, e.stream_id, e.version, e.type, e.schema_version, e.data, e.metadata, e.recorded_at";

    private Rows() {}

    static Tuple tuple(@Nullable Object... values) {
        return Tuple.tuple(Arrays.asList(values));
    }

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    static byte[] bytes(Row row, String column) {
        return row.get(Buffer.class, column).getBytes();
    }

    static StoredEvent event(Row row) {
        return event(StreamId.parse(row.getString("stream_id")), row);
    }

    static StoredEvent event(StreamId stream, Row row) {
        return new StoredEvent(
                row.getLong("id"),
                stream,
                row.getLong("version"),
                row.getString("type"),
                row.getInteger("schema_version"),
                bytes(row, "data"),
                metadata(bytes(row, "metadata")),
                row.getOffsetDateTime("recorded_at").toInstant());
    }

    static byte[] bytes(Metadata metadata) {
        try {
            return EventJson.MAPPER.writeValueAsBytes(metadata);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Metadata metadata(byte[] bytes) {
        try {
            return EventJson.MAPPER.readValue(bytes, Metadata.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
