package org.passerelle.acceptance.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.acceptance.torture.checker.Anomaly.Kind;
import org.passerelle.acceptance.torture.history.Entry;
import org.passerelle.acceptance.torture.history.Entry.Seen;
import org.passerelle.acceptance.torture.machine.Database;

/**
 * Small stores on a real PostgreSQL, each really broken the way a known one was; two transactions are led into the gap
 * step by step, so that none depends on luck. {@link SoundStoreIsNotAccusedTest} leads the real kernel the same way.
 */
@Tag("torture")
class BrokenStoresAreCaughtTest {

    private static final String A = "torture-a";
    private static final String B = "torture-b";

    private static Path directory;
    private static Database database;

    private final Sketch sketch = new Sketch();

    @BeforeAll
    static void start() throws Exception {
        directory = Files.createTempDirectory("passerelle-broken-");
        Path root = Path.of(System.getProperty("passerelle.root", "../.."));
        database = new Database(
                root.resolve("deploy/local/target/postgres"), directory.resolve("postgres"), "broken-stores");
    }

    @AfterAll
    static void stop() {
        database.close();
        Run.delete(directory);
    }

    @BeforeEach
    void emptyStore() throws SQLException {
        try (Connection connection = database.connect()) {
            run(
                    connection,
                    "drop table if exists e, l, p, h cascade;"
                            + "create table e (pos bigserial, xid xid8 default pg_current_xact_id(),"
                            + " stream text, version bigint, token text, unique (stream, version));"
                            // A log by a leader: head, pending and places, without what the kernel guards them with.
                            + "create table p (pos bigint); create table l (seq bigint, pos bigint);"
                            + "create table h (head bigint); insert into h values (0)");
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection transaction() throws SQLException {
        Connection connection = database.connect();
        connection.setAutoCommit(false);
        return connection;
    }

    private void append(Connection connection, String stream, long version, String token) throws SQLException {
        sketch.asked(token, stream);
        run(
                connection,
                "insert into e (stream, version, token) values ('%s', %d, '%s')".formatted(stream, version, token));
    }

    private void commit(Connection connection, String stream, long version, String token) throws SQLException {
        connection.commit();
        sketch.accepted(token, stream, version);
    }

    /** What a query gives as (position, stream, version, token). */
    private static List<Seen> events(String sql) throws SQLException {
        List<Seen> found = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                found.add(new Seen(row.getLong(1), row.getString(2), row.getLong(3), row.getString(4)));
            }
        }
        return found;
    }

    private void keep(String sql) throws SQLException {
        events(sql).forEach(e -> sketch.kept(e.seq(), e.stream(), e.version(), e.token()));
    }

    private static final String BY_POSITION = "select pos, stream, version, token from e where pos > %d order by pos";

    /** One reads {@code position > cursor}; the lower position is committed later. */
    @Test
    void commitOrderLoss() throws SQLException {
        try (Connection slow = transaction();
                Connection quick = transaction()) {
            append(slow, A, 1, "slow");
            append(quick, B, 1, "quick");
            commit(quick, B, 1, "quick");
            sketch.saw("reader", 0, events(BY_POSITION.formatted(0)));
            commit(slow, A, 1, "slow");
            sketch.saw("reader", 2, events(BY_POSITION.formatted(2)));
        }
        keep(BY_POSITION.formatted(0));
        assertThat(sketch.kinds()).containsExactly(Kind.READER_MISSED);
    }

    /** One waits when positions are missing, but not for ever. */
    @Test
    void gapSkip() throws SQLException {
        try (Connection slow = transaction();
                Connection quick = transaction()) {
            append(slow, A, 1, "slow");
            append(quick, B, 1, "quick");
            commit(quick, B, 1, "quick");
            long cursor = 0;
            List<Seen> page = events(BY_POSITION.formatted(cursor));
            for (int patience = 3; patience > 0 && page.getFirst().seq() > cursor + 1; patience--) {
                page = events(BY_POSITION.formatted(cursor));
            }
            sketch.saw("reader", cursor, page);
            cursor = page.getLast().seq();
            commit(slow, A, 1, "slow");
            sketch.saw("reader", cursor, events(BY_POSITION.formatted(cursor)));
        }
        keep(BY_POSITION.formatted(0));
        assertThat(sketch.kinds()).containsExactly(Kind.READER_MISSED);
    }

    private static final String BY_TRANSACTION =
            "select row_number() over (order by xid, pos), stream, version, token from e"
                    + " where xid < pg_snapshot_xmin(pg_current_snapshot()) order by xid, pos";

