package org.passerelle.bench;

import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.passerelle.local.Backends;

/** Plain prepared inserts of a row of the same size, and a plain read by position: what the machine gives. */
final class Raw {

    private static final byte[] PAYLOAD =
            ("{\"number\":1,\"note\":\"" + Tally.FILLER + "\"}     ").getBytes(java.nio.charset.StandardCharsets.UTF_8);
    private static final byte[] METADATA = "m".repeat(80).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    private static final String INSERT =
            "insert into raw (stream_id, version, type, data, metadata) values (?, ?, ?, ?, ?)";

    private final Backends backends;
    private final String database;
    private final Pool pool;
    private final Map<String, Connection> connections = new ConcurrentHashMap<>();

    Raw(Backends backends, String database, Pool pool) {
        this.backends = backends;
        this.database = database;
        this.pool = pool;
        pool.query("create table raw (pos bigint generated always as identity primary key, stream_id text not null,"
                        + " version bigint not null, type text not null, data bytea not null, metadata bytea not null,"
                        + " recorded_at timestamptz not null default clock_timestamp(), unique (stream_id, version))")
                .execute()
                .await()
                .indefinitely();
    }

    /** The connection of a client, the same in every round. */
    private Connection connect(int client, String options) {
        return connections.computeIfAbsent(options + client, name -> open(options));
    }

    private Connection open(String options) {
        try {
            return DriverManager.getConnection(
                    backends.jdbcUrl(database) + options, backends.user(), backends.password());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One row a call, each its own transaction. */
    Load.Client inserting(int number) throws SQLException {
        PreparedStatement insert = connect(number, "?prepareThreshold=1").prepareStatement(INSERT);
        return () -> {
            fill(insert, UUID.randomUUID().toString(), 1);
            return insert.executeUpdate();
        };
    }

    /** The same by the client that ours uses. */
    Load.Caller insertingByPool() {
        String sql = INSERT.replaceFirst("\\?", "\\$1")
                .replaceFirst("\\?", "\\$2")
                .replaceFirst("\\?", "\\$3")
                .replaceFirst("\\?", "\\$4")
                .replaceFirst("\\?", "\\$5");
        Buffer data = Buffer.buffer(PAYLOAD);
        Buffer metadata = Buffer.buffer(METADATA);
        return () -> pool.preparedQuery(sql)
                .execute(Tuple.of(UUID.randomUUID().toString(), 1L, "bench.added", data, metadata))
                .map(rows -> (long) rows.rowCount());
    }

    /** Rows of one stream, many in one statement, one transaction a call. */
    Load.Client insertingMany(int number, int rows) throws SQLException {
        Connection connection = connect(number, "?prepareThreshold=1&reWriteBatchedInserts=true");
        connection.setAutoCommit(false);
        PreparedStatement insert = connection.prepareStatement(INSERT);
        return () -> {
            String stream = UUID.randomUUID().toString();
            for (int version = 1; version <= rows; version++) {
                fill(insert, stream, version);
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
            return rows;
        };
    }

    private static void fill(PreparedStatement insert, String stream, long version) throws SQLException {
        insert.setString(1, stream);
        insert.setLong(2, version);
        insert.setString(3, "bench.added");
        insert.setBytes(4, PAYLOAD);
        insert.setBytes(5, METADATA);
    }

    /** What a row gives. */
    record Row(long pos, String stream, long version, String type, byte[] data, byte[] metadata, OffsetDateTime at) {}

    /** Pages by position, from the start again at the end. */
    Load.Client reading(int page) {
        long[] cursor = {0};
        return () -> {
            List<Row> rows = new ArrayList<>(page);
            pool.preparedQuery("select pos, stream_id, version, type, data, metadata, recorded_at from raw"
                            + " where pos > $1 order by pos limit $2")
                    .execute(Tuple.of(cursor[0], page))
                    .await()
                    .indefinitely()
                    .forEach(row -> rows.add(new Row(
                            row.getLong(0),
                            row.getString(1),
                            row.getLong(2),
                            row.getString(3),
                            row.get(io.vertx.mutiny.core.buffer.Buffer.class, 4).getBytes(),
                            row.get(io.vertx.mutiny.core.buffer.Buffer.class, 5).getBytes(),
                            row.getOffsetDateTime(6))));
            cursor[0] = rows.size() < page ? 0 : rows.getLast().pos();
            return rows.size();
        };
    }
}
