package org.passerelle.proof;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.passerelle.proof.ExportFrame.Life;
import org.passerelle.proof.ExportFrame.Own;

/**
 * Writes a service's log as it lies in its database, in one snapshot and with every column, for {@link Verification}.
 * Personal fields are in it as they are stored. Over the database's own door: who can open that has these rows anyway, and
 * no service gets an address that gives out its whole log.
 */
public final class LogExport {

    private static final int ROWS = 2_000;

    /** Events without a position that are listed; one is enough to know. */
    private static final int STRAYS = 10_000;

    private static final int BUFFER = 1 << 20;

    private static final String COLUMNS =
            "e.id, e.stream_id, e.version, e.type, e.schema_version, e.data, e.metadata, e.recorded_at, e.attestation";

    private static final String PENDING =
            "select id from pending_0 union all select id from pending_1 union all select id from pending_2";

    private final Connection database;
    private final DataOutputStream to;

    private LogExport(Connection database, OutputStream to) {
        this.database = database;
        this.to = new DataOutputStream(new BufferedOutputStream(to, BUFFER));
    }

    /**
     * @param database of the service; its transaction is used and ended
     * @return how many events were written
     */
    public static long write(Connection database, String service, OutputStream to) throws SQLException, IOException {
        boolean autoCommit = database.getAutoCommit();
        database.setAutoCommit(false);
        try (Statement begin = database.createStatement()) {
            begin.execute("set transaction isolation level repeatable read, read only");
            begin.execute("set local transaction_timeout = 0");
            // Before the snapshot: a truncation under it would make events look lost that were only given their place.
            begin.execute("lock table pending_0, pending_1, pending_2 in access share mode");
            return new LogExport(database, to).write(service);
        } finally {
            database.rollback();
            database.setAutoCommit(autoCommit);
        }
    }

    private long write(String service) throws SQLException, IOException {
        ExportFrame.begin(to);
        UUID epoch = header(service);
        own(epoch);
        long events = events(epoch);
        long pending = strays();
        ExportFrame.write(to, new ExportFrame.End(events, pending));
        to.flush();
        return events;
    }

    private UUID header(String service) throws SQLException, IOException {
        List<Life> lives = new ArrayList<>();
        try (Statement query = database.createStatement();
                ResultSet rows = query.executeQuery(
                        "select epoch, coalesce(first_seq, 0) as first_seq from log_epoch order by number")) {
            while (rows.next()) {
                lives.add(new Life(rows.getObject("epoch", UUID.class), rows.getLong("first_seq")));
            }
        }
        try (Statement query = database.createStatement();
                ResultSet rows = query.executeQuery("select epoch, now() as at from log_life")) {
            rows.next();
            UUID epoch = rows.getObject("epoch", UUID.class);
            if (lives.isEmpty() || !lives.getLast().epoch().equals(epoch)) {
                lives.add(new Life(epoch, 0));
            }
            ExportFrame.write(
                    to,
                    new ExportFrame.Header(
                            service, rows.getObject("at", OffsetDateTime.class).toInstant(), lives));
            return epoch;
        }
    }

    private void own(UUID epoch) throws SQLException, IOException {
        try (var query =
                database.prepareStatement("select note from proof_tree where epoch = ? and note is not null")) {
            query.setObject(1, epoch);
            try (ResultSet rows = query.executeQuery()) {
                if (rows.next()) {
                    ExportFrame.write(to, new Own(rows.getString("note")));
                }
            }
        }
    }

    /** Two cursors side by side: the tiles of the leaves, each before the events it speaks of. */
    private long events(UUID epoch) throws SQLException, IOException {
        long events = 0;
        try (var tiles = database.prepareStatement(
                        "select index, hashes from proof_tile where epoch = ? and level = 0 order by index");
                var log = database.prepareStatement(
                        "select l.seq, " + COLUMNS + " from log l left join event e on e.id = l.id order by l.seq")) {
            tiles.setObject(1, epoch);
            tiles.setFetchSize(ROWS);
            log.setFetchSize(ROWS);
            try (ResultSet tile = tiles.executeQuery();
                    ResultSet row = log.executeQuery()) {
                boolean more = tile.next();
                while (row.next()) {
                    long seq = row.getLong("seq");
                    while (more && tile.getLong("index") * Tile.WIDTH < seq) {
                        leaves(tile);
                        more = tile.next();
                    }
                    if (row.getString("stream_id") != null) {
                        ExportFrame.write(
                                to, new ExportFrame.Event(seq, record(row).content()));
                        events++;
                    }
                }
                for (; more; more = tile.next()) {
                    leaves(tile);
                }
            }
        }
        return events;
    }

    private void leaves(ResultSet tile) throws SQLException, IOException {
        ExportFrame.write(to, new ExportFrame.Leaves(tile.getLong("index"), tile.getBytes("hashes")));
    }

    private long strays() throws SQLException, IOException {
        try (Statement query = database.createStatement();
                ResultSet row = query.executeQuery("select " + COLUMNS + " from event e where not exists"
                        + " (select 1 from log l where l.id = e.id) and not exists (select 1 from (" + PENDING
                        + ") p where p.id = e.id) order by e.id limit " + STRAYS)) {
            while (row.next()) {
                ExportFrame.write(to, new ExportFrame.Stray(record(row).content()));
            }
        }
        try (Statement query = database.createStatement();
                ResultSet row = query.executeQuery("select count(*) from (" + PENDING + ") p")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static EventRecord record(ResultSet row) throws SQLException {
        return new EventRecord(
                row.getLong("id"),
                row.getString("stream_id"),
                row.getLong("version"),
                row.getString("type"),
                row.getInt("schema_version"),
                row.getBytes("data"),
                row.getBytes("metadata"),
                EventRecord.micros(
                        row.getObject("recorded_at", OffsetDateTime.class).toInstant()),
                row.getBytes("attestation"));
    }
}
