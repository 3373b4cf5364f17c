package org.passerelle.eventsourcing.testkit;

import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.InlineProjection;
import org.passerelle.eventsourcing.sealing.DataKeys;
import org.passerelle.eventsourcing.sealing.KeyEncryption;
import org.passerelle.local.Backends;
import org.passerelle.proof.Attestation;

/** An event store on a real PostgreSQL, in a database of its own. */
public final class TestStore implements AutoCloseable {

    public final Vertx vertx = Vertx.vertx();
    private final PgConnectOptions connection;
    public final String database = "kernel_" + UUID.randomUUID().toString().substring(0, 8);
    public final Pool pool;
    public final EventStore store;

    private final String keyDatabase = database + "_keys";
    private final @Nullable Path keyFile;

    /** Without keys: it stores nothing personal. */
    public TestStore(InlineProjection... projections) {
        this(null, projections);
    }

    /** With keys in a database of their own. */
    public static TestStore sealing(Path keyFile, InlineProjection... projections) {
        return new TestStore(keyFile, projections);
    }

    private TestStore(@Nullable Path keyFile, InlineProjection... projections) {
        this.keyFile = keyFile;
        Backends backends = Backends.shared();
        backends.createDatabase(database);
        Flyway.configure()
                .dataSource(backends.jdbcUrl(database), backends.user(), backends.password())
                .locations("classpath:db/eventstore")
                .load()
                .migrate();
        connection = PgConnectOptions.fromUri(backends.reactiveUrl(database))
                .setCachePreparedStatements(true)
                .setUser(backends.user())
                .setPassword(backends.password());
        pool = pool(16);
        if (keyFile != null) {
            backends.createDatabase(keyDatabase);
            Flyway.configure()
                    .dataSource(backends.jdbcUrl(keyDatabase), backends.user(), backends.password())
                    .locations("classpath:db/keys")
                    .load()
                    .migrate();
        }
        store = replica(projections);
    }

    /** Another store on the same databases, as another replica would have: it knows nothing yet. */
    public EventStore replica(InlineProjection... projections) {
        return replica(keyFile == null ? null : keys(), projections);
    }

    /** With these keys. */
    public EventStore replica(@Nullable DataKeys keys, InlineProjection... projections) {
        return new EventStore(pool, List.of(projections), () -> {}, 1_000, keys, new Attestation.Maker("", null));
    }

    /** The keys as another replica would have them. */
    public DataKeys keys() {
        return new DataKeys(keyPool(), KeyEncryption.ofFile(Objects.requireNonNull(keyFile)));
    }

    public Pool keyPool() {
        return PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(4))
                .connectingTo(new PgConnectOptions(connection).setDatabase(keyDatabase))
                .using(vertx)
                .build();
    }

    /** Another pool on the same database, as another replica would have. */
    public Pool pool(int connections) {
        return PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(connections))
                .connectingTo(connection)
                .using(vertx)
                .build();
    }

    public List<Row> query(String sql) {
        var rows = pool.query(sql).execute().await().indefinitely();
        List<Row> result = new java.util.ArrayList<>();
        rows.forEach(result::add);
        return result;
    }

    public long number(String sql) {
        return query(sql).getFirst().getLong(0);
    }

    /** Keeps what the database holds now, as a backup would: one consistent moment. */
    public void dump() {
        query("drop schema if exists dump cascade");
        query("create schema dump");
        query("do $$ declare t text; begin for t in select tablename from pg_tables where schemaname = 'public' loop"
                + " execute format('create table dump.%1$I as select * from public.%1$I', t); end loop;"
                + " create table dump.event_id_ as select last_value, is_called from event_id; end $$");
    }

    /** Brings the database back to the moment of {@link #dump}: what came after it is gone. */
    public void restore() {
        query("do $$ declare t text; begin set local session_replication_role = replica;"
                + " for t in select tablename from pg_tables where schemaname = 'public' loop"
                + " execute format('truncate public.%I cascade', t); end loop;"
                + " for t in select tablename from pg_tables where schemaname = 'public' loop"
                + " execute format('insert into public.%1$I overriding system value select * from dump.%1$I', t); end loop;"
                + " perform setval('event_id', last_value, is_called) from dump.event_id_; end $$");
    }

    @Override
    public void close() {
        vertx.closeAndAwait();
    }
}
