package org.passerelle.proof;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Asks a witness itself, as an auditor, whether what a log shows is the largest tree that it has seen of it. A witness of
 * C2SP tlog-witness has no address to read from, but cosigns anew what it knows, with the time of the question: nobody who
 * runs the log stands between.
 */
public final class FreshCosignature {

    /** The log grows while it is asked; so often it is asked again. */
    private static final int TRIES = 5;

    private static final Duration ANSWER = Duration.ofSeconds(10);

    /** So far a witness's clock may be behind: an older cosignature was made for somebody else, and says nothing of now. */
    private static final Duration CLOCKS = Duration.ofMinutes(5);

    /** What a log shows of itself; nothing of it is believed. */
    public interface Shown {

        /** The last checkpoint that it signed. */
        Note checkpoint();

        /** Hashes of the proof that one tree is the beginning of another. */
        List<byte[]> consistency(long from, long to);
    }

    /** The witness has seen another history than the log shows, or says nothing that can be verified. */
    public static final class NotCosigned extends RuntimeException {
        NotCosigned(NoteKey witness, String what) {
            super(witness.name() + " " + what, null, false, false);
        }
    }

    private FreshCosignature() {}

    /**
     * @param prefix where the witness takes requests: {@code add-checkpoint} comes behind
     * @return the log's checkpoint with its signatures and that of the witness
     * @throws NotCosigned with what the witness says instead
     */
    public static Note of(Shown log, NoteKey witness, URI prefix) throws IOException, InterruptedException {
        long known = 0;
        try (HttpClient http = HttpClient.newBuilder()
                .connectTimeout(ANSWER)
                .version(HttpClient.Version.HTTP_1_1)
                .build()) {
            for (int i = 0; i < TRIES; i++) {
                Note note = log.checkpoint();
                long size = Checkpoint.parse(note.text()).size();
                if (known > size) {
                    throw new NotCosigned(
                            witness,
                            "has seen " + known + " events of this log, which shows " + size + ": it was set back");
                }
                AddCheckpoint request = new AddCheckpoint(
                        known, known == 0 || known == size ? List.of() : log.consistency(known, size), note);
                Instant asked = Instant.now();
                switch (ask(http, witness, prefix, request)) {
                    case WitnessAnswer.Cosigned cosigned -> {
                        Instant at = cosigned.note()
                                .cosignedBy(witness)
                                .orElseThrow()
                                .at();
                        if (at.isBefore(asked.minus(CLOCKS))) {
                            throw new NotCosigned(witness, "answers with what it cosigned at " + at + ", not now");
                        }
                        return cosigned.note();
                    }
                    case WitnessAnswer.Knows knows when knows.size() != request.oldSize() -> known = knows.size();
                    case WitnessAnswer.Knows other -> throw anotherHistory(witness);
                    case WitnessAnswer.Disagrees other -> throw anotherHistory(witness);
                    case WitnessAnswer.Refused refused ->
                        throw new NotCosigned(witness, "does not cosign the checkpoints of this log");
                    case WitnessAnswer.Unavailable unavailable ->
                        throw new NotCosigned(witness, "answers " + unavailable.status());
                }
            }
        }
        throw new NotCosigned(witness, "is shown newer checkpoints all the time: ask again");
    }

    private static NotCosigned anotherHistory(NoteKey witness) {
        return new NotCosigned(witness, "has seen another history of this log than it shows");
    }

    private static WitnessAnswer ask(HttpClient http, NoteKey witness, URI prefix, AddCheckpoint request)
            throws IOException, InterruptedException {
        HttpRequest post = HttpRequest.newBuilder(URI.create(prefix + "/add-checkpoint"))
                .timeout(ANSWER)
                .header("Content-Type", "text/plain; charset=utf-8")
                .POST(BodyPublishers.ofString(request.text()))
                .build();
        var answer = http.send(post, BodyHandlers.limiting(BodyHandlers.ofString(), AddCheckpoint.LARGEST_ANSWER));
        return WitnessAnswer.read(
                request,
                witness,
                answer.statusCode(),
                answer.headers().firstValue("Content-Type").orElse(""),
                answer.body());
    }
}
