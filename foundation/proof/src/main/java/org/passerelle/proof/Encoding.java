package org.passerelle.proof;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes values one after another so that no two different sequences give the same bytes: numbers big-endian at their
 * full width, texts (UTF-8) and bytes behind their length in four bytes.
 */
final class Encoding {

    private byte[] bytes;
    private int length;

    Encoding(int expected) {
        bytes = new byte[expected];
    }

    private int room(int more) {
        int from = length;
        length += more;
        if (length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length, bytes.length * 2));
        }
        return from;
    }

    Encoding octet(int value) {
        bytes[room(1)] = (byte) value;
        return this;
    }

    Encoding int32(int value) {
        ByteBuffer.wrap(bytesFor(4)).putInt(length - 4, value);
        return this;
    }

    Encoding int64(long value) {
        ByteBuffer.wrap(bytesFor(8)).putLong(length - 8, value);
        return this;
    }

    private byte[] bytesFor(int more) {
        room(more);
        return bytes;
    }

    /** Null as no bytes: what uses it never tells the two apart. */
    Encoding bytes(byte @Nullable [] value) {
        return value == null ? bytes(new byte[0], 0, 0) : bytes(value, 0, value.length);
    }

    Encoding bytes(byte[] value, int from, int count) {
        int32(count);
        System.arraycopy(value, from, bytesFor(count), length - count, count);
        return this;
    }

    Encoding text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    byte[] toBytes() {
        return bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
    }
}
