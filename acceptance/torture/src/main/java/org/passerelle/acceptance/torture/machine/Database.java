package org.passerelle.acceptance.torture.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.passerelle.acceptance.torture.node.Settings;
import org.passerelle.local.PostgresNode;

/**
 * One PostgreSQL server with the store of one service. The service's own role has the limits that an installation
 * gives it, and finds another {@code clock_timestamp()} before PostgreSQL's, so that its clock can be moved without
 * touching the machine's.
 */
public final class Database implements AutoCloseable {

    public static final String ROLE = "torture";

    private static final String LIMITS = """
            create role torture login password '%s';
            alter role torture set transaction_timeout = '10s';
            alter role torture set idle_in_transaction_session_timeout = '5s';
            """;

    private static final String OWN = """
            create table noise (n bigserial primary key, op text not null);
            create table effect (n bigserial primary key, source text not null, key text not null,
                seq bigint not null, token text not null);
            create schema clock;
            create table clock.shift (by interval not null);
            insert into clock.shift values ('0');
            create function clock.clock_timestamp() returns timestamptz language sql volatile
                as 'select pg_catalog.clock_timestamp() + (select by from clock.shift)';
            alter role torture in database torture set search_path = clock, pg_catalog, public;
            """;

    private final PostgresNode node;
    private final Disk disk;
    private final Path directory;
    private final int port;
    private final String password;
    private @Nullable Process postmaster;

    public Database(Path binaries, Path directory, String password) {
        this.port = freePort();
        this.password = password;
        this.directory = directory;
        this.disk = new Disk(directory);
        this.node = new PostgresNode(
                binaries,
                directory.resolve("data"),
                directory.resolveSibling(directory.getFileName() + ".log"),
                port,
                password,
                PostgresNode.Durability.UNTIL_POWER_CUT);
        start();
        execute("postgres", LIMITS.formatted(password));
        // A small disk holds no write-ahead log of the usual size.
        execute("postgres", "alter system set max_wal_size = '96MB'");
        execute("postgres", "alter system set min_wal_size = '32MB'");
        execute("postgres", "select pg_reload_conf()");
        create();
    }

    /** A port that was free a moment ago. */
    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    void create() {
        execute("postgres", "create database torture owner torture");
        Flyway.configure()
                .dataSource(node.jdbcUrl(Settings.DATABASE), ROLE, password)
                .locations("classpath:db/eventstore")
                .load()
                .migrate();
        execute(
                Settings.DATABASE,
                OWN + "grant all on all tables in schema public, clock to torture;"
                        + "grant all on all sequences in schema public to torture; grant usage on schema clock to torture;");
    }

    void drop() {
        execute("postgres", "drop database torture with (force)");
    }

    /** A connection past all proxies, with all rights and PostgreSQL's own clock. */
    public Connection connect() throws SQLException {
        return node.connect(Settings.DATABASE);
    }

    private void execute(String database, String sql) {
        try (Connection connection = node.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("the database did not do what torture needs", e);
        }
    }

    public void kill() {
        if (postmaster != null) {
            Signals.kill(postmaster);
        }
    }

    /** Starts it, also when it has ended by itself. */
    public void start() {
        if (postmaster == null || !postmaster.isAlive()) {
            postmaster = node.start();
            Signals.endWithUs(postmaster, directory.toString());
        }
    }

    public boolean diskCanBeFull() {
        return disk.canBeFull();
    }

    public void fillDisk() {
        disk.fill();
    }

    public void freeDisk() {
        disk.free();
        awaitEndOrAnswer();
        start();
    }

    /** After a full disk the server recovers by itself or gives up; which, shows within seconds. */
    private void awaitEndOrAnswer() {
        long end = System.nanoTime() + 30_000_000_000L;
        while (postmaster != null && postmaster.isAlive() && System.nanoTime() < end) {
            try (Connection connection = connect()) {
                if (connection.isValid(1)) {
                    return;
                }
            } catch (SQLException notYet) {
                pause();
            }
        }
        kill();
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Moves the service's clock; 0 sets it right. */
    public void shiftClock(int seconds) {
        execute(Settings.DATABASE, "update clock.shift set by = make_interval(secs => " + seconds + ")");
    }

    @Override
    public void close() {
        node.close();
        disk.close();
    }
}
