package org.passerelle.proof;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A text with signatures, as C2SP signed-note writes it. Worth nothing before a signature has been verified.
 *
 * @param text ends with a newline
 */
public record Note(String text, List<Signed> signatures) {

    /** Signatures on one note; more is not parsed. */
    private static final int MOST = 64;

    private static final int MOST_CHARACTERS = 100_000;
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x09\\x0b-\\x1f]");
    private static final Pattern LINE = Pattern.compile("— ([^\\s\\p{Z}+]+) ([A-Za-z0-9+/]+={0,2})");

    /**
     * A line of a signature.
     *
     * @param keyId     of name and key, see {@link NoteKey}
     * @param signature without the id
     */
    public record Signed(String name, int keyId, byte[] signature) {

        /** With its newline. */
        public String line() {
            byte[] bytes = ByteBuffer.allocate(Integer.BYTES + signature.length)
                    .putInt(keyId)
                    .put(signature)
                    .array();
            return "— " + name + " " + Base64.getEncoder().encodeToString(bytes) + "\n";
        }

        /** @throws IllegalArgumentException for no such line */
        public static Signed parse(String line) {
            var matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("no line of a signature");
            }
            byte[] bytes = Base64.getDecoder().decode(matcher.group(2));
            if (bytes.length <= Integer.BYTES) {
                throw new IllegalArgumentException("a signature of no bytes");
            }
            return new Signed(
                    matcher.group(1),
                    ByteBuffer.wrap(bytes).getInt(),
                    Arrays.copyOfRange(bytes, Integer.BYTES, bytes.length));
        }
    }

    /** A witness's word that it saw a checkpoint. */
    public record Cosigned(NoteKey witness, Instant at) {}

    public Note {
        signatures = List.copyOf(signatures);
        if (text.isEmpty() || !text.endsWith("\n") || CONTROL.matcher(text).find()) {
            throw new IllegalArgumentException("no text of a note");
        }
    }

    /** @throws IllegalArgumentException for what is no signed note */
    public static Note parse(String note) {
        int end = note.lastIndexOf("\n\n");
        if (end < 0 || !note.endsWith("\n") || note.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("no signed note");
        }
        List<Signed> signatures = signatures(note.substring(end + 2));
        if (signatures.isEmpty()) {
            throw new IllegalArgumentException("a note without signature");
        }
        return new Note(note.substring(0, end + 1), signatures);
    }

    /** Lines of signatures as a witness answers them. */
    public static List<Signed> signatures(String lines) {
        List<String> each = lines.lines().toList();
        if (each.size() > MOST || !lines.isEmpty() && !lines.endsWith("\n")) {
            throw new IllegalArgumentException("no lines of signatures");
        }
        return each.stream().map(Signed::parse).toList();
    }

    /**
     * Several checkpoints in one file, one behind another; empty lines between them do not count.
     *
     * @throws IllegalArgumentException where one of them is no signed note
     */
    public static List<Note> parseAll(String notes) {
        List<Note> all = new ArrayList<>();
        StringBuilder one = new StringBuilder();
        boolean signed = false;
        for (String line : notes.lines().toList()) {
            boolean signature = line.startsWith("— ");
            if (signed && !signature) {
                all.add(parse(one.toString()));
                one.setLength(0);
                signed = false;
            }
            if (!one.isEmpty() || !line.isEmpty()) {
                one.append(line).append('\n');
            }
            signed |= signature;
        }
        if (!one.isEmpty()) {
            all.add(parse(one.toString()));
        }
        return all;
    }

    public String format() {
        StringBuilder all = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> all.append(signature.line()));
        return all.toString();
    }

    public Note with(List<Signed> more) {
        List<Signed> all = new ArrayList<>(signatures);
        all.addAll(more);
        return new Note(text, all);
    }

    /** The signatures of another note on the same text too, each once. */
    public Note together(Note other) {
        Map<String, Signed> lines = new LinkedHashMap<>();
        signatures.forEach(line -> lines.put(line.line(), line));
        other.signatures().forEach(line -> lines.put(line.line(), line));
        return new Note(text, List.copyOf(lines.values()));
    }

    /** Whether the key signed the text. One wrong signature under its name is enough for no. */
    public boolean isSignedBy(NoteKey key) {
        List<Signed> its = signatures.stream().filter(key::isOf).toList();
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        return key.type() == NoteKey.Type.NOTE
                && !its.isEmpty()
                && its.stream().allMatch(line -> key.verifies(message, line.signature()));
    }

    /** What a witness says; empty where it signed nothing, or one line under its name is wrong. */
    public Optional<Cosigned> cosignedBy(NoteKey witness) {
        if (witness.type() != NoteKey.Type.COSIGNATURE) {
            return Optional.empty();
        }
        Optional<Cosigned> latest = Optional.empty();
        for (Signed line : signatures) {
            if (!witness.isOf(line)) {
                continue;
            }
            if (line.signature().length <= Long.BYTES) {
                return Optional.empty();
            }
            long seconds = ByteBuffer.wrap(line.signature()).getLong();
            byte[] signature = Arrays.copyOfRange(line.signature(), Long.BYTES, line.signature().length);
            if (seconds < 0
                    || seconds > Instant.MAX.getEpochSecond()
                    || !witness.verifies(cosigned(text, seconds), signature)) {
                return Optional.empty();
            }
            Instant at = Instant.ofEpochSecond(seconds);
            if (latest.isEmpty() || latest.get().at().isBefore(at)) {
                latest = Optional.of(new Cosigned(witness, at));
            }
        }
        return latest;
    }

    static byte[] cosigned(String text, long seconds) {
        return ("cosignature/v1\ntime " + seconds + "\n" + text).getBytes(StandardCharsets.UTF_8);
    }
}
