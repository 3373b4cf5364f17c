package org.passerelle.edge;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Objects;
import org.passerelle.eventsourcing.Metadata;

/** An event of the record of looks as it is stored: who, when, what. */
record OnRecord(long id, Instant at, Reads.Looked what, Metadata by) {

    /** Of table {@code event e}. */
    static final String COLUMNS = "e.id, e.type, e.schema_version, e.data, e.metadata, e.recorded_at";

    static OnRecord of(Row row, ObjectMapper json) {
        try {
            return new OnRecord(
                    row.getLong("id"),
                    row.getOffsetDateTime("recorded_at").toInstant(),
                    Reads.TYPES.decode(row.getString("type"), row.getInteger("schema_version"), bytes(row, "data")),
                    json.readValue(bytes(row, "metadata"), Metadata.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Row row, String column) {
        return Objects.requireNonNull(row.get(Buffer.class, column)).getBytes();
    }
}
