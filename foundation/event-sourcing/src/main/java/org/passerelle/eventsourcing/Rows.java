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

    private static final byte[] NOBODY = {};

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
        return event(stream, row.getDelegate(), row.getColumnIndex("id"));
    }

    /**
     * The same by place, for long reads.
     *
     * @param first of {@link #EVENT_COLUMNS}
     */
    static StoredEvent event(io.vertx.sqlclient.Row row, int first) {
        return event(StreamId.parse(row.getString(first + 1)), row, first);
    }

    /** Of id, version, type, schema version and data; who caused it and when is not known. */
    static StoredEvent eventToEvolve(StreamId stream, io.vertx.sqlclient.Row row) {
        return new StoredEvent(
                row.getLong(0),
                stream,
                row.getLong(1),
                row.getString(2),
                row.getInteger(3),
                row.getBuffer(4).getBytes(),
                NOBODY,
                Instant.MIN);
    }

    private static StoredEvent event(StreamId stream, io.vertx.sqlclient.Row row, int first) {
        return new StoredEvent(
                row.getLong(first),
                stream,
                row.getLong(first + 2),
                row.getString(first + 3),
                row.getInteger(first + 4),
                row.getBuffer(first + 5).getBytes(),
                row.getBuffer(first + 6).getBytes(),
                row.getOffsetDateTime(first + 7).toInstant());
    }

    static byte[] bytes(Metadata metadata) {
        try {
            return EventJson.MAPPER.writeValueAsBytes(metadata);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Metadata metadata(byte[] bytes) {
        try {
            return EventJson.MAPPER.readValue(bytes, Metadata.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
