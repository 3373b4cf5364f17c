package org.passerelle.eventsourcing;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.passerelle.proof.Checkpoint;
import org.passerelle.proof.Note;
import org.passerelle.proof.NoteKey;

/**
 * What the witnesses of a log remember of it: of each life the last checkpoint that they cosigned. Only one that bears
 * this log's own signature beside the witness's counts, so a witness by itself can silence nobody: whoever gives no answer,
 * or rubbish, remembers nothing.
 */
public final class Recollection {

    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final long LARGEST_ANSWER = 1_000_000;

    /** A checkpoint of this log, signed by it and cosigned by that witness. */
    public record Remembered(String witness, Checkpoint checkpoint, Note note) {}

    private final NoteKey log;
    private final List<Witnessing.Other> witnesses;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(ANSWER)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /** @param log the key of this log, under the name that all its origins begin with */
    public Recollection(NoteKey log, List<Witnessing.Other> witnesses) {
        this.log = log;
        this.witnesses = List.copyOf(witnesses);
    }

    /** Never fails, and takes a few seconds at most. */
    public Uni<List<Remembered>> ask() {
        return Multi.createFrom()
                .iterable(witnesses)
                .onItem()
                .transformToUniAndMerge(this::ask)
                .onItem()
                .<Remembered>disjoint()
                .collect()
                .asList();
    }

    private Uni<List<Remembered>> ask(Witnessing.Other witness) {
        HttpRequest get = HttpRequest.newBuilder(URI.create(witness.prefix() + "/last-checkpoints?log="
                        + URLEncoder.encode(log.name(), StandardCharsets.UTF_8)))
                .timeout(ANSWER)
                .GET()
                .build();
        return Uni.createFrom()
                .completionStage(
                        () -> http.sendAsync(get, BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST_ANSWER)))
                .map(answer -> genuine(answer, witness.key()))
                // A body that never ends is no answer either.
                .ifNoItem()
                .after(ANSWER.multipliedBy(2))
                .fail()
                .onFailure()
                .recoverWithItem(List.of());
    }

    private List<Remembered> genuine(HttpResponse<String> answer, NoteKey witness) {
        List<Remembered> genuine = new ArrayList<>();
        if (answer.statusCode() == 200) {
            for (Note note : Note.parseAll(answer.body())) {
                Checkpoint checkpoint = Checkpoint.parse(note.text());
                if (checkpoint.isOf(log.name())
                        && note.isSignedBy(log.named(checkpoint.origin()))
                        && note.cosignedBy(witness).isPresent()) {
                    genuine.add(new Remembered(witness.name(), checkpoint, note));
                }
            }
        }
        return genuine;
    }
}
