package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.SqlClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.passerelle.proof.Note;
import org.passerelle.proof.Tile;
import org.passerelle.proof.TileTree;

/**
 * The tree over this life of the log, as {@link Proving} has written it: what auditors and witnesses ask for. Leaf
 * {@code seq - 1} is the event at {@code seq}.
 */
public final class LogTree {

    static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    /** For one tile. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final SqlClient client;

    public LogTree(SqlClient client) {
        this.client = client;
    }

    /**
     * @param size       events in the tree
     * @param root       of them
     * @param signedSize events under the last signed checkpoint; 0 for none
     * @param note       that checkpoint
     */
    public record State(
            UUID epoch,
            long size,
            byte[] root,
            long signedSize,
            @Nullable Note note) {}

    /** A tile of the tree, or what there is of it so far, is missing or cannot be. */
    public static final class Damaged extends RuntimeException {
        Damaged(String what) {
            super(what, null, false, false);
        }
    }

    /** Empty while nothing of this life has been proven. */
    public Uni<Optional<State>> state() {
        return state("");
    }

    Uni<Optional<State>> state(String locked) {
        return client.query("select t.epoch, t.size, t.root, t.signed_size, t.note from proof_tree t"
                        + " join log_life l on l.epoch = t.epoch" + locked)
                .execute()
                .map(rows -> {
                    var row = rows.iterator();
                    return row.hasNext() ? Optional.of(state(row.next())) : Optional.empty();
                });
    }

    private static State state(io.vertx.mutiny.sqlclient.Row row) {
        String note = row.getString("note");
        return new State(
                row.getUUID("epoch"),
                row.getLong("size"),
                Rows.bytes(row, "root"),
                row.getLong("signed_size"),
                note == null ? null : Note.parse(note));
    }

    /** The hashes of a tile of this life as far as there are any, at most 256; empty where there is none. */
    public Uni<Optional<byte[]>> tile(Tile tile) {
        return client.preparedQuery("select t.hashes from proof_tile t join log_life l on l.epoch = t.epoch"
                        + " where t.level = $1 and t.index = $2")
                .execute(tuple(tile.level(), tile.index()))
                .map(rows -> {
                    var row = rows.iterator();
                    return row.hasNext()
                            ? Optional.of(row.next().get(Buffer.class, "hashes").getBytes())
                            : Optional.empty();
                });
    }

    /**
     * That the event at a position is in the tree of a size.
     *
     * @param seq from 1 to {@code size}
     */
    public Uni<List<byte[]>> inclusion(long seq, long size) {
        return onItsOwnThread(tree -> tree.inclusion(seq - 1, size));
    }

    /** That the tree of the old size is the beginning of that of the new one. */
    public Uni<List<byte[]>> consistency(long oldSize, long newSize) {
        return onItsOwnThread(tree -> tree.consistency(oldSize, newSize));
    }

    private <T> Uni<T> onItsOwnThread(java.util.function.Function<TileTree, T> work) {
        return Uni.createFrom()
                .item(() -> work.apply(new TileTree(this::awaited)))
                .runSubscriptionOn(THREADS);
    }

    /** For a thread that may wait. */
    byte[] awaited(Tile tile) {
        return tile(tile).await().atMost(LIMIT).orElseThrow(() -> new Damaged("a tile is missing"));
    }
}
