package org.passerelle.proof;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A piece of an export. The file begins with {@value #MAGIC} and a newline; each piece is a letter, its length (4 bytes,
 * big-endian) and its bytes.
 */
sealed interface ExportFrame {

    String MAGIC = "passerelle-export-1";

    /** An event is at most 1 MB; what somebody else wrote into the table may be longer. */
    int LONGEST = 64_000_000;

    /**
     * {@code H}, the first: lines of text.
     *
     * @param lives epochs of the log, oldest first
     */
    record Header(String service, Instant exportedAt, List<Life> lives) implements ExportFrame {

        UUID epoch() {
            return lives.getLast().epoch();
        }
    }

    /** @param firstSeq first position that it gave; 0 where a restore has undone it */
    record Life(UUID epoch, long firstSeq) {}

    /** {@code T}: index of a tile of leaf hashes (8 bytes), then the hashes; before the events it speaks of. */
    record Leaves(long index, byte[] hashes) implements ExportFrame {}

    /** {@code E}: position (8 bytes), then {@link EventRecord#content}. */
    record Event(long seq, byte[] content) implements ExportFrame {}

    /** {@code O}: the content of an event that is neither in the log nor waits for a position. */
    record Stray(byte[] content) implements ExportFrame {}

    /** {@code C}: the checkpoint that the service signed last, as it lies there. */
    record Own(String note) implements ExportFrame {}

    /** {@code Z}, the last: how many events (8 bytes), and how many wait for a position (8 bytes). */
    record End(long events, long pending) implements ExportFrame {}

    static void begin(DataOutputStream to) throws IOException {
        to.write((MAGIC + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    static void skipMagic(DataInputStream from) throws IOException {
        byte[] magic = from.readNBytes(MAGIC.length() + 1);
        if (!Arrays.equals(magic, (MAGIC + "\n").getBytes(StandardCharsets.US_ASCII))) {
            throw new IOException("this is no export of a log");
        }
    }

    static void write(DataOutputStream to, ExportFrame frame) throws IOException {
        switch (frame) {
            case Header header -> piece(to, 'H', header(header).getBytes(StandardCharsets.UTF_8));
            case Leaves leaves -> numbered(to, 'T', leaves.index(), leaves.hashes());
            case Event event -> numbered(to, 'E', event.seq(), event.content());
            case Stray stray -> piece(to, 'O', stray.content());
            case Own own -> piece(to, 'C', own.note().getBytes(StandardCharsets.UTF_8));
            case End end ->
                numbered(
                        to,
                        'Z',
                        end.events(),
                        ByteBuffer.allocate(Long.BYTES).putLong(end.pending()).array());
        }
    }

    private static void piece(DataOutputStream to, char kind, byte[] bytes) throws IOException {
        to.writeByte(kind);
        to.writeInt(bytes.length);
        to.write(bytes);
    }

    private static void numbered(DataOutputStream to, char kind, long number, byte[] bytes) throws IOException {
        to.writeByte(kind);
        to.writeInt(Long.BYTES + bytes.length);
        to.writeLong(number);
        to.write(bytes);
    }

    /** @return null behind the last piece */
    static @Nullable ExportFrame read(DataInputStream from) throws IOException {
        int kind = from.read();
        if (kind < 0) {
            return null;
        }
        int length = from.readInt();
        if (length < 0 || length > LONGEST) {
            throw new IOException("a piece that is too long");
        }
        try {
            return switch (kind) {
                case 'H' -> header(new String(bytes(from, length), StandardCharsets.UTF_8));
                case 'T' -> new Leaves(from.readLong(), bytes(from, length - Long.BYTES));
                case 'E' -> new Event(from.readLong(), bytes(from, length - Long.BYTES));
                case 'O' -> new Stray(bytes(from, length));
                case 'C' -> new Own(new String(bytes(from, length), StandardCharsets.UTF_8));
                case 'Z' ->
                    new End(
                            from.readLong(),
                            ByteBuffer.wrap(bytes(from, Long.BYTES)).getLong());
                default -> throw new IOException("an unknown piece");
            };
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException("a piece that cannot be read", e);
        }
    }

    private static byte[] bytes(DataInputStream from, int length) throws IOException {
        if (length < 0) {
            throw new IOException("a piece that is too short");
        }
        byte[] bytes = new byte[length];
        from.readFully(bytes);
        return bytes;
    }

    private static String header(Header header) {
        StringBuilder text = new StringBuilder()
                .append(header.service())
                .append('\n')
                .append(header.exportedAt())
                .append('\n');
        header.lives()
                .forEach(life -> text.append(life.epoch())
                        .append(' ')
                        .append(life.firstSeq())
                        .append('\n'));
        return text.toString();
    }

    private static Header header(String text) throws IOException {
        List<String> lines = text.lines().toList();
        if (lines.size() < 3) {
            throw new EOFException("a header that ends too early");
        }
        List<Life> lives = new ArrayList<>();
        for (String line : lines.subList(2, lines.size())) {
            String[] parts = line.split(" ", 2);
            lives.add(new Life(UUID.fromString(parts[0]), Long.parseLong(parts[parts.length - 1])));
        }
        return new Header(lines.get(0), Instant.parse(lines.get(1)), List.copyOf(lives));
    }
}
