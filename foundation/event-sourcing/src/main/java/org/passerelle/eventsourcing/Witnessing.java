package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.passerelle.proof.AddCheckpoint;
import org.passerelle.proof.Note;
import org.passerelle.proof.NoteKey;
import org.passerelle.proof.WitnessAnswer;

/**
 * Shows the last signed checkpoint to the witnesses of this log (C2SP tlog-witness, whoever made them), and keeps what they
 * cosign. A witness that cannot be reached is asked again and holds up nobody; one that knows a larger or another tree says that this log has been set back or forked. Its lease runs out
 * between two rounds: that another replica then asks as well does no harm.
 */
public final class Witnessing implements Loop.Step {

    private static final Logger LOG = Logger.getLogger(Witnessing.class);

    /** Between two rounds; together with {@link Proving#SIGN_EVERY} far below the window that is promised. */
    public static final Duration EVERY = Duration.ofSeconds(10);

    private static final Duration ANSWER = Duration.ofSeconds(8);

    /**
     * @param prefix where it takes requests: {@code add-checkpoint} comes behind
     * @param key    under which it cosigns
     */
    public record Other(URI prefix, NoteKey key) {}

    /** What a witness said of our last checkpoint. */
    public enum Verdict {
        /** Nobody asked yet, or it gave no answer. */
        UNKNOWN,
        COSIGNED,
        /** It does not watch this log, or knows another key of it. */
        REFUSED,
        /** It has seen more of this log than there is, or another tree. */
        CONTRADICTED
    }

    private static final String COSIGNED = "select note from proof_cosigned where (epoch, size) in"
            + " (select distinct on (epoch, witness, " + Witness.PERIOD + ") epoch, size from proof_cosigned"
            + " order by epoch, witness, " + Witness.PERIOD + ", size desc)"
            + " order by witnessed_at desc, size desc";

