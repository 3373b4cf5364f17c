package org.passerelle.local;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Pattern;

/** Creating databases. */
final class Databases {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    private Databases() {}

    static void createIfAbsent(Connection connection, String name) throws SQLException {
        // A database's name cannot be a parameter of the statement.
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a name for a database: " + name);
        }
        try (var exists = connection.prepareStatement("select 1 from pg_database where datname = ?")) {
            exists.setString(1, name);
            if (exists.executeQuery().next()) {
                return;
            }
        }
        try (var create = connection.createStatement()) {
            create.execute("create database " + name);
        }
    }
}
