package org.passerelle.proof;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What whoever verifies knows from elsewhere, and takes from nobody who runs the database.
 *
 * @param witnesses keys of type {@link NoteKey.Type#COSIGNATURE}; one of them must have signed
 * @param logs      keys that the service signs with, old ones too, whatever their names; empty when they are not known
 * @param macKeys   of the service's HMAC, old ones too; empty when the verifier may not know them
 * @param macFrom   from this position on each event must have an HMAC; null for from the first that has one
 * @param quorum    so many different witnesses must have signed a checkpoint for it to prove something; one of them is
 *     enough to contradict
 */
public record Trust(
        List<NoteKey> witnesses,
        List<NoteKey> logs,
        List<byte[]> macKeys,
        @Nullable Long macFrom,
        int quorum) {

    public Trust {
        if (quorum < 1) {
            throw new IllegalArgumentException("a quorum is of one witness at least");
        }
        witnesses = List.copyOf(witnesses);
        logs = List.copyOf(logs);
        macKeys = List.copyOf(macKeys);
    }

    /** Where one witness is enough. */
    public Trust(List<NoteKey> witnesses, List<NoteKey> logs, List<byte[]> macKeys, @Nullable Long macFrom) {
        this(witnesses, logs, macKeys, macFrom, 1);
    }

    /** Whether the log itself signed; true where its keys are not known. */
    boolean logSigned(Note note, String origin) {
        return logs.isEmpty() || logs.stream().anyMatch(key -> note.isSignedBy(key.named(origin)));
    }
}