    private final Pool pool;
    private final List<Other> witnesses;
    private final Lease lease;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(3))
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final Map<String, Verdict> verdicts = new ConcurrentHashMap<>();

    public Witnessing(Pool pool, List<Other> witnesses) {
        this.pool = pool;
        this.witnesses = List.copyOf(witnesses);
        this.lease = new Lease(pool, "witnessing");
    }

    /** By the name of the witness; of this process's own questions only. */
    public Map<String, Verdict> verdicts() {
        return Map.copyOf(verdicts);
    }

    /** How many witnesses have cosigned something new. */
    @Override
    public Uni<Integer> step() {
        return lease.hold().flatMap(leads -> leads ? askAll() : Uni.createFrom().item(0));
    }

    private Uni<Integer> askAll() {
        return new LogTree(pool).state().flatMap(state -> {
            Note note = state.map(LogTree.State::note).orElse(null);
            if (note == null) {
                return Uni.createFrom().item(0);
            }
            return Multi.createFrom()
                    .iterable(witnesses)
                    .onItem()
                    .transformToUniAndMerge(witness -> ask(state.get(), note, witness))
                    .filter(cosigned -> cosigned)
                    .collect()
                    .asList()
                    .map(List::size)
                    // The next round is after the pause in any case.
                    .replaceWith(0);
        });
    }

    private Uni<Boolean> ask(LogTree.State state, Note note, Other witness) {
        return pool.preparedQuery("select size from proof_witnessed where epoch = $1 and witness = $2")
                .execute(tuple(state.epoch(), witness.key().name()))
                .flatMap(rows -> {
                    long known = rows.size() == 0 ? 0 : rows.iterator().next().getLong("size");
                    if (known == state.signedSize()) {
                        verdicts.putIfAbsent(witness.key().name(), Verdict.COSIGNED); // told before a restart
                        return Uni.createFrom().item(false);
                    }
                    return submit(state, note, witness, known, true);
                })
                .onFailure()
                .recoverWithItem(failure -> {
                    say(witness, Verdict.UNKNOWN, failure);
                    return false;
                });
    }

    private Uni<Boolean> submit(LogTree.State state, Note note, Other witness, long known, boolean again) {
        if (known > state.signedSize()) {
            return setBack(witness, known);
        }
        return new LogTree(pool)
                .consistency(known, state.signedSize())
                .flatMap(proof -> post(witness, new AddCheckpoint(known, proof, note)))
                .flatMap(answer -> switch (answer) {
                    case WitnessAnswer.Cosigned cosigned -> keep(state, witness, cosigned.note());
                    case WitnessAnswer.Knows knows
                    when knows.size() != known ->
                        // A second time another replica has shown it more meanwhile.
                        again ? submit(state, note, witness, knows.size(), false) : said(witness, Verdict.UNKNOWN);
                    case WitnessAnswer.Knows sameSizeOtherRoot -> said(witness, Verdict.CONTRADICTED);
                    case WitnessAnswer.Disagrees disagrees -> said(witness, Verdict.CONTRADICTED);
                    case WitnessAnswer.Refused refused -> said(witness, Verdict.REFUSED);
                    case WitnessAnswer.Unavailable unavailable -> said(witness, Verdict.UNKNOWN);
                });
    }

    /** Unless another replica has signed and shown that much since this one looked. */
    private Uni<Boolean> setBack(Other witness, long known) {
        return new LogTree(pool)
                .state()
                .flatMap(now -> said(
                        witness,
                        now.filter(found -> found.signedSize() >= known).isPresent()
                                ? Verdict.UNKNOWN
                                : Verdict.CONTRADICTED));
    }

    private Uni<Boolean> said(Other witness, Verdict verdict) {
        say(witness, verdict, null);
        return Uni.createFrom().item(false);
    }

    private Uni<WitnessAnswer> post(Other witness, AddCheckpoint request) {
        HttpRequest post = HttpRequest.newBuilder(URI.create(witness.prefix() + "/add-checkpoint"))
                .timeout(ANSWER)
                .header("Content-Type", "text/plain; charset=utf-8")
                .POST(BodyPublishers.ofString(request.text()))
                .build();
        return Uni.createFrom()
                .completionStage(() -> http.sendAsync(
                        post, BodyHandlers.limiting(BodyHandlers.ofString(), AddCheckpoint.LARGEST_ANSWER)))
                .map(answer -> WitnessAnswer.read(
                        request,
                        witness.key(),
                        answer.statusCode(),
                        answer.headers().firstValue("Content-Type").orElse(""),
                        answer.body()));
    }

    private Uni<Boolean> keep(LogTree.State state, Other witness, Note cosigned) {
        return pool.preparedQuery("with kept as (insert into proof_cosigned as c (epoch, size, witness, note)"
                        + " values ($1, $3, $2, $4) on conflict (epoch, size, witness) do update"
                        + " set note = excluded.note, witnessed_at = clock_timestamp())"
                        + " insert into proof_witnessed as w (epoch, witness, size, note)"
                        + " values ($1, $2, $3, $4) on conflict (epoch, witness) do update"
                        + " set size = $3, note = $4, witnessed_at = clock_timestamp() where w.size <= $3")
                .execute(tuple(state.epoch(), witness.key().name(), state.signedSize(), cosigned.format()))
                .invoke(() -> say(witness, Verdict.COSIGNED, null))
                .replaceWith(true);
    }

    /**
     * The checkpoints of all lives of this log that witnesses have cosigned, each with all their signatures, the youngest
     * first: what {@code ctl verify} starts from where a witness keeps none to be asked for. All of the last hour, and of
     * each witness the largest of each hour for a month, of each day for ever: however long a log lives, the answer begins
     * where it began.
     */
    public static Uni<List<Note>> cosigned(Pool pool) {
        return pool.query(COSIGNED).execute().map(rows -> {
            Map<String, Note> byText = new LinkedHashMap<>();
            rows.forEach(row -> {
                Note note = Note.parse(row.getString("note"));
                byText.merge(note.text(), note, Note::together);
            });
            return List.copyOf(byText.values());
        });
    }

    private void say(Other witness, Verdict verdict, @Nullable Throwable failure) {
        String name = witness.key().name();
        if (verdicts.put(name, verdict) != verdict) {
            switch (verdict) {
                case COSIGNED -> LOG.infof("%s witnesses this log", name);
                case CONTRADICTED ->
                    LOG.errorf(
                            "%s has seen another history of this log than this database holds: it was set back, or"
                                    + " rewritten. See docs/proof.md",
                            name);
                case REFUSED -> LOG.warnf("%s does not cosign the checkpoints of this log", name);
                case UNKNOWN ->
                    LOG.warnf(
                            "%s gives no answer: %s",
                            name,
                            failure == null
                                    ? "it will later"
                                    : failure.getClass().getName());
            }
        }
    }

    @Override
    public Uni<Void> stop() {
        return lease.release().eventually(http::shutdownNow);
    }
}
