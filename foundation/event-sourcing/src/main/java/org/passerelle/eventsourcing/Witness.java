package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.passerelle.proof.AddCheckpoint;
import org.passerelle.proof.Checkpoint;
import org.passerelle.proof.Note;
import org.passerelle.proof.NoteKey;
import org.passerelle.proof.NoteSigner;
import org.passerelle.proof.TreeHash;
import org.passerelle.proof.TreeProof;

/**
 * Watches the logs of others (C2SP tlog-witness): cosigns a checkpoint only when the largest tree it knows of that log is
 * its beginning, and has committed that before it answers. So no two of its cosignatures contradict each other.
 */
public final class Witness {

    /** Adopted restores of one log that are told of. */
    private static final int MOST_LIVES = 100;

    /**
     * Of each of these one checkpoint is told, the largest: all of the last hour, of a month one an hour, before that one a
     * day. So an answer that begins where the log began stays short, however old it is.
     */
    static final String PERIOD = "case when witnessed_at > now() - interval '1 hour' then 'size ' || size"
            + " when witnessed_at > now() - interval '31 days' then 'hour ' || floor(extract(epoch from witnessed_at) / 3600)"
            + " else 'day ' || floor(extract(epoch from witnessed_at) / 86400) end";

    private final Pool pool;
    private final NoteSigner signer;
    private final List<NoteKey> logs;
    private final Clock clock;

    /**
     * @param signer a key of its own, of type {@link NoteKey.Type#COSIGNATURE}
     * @param logs   whose checkpoints it takes, each under the name that all origins of that log begin with
     */
    public Witness(Pool pool, NoteSigner signer, List<NoteKey> logs, Clock clock) {
        this.pool = pool;
        this.signer = signer;
        this.logs = List.copyOf(logs);
        this.clock = clock;
    }

    /** What becomes of a request; the numbers are those of HTTP that C2SP gives it. */
    public sealed interface Answer {

        /** 200: the lines of its signatures. */
        record Cosigned(String lines) implements Answer {}

        /** 400: no such request, or the old size is larger than the new. */
        record Malformed() implements Answer {}

        /** 403: no signature of a key that is trusted for this log. */
        record NotTrusted() implements Answer {}

        /** 404: a log that nobody told it to watch. */
        record UnknownLog() implements Answer {}

        /** 409: what it knows is another size, or another tree of that size. */
        record Knows(long size) implements Answer {}

        /** 422: what it knows is not proven to be the beginning. */
        record NotProven() implements Answer {}
    }

    /** The name and key under which it cosigns. */
    public NoteKey key() {
        return signer.key();
    }

    public Uni<Answer> add(String request) {
        AddCheckpoint add;
        Checkpoint checkpoint;
        try {
            add = AddCheckpoint.parse(request);
            checkpoint = Checkpoint.parse(add.note().text());
        } catch (IllegalArgumentException e) {
            return answer(new Answer.Malformed());
        }
        Optional<NoteKey> log =
                logs.stream().filter(key -> checkpoint.isOf(key.name())).findFirst();
        if (log.isEmpty()) {
            return answer(new Answer.UnknownLog());
        }
        NoteKey key = log.get().named(checkpoint.origin());
        if (!add.note().isSignedBy(key)) {
            return answer(new Answer.NotTrusted());
        }
        if (add.oldSize() > checkpoint.size()
                || add.oldSize() == 0 && !add.proof().isEmpty()) {
            return answer(new Answer.Malformed());
        }
        return pool.withTransaction(tx -> known(tx, checkpoint.origin()).flatMap(known -> judge(tx, known, add, key)));
    }

    private static Uni<Answer> answer(Answer answer) {
        return Uni.createFrom().item(answer);
    }

    private static Uni<Checkpoint> known(SqlConnection tx, String origin) {
        return tx.preparedQuery(
                        "insert into watched_log (origin, size, root) values ($1, 0, $2) on conflict do nothing")
                .execute(tuple(origin, Buffer.buffer(new TreeHash().empty())))
                .chain(() -> tx.preparedQuery("select size, root from watched_log where origin = $1 for update")
                        .execute(tuple(origin)))
                .map(rows -> {
                    var row = rows.iterator().next();
                    return new Checkpoint(origin, row.getLong("size"), Rows.bytes(row, "root"));
                });
    }

    private Uni<Answer> judge(SqlConnection tx, Checkpoint known, AddCheckpoint add, NoteKey key) {
        Checkpoint next = Checkpoint.parse(add.note().text());
        if (add.oldSize() != known.size() || known.size() == next.size() && !Arrays.equals(known.root(), next.root())) {
            return answer(new Answer.Knows(known.size()));
        }
        if (known.size() > 0
                && !TreeProof.consistent(known.size(), next.size(), known.root(), next.root(), add.proof())) {
            return answer(new Answer.NotProven());
        }
        Note.Signed line = signer.cosign(add.note().text(), clock.instant());
        // Of the log only: what else came along was signed by nobody that is known.
        List<Note.Signed> signatures = new ArrayList<>(add.note().signatures().stream()
                .filter(signed -> signed.name().equals(key.name()))
                .toList());
        signatures.add(line);
        Note cosigned = new Note(add.note().text(), signatures);
        return tx.preparedQuery("update watched_log set size = $2, root = $3 where origin = $1")
                .execute(tuple(next.origin(), next.size(), Buffer.buffer(next.root())))
                .chain(() -> tx.preparedQuery("insert into watched_checkpoint (origin, size, note) values ($1, $2, $3)"
                                + " on conflict (origin, size) do update set note = excluded.note,"
                                + " witnessed_at = clock_timestamp()")
                        .execute(tuple(next.origin(), next.size(), cosigned.format())))
                .replaceWith(new Answer.Cosigned(line.line()));
    }

    /**
     * Checkpoints it has cosigned of all lives of a log, the youngest first: all of the last hour, of a month the largest of
     * each hour, before that of each day.
     *
     * @param log the name that their origins begin with
     */
    public static Uni<List<Note>> checkpoints(Pool pool, String log) {
        return pool.preparedQuery(
                        "select note from (select distinct on (origin, " + PERIOD + ") note, witnessed_at, size"
                                + " from watched_checkpoint where starts_with(origin, $1) order by origin, " + PERIOD
                                + ", size desc) told order by witnessed_at desc, size desc")
                .execute(tuple(log + "/"))
                .map(rows -> {
                    List<Note> notes = new ArrayList<>(rows.size());
                    rows.forEach(row -> notes.add(Note.parse(row.getString("note"))));
                    return notes;
                });
    }

    /**
     * Of each life of a log the last checkpoint that was cosigned, the youngest life first: what {@link Recollection} asks
     * for.
     */
    public static Uni<List<Note>> last(Pool pool, String log) {
        return pool.preparedQuery("select c.note from watched_log l join watched_checkpoint c"
                        + " on c.origin = l.origin and c.size = l.size where starts_with(l.origin, $1)"
                        + " order by c.witnessed_at desc limit " + MOST_LIVES)
                .execute(tuple(log + "/"))
                .map(rows -> {
                    List<Note> notes = new ArrayList<>(rows.size());
                    rows.forEach(row -> notes.add(Note.parse(row.getString("note"))));
                    return notes;
                });
    }
}
