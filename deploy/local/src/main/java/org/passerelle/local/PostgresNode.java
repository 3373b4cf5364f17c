package org.passerelle.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One PostgreSQL server on the loopback interface. Its data directory outlives it: a server that was killed is
 * started again on the same data.
 */
public final class PostgresNode implements AutoCloseable {
    /** How carefully it writes. */
    public enum Durability {
        /** What a real installation has. */
        FULL,
        /** No fsync: for tests, whose data nobody needs after a power cut. */
        UNTIL_POWER_CUT
    }

    static final String USER = "passerelle";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Path binaries;
    private final Path data;
    private final Path log;
    private final int port;
    private final String password;
    private final Durability durability;
    private volatile @org.jspecify.annotations.Nullable Process postmaster;

    /**
     * @param binaries where PostgreSQL's programs are or will be unpacked
     * @param data the data directory, made at the first start
     * @param log file that the server's messages are appended to
     */
    public PostgresNode(Path binaries, Path data, Path log, int port, String password, Durability durability) {
        this.binaries = binaries.toAbsolutePath();
        this.data = data.toAbsolutePath();
        this.log = log.toAbsolutePath();
        this.port = port;
        this.password = password;
        this.durability = durability;
    }

    /** Starts the server and returns when it takes connections. */
    public Process start() {
        try {
            PostgresBinaries.unpackedIn(binaries);
            if (!Files.exists(data.resolve("PG_VERSION"))) {
                initialise();
            }
            var deadline = System.nanoTime() + START_LIMIT.toNanos();
            while (true) {
                Leftovers.endPostmaster(data);
                var process = launch();
                if (awaitReady(process, deadline)) {
                    postmaster = process;
                    return process;
                }
                // The children of a killed postmaster hold its shared memory for a moment.
                if (System.nanoTime() > deadline) {
                    process.destroyForcibly();
                    throw new IllegalStateException(
                            "PostgreSQL did not start within " + START_LIMIT.toSeconds() + " s; its log is " + log);
                }
                Thread.sleep(200);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL was starting", e);
        }
    }

    /** Stops it cleanly, cutting open connections; kills it if that takes more than 10 s. */
    @Override
    public void close() {
        var process = postmaster;
        if (process == null || !process.isAlive()) {
            return;
        }
        Processes.signal(process.toHandle(), "INT");
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                Processes.signal(process.toHandle(), "QUIT");
                process.waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), USER, password);
    }

    /** Creates a database unless it is there. */
    public void createDatabase(String name) {
        try (var connection = connect("postgres")) {
            Databases.createIfAbsent(connection, name);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create the database " + name, e);
        }
    }

    boolean takesConnections() {
        try (var connection = connect("postgres")) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    private void initialise() throws IOException, InterruptedException {
        PostgresBinaries.delete(data);
        Files.createDirectories(data);
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        var passwordFile = Files.createTempFile(
                "passerelle", "", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(passwordFile, password);
            var command = Unprivileged.command(
                    List.of(
                            binaries.resolve("bin/initdb").toString(),
                            "--pgdata=" + data,
                            "--username=" + USER,
                            "--pwfile=" + passwordFile,
                            "--auth=scram-sha-256",
                            "--encoding=UTF8",
                            "--locale-provider=builtin",
                            "--builtin-locale=C.UTF-8",
                            "--locale=C",
                            "--no-sync"),
                    data,
                    passwordFile);
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException("PostgreSQL's data directory could not be made; see " + log);
            }
        } finally {
            Files.deleteIfExists(passwordFile);
        }
    }

    private Process launch() throws IOException {
        var command = new ArrayList<>(List.of(binaries.resolve("bin/postgres").toString(), "-D", data.toString()));
        setting(command, "port", String.valueOf(port));
        setting(command, "listen_addresses", "127.0.0.1");
        setting(command, "unix_socket_directories", "");
        setting(command, "max_connections", "200");
        setting(command, "shared_buffers", "128MB");
        setting(command, "timezone", "UTC");
        setting(command, "log_timezone", "UTC");
        // A failed statement would put its values, that is personal data, into the log.
        setting(command, "log_min_error_statement", "panic");
        setting(command, "log_error_verbosity", "terse");
        if (durability == Durability.UNTIL_POWER_CUT) {
            setting(command, "fsync", "off");
            setting(command, "full_page_writes", "off");
        }
        return new ProcessBuilder(Processes.inOwnSession(Unprivileged.command(command, data)))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private static void setting(List<String> command, String name, String value) {
        command.add("-c");
        command.add(name + "=" + value);
    }

    private boolean awaitReady(Process process, long deadline) throws InterruptedException {
        while (process.isAlive() && System.nanoTime() < deadline) {
            if (takesConnections()) {
                return true;
            }
            Thread.sleep(50);
        }
        return false;
    }
}
