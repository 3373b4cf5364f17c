package org.passerelle.proof;

import java.util.List;
import java.util.regex.Pattern;

/** What a witness answers to {@link AddCheckpoint} (C2SP tlog-witness); any witness that speaks it, not only ours. */
public sealed interface WitnessAnswer {

    /**
     * It has seen this checkpoint, and nothing larger of this log.
     *
     * @param note with its verified cosignature behind the signatures that were sent
     */
    record Cosigned(Note note) implements WitnessAnswer {}

    /** What it has cosigned last is of this size; where that is the size it was told, of another root. */
    record Knows(long size) implements WitnessAnswer {}

    /** It says that what it knows is not the beginning of this tree. */
    record Disagrees() implements WitnessAnswer {}

    /** It does not watch this log, or knows another key of it, or answers with no cosignature of the key it is known by. */
    record Refused() implements WitnessAnswer {}

    /** It may answer otherwise the next time. */
    record Unavailable(int status) implements WitnessAnswer {}

    String SIZE_TYPE = "text/x.tlog.size";

    Pattern SIZE = Pattern.compile("(0|[1-9][0-9]{0,18})\n");

    /**
     * @param asked       what it was asked
     * @param witness     the key that it is known by: signatures of all others are left aside
     * @param contentType empty where there is none
     */
    static WitnessAnswer read(AddCheckpoint asked, NoteKey witness, int status, String contentType, String body) {
        return switch (status) {
            case 200 -> cosigned(asked.note(), witness, body);
            case 409 -> conflict(contentType, body);
            case 422 -> new Disagrees();
            case 400, 403, 404 -> new Refused();
            default -> new Unavailable(status);
        };
    }

    private static WitnessAnswer cosigned(Note note, NoteKey witness, String body) {
        List<Note.Signed> its;
        try {
            its = Note.signatures(body).stream().filter(witness::isOf).toList();
        } catch (IllegalArgumentException e) {
            return new Refused();
        }
        Note cosigned = note.with(its);
        return cosigned.cosignedBy(witness).isPresent() ? new Cosigned(cosigned) : new Refused();
    }

    private static WitnessAnswer conflict(String contentType, String body) {
        if (contentType.startsWith(SIZE_TYPE) && SIZE.matcher(body).matches()) {
            try {
                return new Knows(Long.parseLong(body.strip()));
            } catch (NumberFormatException e) {
                // no size that a log can have
            }
        }
        return new Unavailable(409); // not a witness's: of whatever stands before it
    }
}
