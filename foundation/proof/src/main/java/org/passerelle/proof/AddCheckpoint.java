package org.passerelle.proof;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What a log sends to a witness (C2SP tlog-witness, add-checkpoint): a newer checkpoint, and the proof that the one the
 * witness knows is its beginning.
 *
 * @param oldSize what the witness is thought to know; 0 for nothing
 * @param proof   at most 63 hashes
 */
public record AddCheckpoint(long oldSize, List<byte[]> proof, Note note) {

    /** Bytes of an answer that are read. */
    public static final long LARGEST_ANSWER = 100_000;

    private static final int MOST = 63;

    public AddCheckpoint {
        proof = List.copyOf(proof);
        if (proof.size() > MOST) {
            throw new IllegalArgumentException("a proof of more than 63 hashes");
        }
    }

    public String text() {
        StringBuilder text = new StringBuilder("old ").append(oldSize).append('\n');
        proof.forEach(
                hash -> text.append(Base64.getEncoder().encodeToString(hash)).append('\n'));
        return text.append('\n').append(note.format()).toString();
    }

    /** @throws IllegalArgumentException for what is no such request */
    public static AddCheckpoint parse(String text) {
        int end = text.indexOf("\n\n");
        List<String> lines =
                end < 0 ? List.of() : text.substring(0, end).lines().toList();
        if (lines.isEmpty() || !lines.getFirst().matches("old (0|[1-9][0-9]{0,18})")) {
            throw new IllegalArgumentException("a request begins with the old size");
        }
        List<byte[]> proof = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            byte[] hash = Base64.getDecoder().decode(line);
            if (hash.length != TreeHash.BYTES) {
                throw new IllegalArgumentException("a hash has 32 bytes");
            }
            proof.add(hash);
        }
        return new AddCheckpoint(
                Long.parseLong(lines.getFirst().substring("old ".length())),
                proof,
                Note.parse(text.substring(end + 2)));
    }
}
