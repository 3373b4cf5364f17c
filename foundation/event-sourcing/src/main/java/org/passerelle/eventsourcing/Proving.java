package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.passerelle.proof.Checkpoint;
import org.passerelle.proof.EventRecord;
import org.passerelle.proof.Note;
import org.passerelle.proof.NoteSigner;
import org.passerelle.proof.Tile;
import org.passerelle.proof.TileTree;
import org.passerelle.proof.TreeHash;

/**
 * Grows the tree over the log and signs it. Reads what is committed in the log behind the persisted size, writes tiles,
 * root and size in one transaction under its term, and signs only what such a transaction has committed before. It never
 * signs a tree of which the last signed one is not the beginning: it computes the root at that size anew from the tiles,
 * and compares it with the note that lies there and with what it remembers itself.
 */
public final class Proving implements Loop.Step {

    /** Events in one transaction, and bytes of them before the last. */
    private static final int BATCH = 2_000;

    private static final int BATCH_BYTES = 8_000_000;

    private static final String COLUMNS = Rows.EVENT_COLUMNS + ", e.attestation";

    /** Between two signed checkpoints while there is something new. */
    public static final Duration SIGN_EVERY = Duration.ofSeconds(2);

    private static final Duration STEP = Duration.ofSeconds(9);

    private final Pool pool;
    private final String service;
    private final NoteSigner signer;
    private final Lease lease;
    private final Leadership leadership;
    private final Duration signEvery;
    private final TreeHash hash = new TreeHash();
    private long signedAt;
    /** What this process signed last, whatever the database says of it. */
    private @Nullable Checkpoint signed;

    /**
     * @param service  name in the origin of its checkpoints, e.g. {@code referral}
     * @param mayBegin asked at the beginning of each leadership, see {@link RestoreCheck#sound}
     */
    public Proving(Pool pool, String service, NoteSigner signer, Supplier<Uni<Boolean>> mayBegin) {
        this(pool, service, signer, mayBegin, SIGN_EVERY);
    }

    Proving(Pool pool, String service, NoteSigner signer, Supplier<Uni<Boolean>> mayBegin, Duration signEvery) {
        this.pool = pool;
        this.service = service;
        this.signer = signer;
        this.lease = new Lease(pool, "proof");
        this.leadership = new Leadership(lease, mayBegin);
        this.signEvery = signEvery;
        this.signedAt = System.nanoTime() - signEvery.toNanos();
    }

    /** How many events were added, where more may wait; 0 otherwise: the fewer steps, the less each event costs. */
    @Override
    public Uni<Integer> step() {
        return leadership
                .leads()
                .flatMap(leads -> leads ? grow() : Uni.createFrom().item(0))
                .onFailure()
                .invoke(leadership::lookAgain)
                .onFailure(Lease.Lost.class)
                .recoverWithItem(0);
    }

    /** What there is to do is asked for without a lock or a transaction: mostly it is nothing. */
    private Uni<Integer> grow() {
        return pool.query("select coalesce((select max(seq) from log), 0) as head, coalesce(t.size, 0) as size,"
                        + " coalesce(t.signed_size, 0) as signed"
                        + " from log_life l left join proof_tree t on t.epoch = l.epoch")
                .execute()
                .flatMap(rows -> {
                    var row = rows.iterator().next();
                    long head = row.getLong("head");
                    long size = row.getLong("size");
                    if (head < size) {
                        throw new LogTree.Damaged("the log is shorter than its tree");
                    }
                    return head > size ? add() : signWhenDue(size > row.getLong("signed"), 0);
                });
    }

    private Uni<Integer> add() {
        return pool.withTransaction(tx -> lease.check(tx).chain(() -> inTurn(tx, () -> added(tx))))
                .flatMap(added -> signWhenDue(true, added == BATCH ? added : 0));
    }

    private Uni<Integer> signWhenDue(boolean something, int more) {
        boolean due = something && System.nanoTime() - signedAt >= signEvery.toNanos();
        return (due ? sign() : Uni.createFrom().voidItem()).replaceWith(more);
    }

    private Uni<Void> sign() {
        return pool.withTransaction(tx -> lease.check(tx).chain(() -> inTurn(tx, () -> signed(tx))))
                .replaceWithVoid();
    }

    /** Several statements, each waiting for the one before, on a thread that may wait. */
    private static <T> Uni<T> inTurn(SqlConnection tx, Supplier<T> work) {
        return Uni.createFrom().item(work).runSubscriptionOn(LogTree.THREADS);
    }

