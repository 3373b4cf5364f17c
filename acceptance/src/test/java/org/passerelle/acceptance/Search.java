package org.passerelle.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Looks at every byte of directories and at every value of databases. */
final class Search {
    /** How much was looked at, and what was found, each with its place. */
    record Result(long places, List<String> findings) {}

    private final Function<byte[], List<String>> finder;

    Search(Function<byte[], List<String>> finder) {
        this.finder = finder;
    }

    /** Every file below the directory; places are bytes. */
    Result files(Path directory) {
        var findings = new ArrayList<String>();
        long bytes = 0;
        try (var walk = Files.walk(directory)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                try {
                    var content = withoutEmptyEnd(Files.readAllBytes(file));
                    bytes += content.length;
                    finder.apply(content).forEach(what -> findings.add(what + " in " + file));
                } catch (NoSuchFileException rolledAway) {
                    // Kafka deletes and renames while we look; what it moved is found under its new name.
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Result(bytes, findings);
    }

    /** Kafka makes its index files of 10 MB each in advance: nearly all of them is zeros. */
    private static byte[] withoutEmptyEnd(byte[] content) {
        int end = content.length;
        while (end > 0 && content[end - 1] == 0) {
            end--;
        }
        return Arrays.copyOf(content, end);
    }

    /** Every value of every row of every table that is not PostgreSQL's own; places are values. */
    Result database(Connection database) throws SQLException {
        var findings = new ArrayList<String>();
        long values = 0;
        for (String table : tables(database)) {
            try (var statement = database.createStatement();
                    var rows = statement.executeQuery("select * from " + table)) {
                int columns = rows.getMetaData().getColumnCount();
                while (rows.next()) {
                    for (int column = 1; column <= columns; column++) {
                        values++;
                        var name = rows.getMetaData().getColumnName(column);
                        finder.apply(value(rows, column))
                                .forEach(what -> findings.add(what + " in " + table + "." + name));
                    }
                }
            }
        }
        return new Result(values, findings);
    }

    private static byte[] value(ResultSet rows, int column) throws SQLException {
        var bytes = rows.getMetaData().getColumnTypeName(column).equals("bytea");
        var value = bytes ? rows.getBytes(column) : text(rows.getString(column));
        return value == null ? new byte[0] : value;
    }

    private static byte[] text(@org.jspecify.annotations.Nullable String text) {
        return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> tables(Connection database) throws SQLException {
        var tables = new ArrayList<String>();
        try (var statement = database.createStatement();
                var rows = statement.executeQuery("select format('%I.%I', schemaname, tablename) from pg_tables"
                        + " where schemaname not in ('pg_catalog', 'information_schema') order by 1")) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }
}
