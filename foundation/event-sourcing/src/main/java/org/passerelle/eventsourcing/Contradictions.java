package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.passerelle.proof.Checkpoint;
import org.passerelle.proof.Note;
import org.passerelle.proof.TileTree;

/**
 * Compares what witnesses remember with this database, and keeps what does not agree: neither a new process nor a witness
 * that went away opens a log that was contradicted.
 */
final class Contradictions {

    private Contradictions() {}

    /**
     * Keeps those of these checkpoints that this database contradicts. Whoever leads then leads no more, in every replica:
     * to begin again he must look first.
     */
    static Uni<Void> note(Pool pool, String service, List<Recollection.Remembered> told) {
        return against(pool, service, told).flatMap(against -> {
            Uni<Void> done = Uni.createFrom().voidItem();
            for (Recollection.Remembered one : against) {
                done = done.chain(() -> keep(pool, one));
            }
            return done;
        });
    }

    private static Uni<Void> keep(Pool pool, Recollection.Remembered one) {
        return pool.withTransaction(tx -> tx.preparedQuery("insert into contradiction (origin, witness, note)"
                        + " values ($1, $2, $3) on conflict do nothing")
                .execute(tuple(
                        one.checkpoint().origin(), one.witness(), one.note().format()))
                .flatMap(rows -> rows.rowCount() == 0
                        ? Uni.createFrom().voidItem()
                        : tx.query("update lease set holder = gen_random_uuid(), term = term + 1,"
                                        + " expires_at = clock_timestamp()")
                                .execute()
                                .replaceWithVoid()));
    }

    /** What was kept and no adoption has answered yet, however far the log has come since. */
    static Uni<List<Recollection.Remembered>> standing(Pool pool, String service) {
        return pool.query("select witness, note from contradiction order by told_at")
                .execute()
                .map(rows -> {
                    List<Recollection.Remembered> kept = new ArrayList<>();
                    rows.forEach(row -> {
                        Note note = Note.parse(row.getString("note"));
                        kept.add(new Recollection.Remembered(
                                row.getString("witness"), Checkpoint.parse(note.text()), note));
                    });
                    return kept;
                })
                .flatMap(kept -> kept.isEmpty()
                        ? Uni.createFrom().item(kept)
                        : RestoreCheck.lives(pool)
                                .map(lives -> kept.stream()
                                        .filter(one -> epoch(service, one.checkpoint())
                                                .filter(life ->
                                                        !lives.epochs().contains(life) || life.equals(lives.current()))
                                                .isPresent())
                                        .toList()));
    }

    private static Uni<List<Recollection.Remembered>> against(
            Pool pool, String service, List<Recollection.Remembered> told) {
        if (told.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        // In this order: what a witness was told had its position before it was asked.
        return RestoreCheck.lives(pool)
                .flatMap(lives -> new LogTree(pool)
                        .state()
                        .emitOn(LogTree.THREADS)
                        .map(tree -> told.stream()
                                .filter(one -> contradicts(pool, service, one.checkpoint(), lives, tree))
                                .toList()));
    }

    private static boolean contradicts(
            Pool pool, String service, Checkpoint told, RestoreCheck.Lives lives, Optional<LogTree.State> tree) {
        Optional<UUID> life = epoch(service, told);
        if (life.isEmpty()) {
            return false;
        }
        if (!lives.epochs().contains(life.get())) {
            return true;
        }
        // What an earlier life had and lost was lost when its end was adopted.
        if (!life.get().equals(lives.current())) {
            return false;
        }
        return told.size() > lives.lastSeq()
                || tree.filter(state -> state.epoch().equals(life.get())
                                        && told.size() > 0
                                        && told.size() <= state.size())
                                .isPresent()
                        && isAnotherTree(pool, told);
    }

    /** Blocks. Damaged hashes are no other history: {@link Proving} refuses to build on them, and says so. */
    private static boolean isAnotherTree(Pool pool, Checkpoint told) {
        try {
            return !Arrays.equals(new TileTree(new LogTree(pool)::awaited).root(told.size()), told.root());
        } catch (LogTree.Damaged damaged) {
            return false;
        }
    }

    /** Which life of this log a checkpoint is of; empty for one of another log. */
    static Optional<UUID> epoch(String service, Checkpoint checkpoint) {
        if (!checkpoint.isOf(Checkpoint.log(service))) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(
                    checkpoint.origin().substring(Checkpoint.log(service).length() + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
