package org.passerelle.eventsourcing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.sealing.KeyRing;

/** An event as it lies in the store. Who caused it is only decoded when somebody asks: most readers do not. */
public final class StoredEvent {

    private final long id;
    private final StreamId stream;
    private final long version;
    private final String type;
    private final int schemaVersion;
    private final byte[] data;
    private final byte[] storedMetadata;
    private final Instant recordedAt;
    /** Decoded at most a few times by readers that ask together; always to the same. */
    private volatile @Nullable Metadata metadata;

    private final KeyRing keys;

    public StoredEvent(
            long id,
            StreamId stream,
            long version,
            String type,
            int schemaVersion,
            byte[] data,
            Metadata metadata,
            Instant recordedAt) {
        this(id, stream, version, type, schemaVersion, data, new byte[0], recordedAt, KeyRing.EMPTY);
        this.metadata = metadata;
    }

    StoredEvent(
            long id,
            StreamId stream,
            long version,
            String type,
            int schemaVersion,
            byte[] data,
            byte[] storedMetadata,
            Instant recordedAt) {
        this(id, stream, version, type, schemaVersion, data, storedMetadata, recordedAt, KeyRing.EMPTY);
    }

    private StoredEvent(
            long id,
            StreamId stream,
            long version,
            String type,
            int schemaVersion,
            byte[] data,
            byte[] storedMetadata,
            Instant recordedAt,
            KeyRing keys) {
        this.keys = keys;
        this.id = id;
        this.stream = stream;
        this.version = version;
        this.type = type;
        this.schemaVersion = schemaVersion;
        this.data = data;
        this.storedMetadata = storedMetadata;
        this.recordedAt = recordedAt;
    }

    /** The same event with keys that open what is sealed in it. */
    public StoredEvent with(KeyRing ring) {
        StoredEvent opened =
                new StoredEvent(id, stream, version, type, schemaVersion, data, storedMetadata, recordedAt, ring);
        opened.metadata = metadata;
        return opened;
    }

    KeyRing keys() {
        return keys;
    }

    /** Ascending within a stream; with gaps; not the log's order across streams. */
    public long id() {
        return id;
    }

    public StreamId stream() {
        return stream;
    }

    /** 1, 2, 3 … within the stream, without gap. */
    public long version() {
        return version;
    }

    /** The stored name, see {@link EventTypes}. */
    public String type() {
        return type;
    }

    public int schemaVersion() {
        return schemaVersion;
    }

    /** The exact bytes, personal fields sealed; not a copy, and not to be changed. */
    public byte[] data() {
        return data;
    }

    public Metadata metadata() {
        Metadata known = metadata;
        if (known == null) {
            known = Rows.metadata(storedMetadata);
            metadata = known;
        }
        return known;
    }

    /** By the database's clock, never before the stream's previous event. */
    public Instant recordedAt() {
        return recordedAt;
    }

    /** Names and numbers only: the data can name a person. */
    @Override
    public String toString() {
        return type + ".v" + schemaVersion + " of " + stream.category() + " at version " + version;
    }
}
