package org.passerelle.acceptance.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import org.passerelle.acceptance.torture.history.Entry;
import org.passerelle.acceptance.torture.history.HistoryFile;
import org.passerelle.acceptance.torture.machine.Machine;
import org.passerelle.acceptance.torture.node.Settings;
import org.passerelle.acceptance.torture.node.Wire;

/** Looks into the databases, past all nodes and proxies. */
final class Truth {

    private static final String PENDING =
            "(select id from pending_0 union all select id from pending_1 union all select id from pending_2)";
    private static final int FETCH = 1_000;

    private final Machine machine;

    Truth(Machine machine) {
        this.machine = machine;
    }

    /** The head of the log; nothing is written while the database is away. */
    static void probe(Connection connection, HistoryFile history) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select last_seq, exists (select 1 from " + PENDING + " p) from log_head")) {
            row.next();
            history.add(new Entry.Head(history.now(), row.getLong(1), row.getBoolean(2)));
        }
    }

    /**
     * What is still under way; all zero when everything has come to rest.
     *
     * @param unsequenced events without a place in a log
     * @param unpublished log entries that the relay has not passed
     * @param unprocessed events without effect that do not wait for an operator
     * @param deadlines   that are still to fire
     */
    record Rest(long unsequenced, long unpublished, long unprocessed, long deadlines, long head) {
        long all() {
            return unsequenced + unpublished + unprocessed + deadlines;
        }
    }

    Rest rest() throws SQLException {
        try (Connection producing = machine.producing().connect();
                Connection consuming = machine.consuming().connect()) {
            // in the order in which it flows: what leaves one count while these are taken is still seen by a later one
            long deadlines = number(producing, "select count(*) from deadline");
            long unsequenced = number(producing, "select count(*) from " + PENDING + " p");
            long head = number(producing, "select last_seq from log_head");
            long published = number(
                    producing,
                    "select coalesce(max(last_seq), 0) from relay_position where topic = '" + Settings.TOPIC + "'");
            long unprocessed = unprocessed(producing, consuming);
            unsequenced += number(consuming, "select count(*) from " + PENDING + " p");
            return new Rest(unsequenced, head - published, unprocessed, deadlines, head);
        }
    }

    /** Compared by name: effects of events that a restore has undone are no substitute for others. */
    private static long unprocessed(Connection producing, Connection consuming) throws SQLException {
        Set<String> names = new HashSet<>();
        each(producing, "select epoch || ':' || epoch_seq from log_name", row -> names.add(row.getString(1)));
        each(
                consuming,
                "select source, seq from effect union all select source, seq from parked_record",
                row -> names.remove(epoch(row.getString("source")) + ":" + row.getLong("seq")));
        return names.size();
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Writes down everything that is there at the end. */
    void write(HistoryFile history) throws SQLException {
        try (Connection producing = machine.producing().connect();
                Connection consuming = machine.consuming().connect()) {
            each(
                    producing,
                    "select coalesce(l.seq, 0) as seq, l.epoch || ':' || l.epoch_seq as name,"
                            + " e.stream_id, e.version, e.data, (extract(epoch from e.recorded_at) * 1000000)::bigint as at"
                            + " from event e left join log_name l on l.id = e.id order by e.id",
                    row -> history.add(kept(row)));
            each(
                    producing,
                    "select id, version from stream",
                    row -> history.add(new Entry.KeptStream(row.getString("id"), row.getLong("version"))));
            each(
                    consuming,
                    "select n, source, key, seq, token from effect order by n",
                    row -> history.add(new Entry.Effected(
                            row.getLong("n"),
                            epoch(row.getString("source")),
                            row.getString("key"),
                            row.getLong("seq"),
                            row.getString("token"))));
            each(
                    consuming,
                    "select coalesce(l.seq, 0) as seq, e.stream_id, e.version, e.data"
                            + " from event e left join log l on l.id = e.id order by e.id",
                    row -> history.add(new Entry.Echoed(
                            row.getLong("seq"),
                            row.getString("stream_id"),
                            row.getLong("version"),
                            token(row.getBytes("data")))));
            each(
                    consuming,
                    "select source, key, seq from parked_record",
                    row -> history.add(new Entry.Parked(
                            epoch(row.getString("source")), row.getString("key"), row.getLong("seq"))));
        }
    }

    private static String epoch(String source) {
        return source.substring(source.lastIndexOf(':') + 1);
    }

    private static Entry.Kept kept(ResultSet row) throws SQLException {
        byte[] data = row.getBytes("data");
        try {
            String due = Wire.JSON.readTree(data).path("due").asText("");
            // Only what a deadline appended tells when that was due; what sets one is earlier by nature.
            boolean rung = token(data).startsWith(org.passerelle.acceptance.torture.history.History.RUNG);
            return new Entry.Kept(
                    row.getLong("seq"),
                    String.valueOf(row.getString("name")),
                    row.getString("stream_id"),
                    row.getLong("version"),
                    token(data),
                    row.getLong("at"),
                    rung ? micros(due) : 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long micros(String instant) {
        return java.time.temporal.ChronoUnit.MICROS.between(java.time.Instant.EPOCH, java.time.Instant.parse(instant));
    }

    private static String token(byte[] data) {
        try {
            return Wire.JSON.readTree(data).path("token").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Does something with a row. */
    private interface Row {
        void take(ResultSet row) throws SQLException;
    }

    private static void each(Connection connection, String sql, Row take) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH);
            try (ResultSet row = statement.executeQuery(sql)) {
                while (row.next()) {
                    take.take(row);
                }
            }
        }
    }
}
