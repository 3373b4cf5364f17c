package org.passerelle.proof;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * An event as its row holds it, every column; what is proven is exactly this.
 *
 * @param id               of the row
 * @param stream           {@code category-key}
 * @param version          within the stream, from 1
 * @param type             stored name
 * @param schemaVersion    from 1
 * @param data             the exact bytes
 * @param metadata         the exact bytes
 * @param recordedAtMicros since 1970 in UTC, as precise as PostgreSQL keeps it
 * @param attestation      what the service added when it took the event, see {@link Attestation}; null for what was
 *     stored before there was any
 */
public record EventRecord(
        long id,
        String stream,
        long version,
        String type,
        int schemaVersion,
        byte[] data,
        byte[] metadata,
        long recordedAtMicros,
        byte @Nullable [] attestation) {

    /** The first byte of a content; another form would get another. */
    private static final int FORM = 1;

    /** The first byte of a leaf's entry. */
    private static final int ENTRY = 1;

    private static final int FIXED = 80;

    /** An instant as it is proven: PostgreSQL keeps no more than microseconds. */
    public static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    /**
     * The canonical bytes: form (1 byte), id (8), stream, version (8), type, schema version (4), data, metadata, recorded
     * at (8), attestation; texts and bytes behind their length in four bytes. No attestation is one of no bytes.
     */
    public byte[] content() {
        int attested = attestation == null ? 0 : attestation.length;
        return new Encoding(FIXED + stream.length() + type.length() + data.length + metadata.length + attested)
                .octet(FORM)
                .int64(id)
                .text(stream)
                .int64(version)
                .text(type)
                .int32(schemaVersion)
                .bytes(data)
                .bytes(metadata)
                .int64(recordedAtMicros)
                .bytes(attestation)
                .toBytes();
    }

    /** @throws IllegalArgumentException for what {@link #content} cannot have given */
    public static EventRecord parse(byte[] content) {
        try {
            ByteBuffer from = ByteBuffer.wrap(content);
            if (from.get() != FORM) {
                throw new IllegalArgumentException("an unknown form of event");
            }
            EventRecord event = new EventRecord(
                    from.getLong(),
                    text(from),
                    from.getLong(),
                    text(from),
                    from.getInt(),
                    bytes(from),
                    bytes(from),
                    from.getLong(),
                    noneAsNull(bytes(from)));
            if (from.hasRemaining()) {
                throw new IllegalArgumentException("an event with something behind it");
            }
            return event;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("an event that ends too early", e);
        }
    }

    private static byte @Nullable [] noneAsNull(byte[] bytes) {
        return bytes.length == 0 ? null : bytes;
    }

    private static String text(ByteBuffer from) {
        return new String(bytes(from), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer from) {
        int length = from.getInt();
        if (length < 0 || length > from.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }

    /**
     * The hash of the leaf at a position. Its entry is a byte of its form, the position (8 bytes) and the SHA-256 of the
     * content: so it can be told which event belongs at which place without keeping the events.
     *
     * @param seq     of the log, from 1; the leaf's index is one less
     * @param content SHA-256 of {@link #content}
     */
    static byte[] leafHash(TreeHash hash, long seq, byte[] content) {
        byte[] entry = new byte[1 + Long.BYTES + TreeHash.BYTES];
        ByteBuffer.wrap(entry).put((byte) ENTRY).putLong(seq).put(content);
        return hash.leaf(entry);
    }

    /** The hash of the leaf of an event at a position. */
    public static byte[] leafHashOf(TreeHash hash, long seq, byte[] content) {
        return leafHash(hash, seq, hash.plain(content, 0, content.length));
    }
}