    /** One orders by transaction, and a transaction that had written before takes the stream's lock second. */
    @Test
    void inversionInsideAStream() throws SQLException {
        try (Connection older = transaction();
                Connection younger = transaction()) {
            run(older, "insert into p values (0)");
            append(younger, A, 1, "first");
            commit(younger, A, 1, "first");
            append(older, A, 2, "second");
            commit(older, A, 2, "second");
        }
        sketch.saw("reader", 0, events(BY_TRANSACTION));
        keep(BY_TRANSACTION);
        assertThat(sketch.kinds()).containsExactly(Kind.INVERSION);
    }

    /** One inserts {@code on conflict do nothing} and says yes without counting. */
    @Test
    void silentDropOnConflict() throws SQLException {
        String insert = "insert into e (stream, version, token) values ('%s', 1, '%s') on conflict do nothing";
        try (Connection one = transaction();
                Connection two = transaction()) {
            sketch.asked("one", A, 0);
            sketch.asked("two", A, 0);
            run(one, insert.formatted(A, "one"));
            commit(one, A, 1, "one");
            run(two, insert.formatted(A, "two"));
            commit(two, A, 1, "two");
        }
        keep("select 1, stream, version, token from e");
        assertThat(sketch.kinds()).containsExactly(Kind.LOST);
    }

    /** What a leader has read of head and pending events, before it writes. */
    private record Batch(long head, List<Long> positions) {}

    private static Batch batch() throws SQLException {
        long head = events("select head, '', 0, '' from h").getFirst().seq();
        return new Batch(
                head,
                events("select pos, '', 0, '' from p order by pos").stream()
                        .map(Seen::seq)
                        .toList());
    }

    /** Writes without looking whether it still leads. */
    private static void place(Batch batch) throws SQLException {
        try (Connection connection = database.connect()) {
            for (int i = 0; i < batch.positions().size(); i++) {
                long pos = batch.positions().get(i);
                run(connection, "insert into l values (" + (batch.head() + i + 1) + ", " + pos + ")");
                run(connection, "delete from p where pos = " + pos);
            }
            run(
                    connection,
                    "update h set head = " + (batch.head() + batch.positions().size()));
        }
    }

    private void appendPending(String stream, long version, String token) throws SQLException {
        try (Connection connection = transaction()) {
            append(connection, stream, version, token);
            run(connection, "insert into p select pos from e where token = '" + token + "'");
            commit(connection, stream, version, token);
        }
    }

    private static final String BY_PLACE = "select l.seq, e.stream, e.version, e.token from l join e on e.pos = l.pos"
            + " where l.seq > %d order by l.seq, l.pos";

    @Test
    void aPausedLeaderThatWakes() throws SQLException {
        appendPending(A, 1, "a1");
        Batch paused = batch();
        appendPending(B, 1, "b1");
        place(batch());
        sketch.saw("reader", 0, events(BY_PLACE.formatted(0)));
        place(paused);
        appendPending(A, 2, "a2");
        place(batch());
        sketch.saw("reader", 2, events(BY_PLACE.formatted(2)));
        keep(BY_PLACE.formatted(0));
        assertThat(sketch.kinds()).contains(Kind.DOUBLED, Kind.SEQ_GAP, Kind.READER_MISSED);
    }

    /** A consumer elsewhere remembers positions; the restored log gives them again to other events. */
    @Test
    void seqReuseAfterARestore() throws SQLException {
        appendPending(A, 1, "before");
        place(batch());
        try (Connection connection = database.connect()) {
            run(
                    connection,
                    "drop schema if exists dump cascade; create schema dump;"
                            + "create table dump.e as table e; create table dump.l as table l; create table dump.h as table h");
        }
        long dumpedAt = sketch.now();
        appendPending(A, 2, "forgotten");
        place(batch());
        List<Seen> effects = new ArrayList<>(events(BY_PLACE.formatted(0)));
        try (Connection connection = database.connect()) {
            run(
                    connection,
                    "truncate e, l, h; insert into e select * from dump.e; insert into l select * from dump.l;"
                            + "insert into h select * from dump.h");
        }
        sketch.add(new Entry.Restored(dumpedAt, sketch.now(), Sketch.EPOCH, Sketch.EPOCH, 1));
        appendPending(A, 2, "after");
        place(batch());
        events(BY_PLACE.formatted(effects.getLast().seq())).forEach(effects::add);
        effects.forEach(e -> sketch.effect(e.seq(), "a", e.seq(), e.token()));
        keep(BY_PLACE.formatted(0));
        assertThat(sketch.kinds()).contains(Kind.EFFECT_MISSING, Kind.EFFECT_OF_NOTHING);
    }
}