    private int added(SqlConnection tx) {
        LogTree tree = new LogTree(tx);
        LogTree.State state = locked(tx, tree);
        List<byte[]> leaves = leaves(tx, state.size());
        if (leaves.isEmpty()) {
            return 0;
        }
        Map<Tile, byte[]> tiles = new HashMap<>();
        TileTree grown = new TileTree(tile -> tiles.computeIfAbsent(tile, tree::awaited));
        if (!Arrays.equals(grown.root(state.size()), state.root())) {
            throw new LogTree.Damaged("the tiles are not those of the tree");
        }
        Map<Tile, byte[]> changed = grown.added(state.size(), leaves);
        tiles.putAll(changed);
        long size = state.size() + leaves.size();
        byte[] root = grown.root(size);
        List<Tuple> rows = new ArrayList<>();
        changed.forEach(
                (tile, hashes) -> rows.add(tuple(state.epoch(), tile.level(), tile.index(), Buffer.buffer(hashes))));
        await(tx.preparedQuery("insert into proof_tile (epoch, level, index, hashes) values ($1, $2, $3, $4)"
                        + " on conflict (epoch, level, index) do update set hashes = excluded.hashes")
                .executeBatch(rows));
        await(tx.preparedQuery("update proof_tree set size = $2, root = $3 where epoch = $1")
                .execute(tuple(state.epoch(), size, Buffer.buffer(root))));
        return leaves.size();
    }

    private LogTree.State locked(SqlConnection tx, LogTree tree) {
        await(tx.preparedQuery("insert into proof_tree (epoch, size, root) select epoch, 0, $1 from log_life"
                        + " on conflict do nothing")
                .execute(tuple(Buffer.buffer(hash.empty()))));
        return await(tree.state(" for update of t")).orElseThrow();
    }

    private List<byte[]> leaves(SqlConnection tx, long size) {
        List<byte[]> leaves = new ArrayList<>();
        for (Row row : EventLog.plain(await(tx.preparedQuery("select seq, " + COLUMNS + " from (select l.seq, "
                        + COLUMNS + ","
                        + " sum(coalesce(octet_length(e.data), 0)) over (order by l.seq) as bytes"
                        + " from (select seq, id from log where seq > $1 order by seq limit " + BATCH + ") l"
                        + " left join event e on e.id = l.id) e"
                        + " where bytes - coalesce(octet_length(data), 0) < " + BATCH_BYTES + " order by seq")
                .execute(tuple(size))))) {
            long seq = row.getLong(0);
            if (seq != size + leaves.size() + 1 || row.getValue(1) == null) {
                throw new LogTree.Damaged("an event of the log is missing");
            }
            leaves.add(EventRecord.leafHashOf(hash, seq, record(row).content()));
        }
        return leaves;
    }

    /** By place, as this is read for every event. */
    private static EventRecord record(Row row) {
        Buffer attestation = row.getBuffer(9);
        return new EventRecord(
                row.getLong(1),
                row.getString(2),
                row.getLong(3),
                row.getString(4),
                row.getInteger(5),
                row.getBuffer(6).getBytes(),
                row.getBuffer(7).getBytes(),
                EventRecord.micros(row.getOffsetDateTime(8).toInstant()),
                attestation == null ? null : attestation.getBytes());
    }

    private boolean signed(SqlConnection tx) {
        LogTree tree = new LogTree(tx);
        LogTree.State state = locked(tx, tree);
        if (state.size() == 0 || state.size() == state.signedSize()) {
            return false;
        }
        Checkpoint next = new Checkpoint(Checkpoint.origin(service, state.epoch()), state.size(), state.root());
        assertGrownFromWhatWasSigned(tree, state, next.origin());
        String text = next.text();
        Note note = new Note(text, List.of(signer.named(next.origin()).sign(text)));
        await(tx.preparedQuery("update proof_tree set signed_size = $2, note = $3, signed_at = clock_timestamp()"
                        + " where epoch = $1")
                .execute(tuple(state.epoch(), state.size(), note.format())));
        signedAt = System.nanoTime();
        signed = next;
        return true;
    }

    private void assertGrownFromWhatWasSigned(LogTree tree, LogTree.State state, String origin) {
        Note last = state.note();
        Checkpoint told = last == null ? null : Checkpoint.parse(last.text());
        Checkpoint remembered = signed != null && signed.origin().equals(origin) ? signed : null;
        if (last != null && told != null) {
            if (told.size() != state.signedSize()
                    || !told.origin().equals(origin)
                    || !last.isSignedBy(signer.named(origin).key())) {
                throw new LogTree.Damaged("the last checkpoint is not ours");
            }
        }
        TileTree tiles = new TileTree(tree::awaited);
        if (!Arrays.equals(tiles.root(state.size()), state.root())) {
            throw new LogTree.Damaged("the tiles are not those of the tree");
        }
        for (Checkpoint before : new Checkpoint[] {told, remembered}) {
            if (before != null
                    && (before.size() > state.size() || !Arrays.equals(tiles.root(before.size()), before.root()))) {
                throw new LogTree.Damaged("what was signed is not the beginning of the tree");
            }
        }
    }

    private static <T> T await(Uni<T> answer) {
        return answer.await().atMost(STEP);
    }

    /** Whether this process leads, as far as it knows. */
    public boolean leads() {
        return lease.term() > 0;
    }

    @Override
    public Uni<Void> stop() {
        return lease.release();
    }
}
