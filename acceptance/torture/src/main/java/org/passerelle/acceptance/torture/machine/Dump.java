package org.passerelle.acceptance.torture.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** What {@code pg_dump} makes: all tables as of one moment, while everybody goes on writing, then the sequences. */
public final class Dump {

    private static final String TABLES = "select tablename from pg_tables where schemaname = 'public'"
            + " and tablename <> 'flyway_schema_history' order by 1";

    private final Path directory;
    private final List<String> tables;
    private final List<String> sequences;

    private Dump(Path directory, List<String> tables, List<String> sequences) {
        this.directory = directory;
        this.tables = tables;
        this.sequences = sequences;
    }

    public static Dump of(Database database, Path directory) throws SQLException {
        try (Connection connection = database.connect()) {
            Files.createDirectories(directory);
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            List<String> tables = strings(connection, TABLES);
            // As pg_dump does: nobody may truncate what is still to be read.
            try (var locking = connection.createStatement()) {
                locking.execute("lock table " + String.join(", ", tables) + " in access share mode");
            }
            for (String table : tables) {
                try (var out = Files.newOutputStream(directory.resolve(table))) {
                    copy(connection).copyOut("copy " + table + " to stdout", out);
                }
            }
            List<String> sequences = new ArrayList<>();
            for (String name :
                    strings(connection, "select sequencename from pg_sequences where schemaname = 'public'")) {
                sequences.addAll(strings(
                        connection,
                        "select format('select setval(%L, %s, %L)', '" + name + "', last_value, is_called) from "
                                + name));
            }
            return new Dump(directory, tables, sequences);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces the database by what was dumped; whoever is connected is cut off. */
    public void restore(Database database) throws SQLException {
        database.drop();
        database.create();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            // Rows come table by table, not in the order of their references.
            statement.execute("set session_replication_role = replica");
            statement.execute("truncate " + String.join(", ", tables));
            for (String table : tables) {
                try (var in = Files.newInputStream(directory.resolve(table))) {
                    copy(connection).copyIn("copy " + table + " from stdin", in);
                }
            }
            for (String sequence : sequences) {
                statement.execute(sequence);
            }
            connection.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CopyManager copy(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getCopyAPI();
    }

    private static List<String> strings(Connection connection, String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }
}
