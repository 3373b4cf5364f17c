package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The tables of a projection, up to three times: those that are read, in the service's schema; the next ones and the
 * former ones, each in a schema of its own under the same names. The projection writes to whichever the search path
 * shows first, so its statements are the same for all.
 */
final class ProjectionVersions {

    private final String name;
    private final List<String> tables;
    private final String live;

    private ProjectionVersions(String name, List<String> tables, String live) {
        this.name = name;
        this.tables = tables;
        this.live = live;
    }

    static Uni<ProjectionVersions> of(Pool pool, Projection projection) {
        List<String> tables = projection.tables().stream().sorted().toList();
        for (String identifier : tables) {
            checked(identifier);
        }
        String name = checked(projection.name());
        return pool.query("select current_schema() as live")
                .execute()
                .map(rows -> new ProjectionVersions(
                        name, tables, rows.iterator().next().getString("live")));
    }

    private static String checked(String identifier) {
        if (!identifier.matches("[a-z][a-z_]{0,39}")) {
            throw new IllegalArgumentException("a name: 1 to 40 lower-case letters and underscores");
        }
        return identifier;
    }

    private String next() {
        return "next_" + name;
    }

    private String former() {
        return "former_" + name;
    }

    private static String in(String schema, String table) {
        return "\"" + schema + "\".\"" + table + "\"";
    }

    /** Something else leans on the tables and would go on leaning on the former ones. */
    static final class LeantUpon extends RuntimeException {
        LeantUpon() {
            super("a foreign key, a view or a grant leans on the projection's tables", null, false, false);
        }
    }

    /** Empty tables beside the live ones; what an earlier rebuild left is dropped. */
    Uni<Void> prepare(SqlConnection tx) {
        String[] names = tables.toArray(String[]::new);
        Uni<Void> made = tx.preparedQuery("select exists (select 1 from pg_class c where c.relname = any ($1)"
                        + " and c.relnamespace = (select oid from pg_namespace where nspname = $2) and ("
                        + "exists (select 1 from pg_constraint f where f.contype = 'f' and c.oid in (f.conrelid, f.confrelid))"
                        + " or exists (select 1 from pg_depend d where d.refobjid = c.oid and d.classid = 'pg_rewrite'::regclass)"
                        + " or exists (select 1 from aclexplode(c.relacl) a where a.grantee <> c.relowner))) as leant")
                .execute(tuple(names, live))
                .invoke(rows -> {
                    if (rows.iterator().next().getBoolean("leant")) {
                        throw new LeantUpon();
                    }
                })
                .chain(() -> drop(tx, former()))
                .chain(() -> drop(tx, next()))
                .chain(() -> run(tx, "create schema " + next()));
        for (String table : tables) {
            made = made.chain(() ->
                    run(tx, "create table " + in(next(), table) + " (like " + in(live, table) + " including all)"));
        }
        return made;
    }

    Uni<Void> dropFormer(SqlClient client) {
        return drop(client, former());
    }

    private static Uni<Void> drop(SqlClient client, String schema) {
        return run(client, "drop schema if exists " + schema + " cascade");
    }

    /** So that plans made for the next tables do not take them for empty. */
    Uni<Void> analyse(Pool pool) {
        return run(pool, "analyze " + tables.stream().map(t -> in(next(), t)).collect(Collectors.joining(", ")));
    }

    /** From here to the end of the transaction the projection writes to the next tables. */
    Uni<Void> showNext(SqlConnection tx) {
        return run(tx, "set local search_path = " + next() + ", \"" + live + "\"");
    }

    /** Nobody reads or writes the live tables until the transaction ends. */
    Uni<Void> lockLive(SqlConnection tx) {
        return run(
                tx,
                "lock table " + tables.stream().map(t -> in(live, t)).collect(Collectors.joining(", "))
                        + " in access exclusive mode");
    }

    /** The next tables become the live ones, and the live ones the former. */
    Uni<Void> swap(SqlConnection tx) {
        Uni<Void> done = run(tx, "create schema " + former());
        for (String table : tables) {
            done = done.chain(() -> run(tx, "alter table " + in(live, table) + " set schema " + former()))
                    .chain(() -> run(tx, "alter table " + in(next(), table) + " set schema \"" + live + "\""));
        }
        return done.chain(() -> run(tx, "drop schema " + next()));
    }

    /** Rows of a table that only one of the two versions has. */
    record Difference(String table, long onlyLive, long onlyNext) {}

    /** Compares the contents of the two versions as this transaction sees them; the order of rows does not matter. */
    Uni<List<Difference>> differences(SqlConnection tx) {
        List<Difference> found = new ArrayList<>();
        Uni<Void> done = Uni.createFrom().voidItem();
        for (String table : tables) {
            String alike = "select (" + sum(live, table) + ") = (" + sum(next(), table) + ") as alike";
            done = done.chain(() -> tx.query(alike).execute())
                    .flatMap(rows -> rows.iterator().next().getBoolean("alike")
                            ? Uni.createFrom().voidItem()
                            : count(tx, table).invoke(found::add).replaceWithVoid());
        }
        return done.replaceWith(found);
    }

    private static String sum(String schema, String table) {
        return "select (count(*), sum(hashtextextended(t::text, 0)::numeric)) from " + in(schema, table) + " t";
    }

    private Uni<Difference> count(SqlConnection tx, String table) {
        String a = "select t::text from " + in(live, table) + " t";
        String b = "select t::text from " + in(next(), table) + " t";
        return tx.query("select (select count(*) from (" + a + " except all " + b + ") x) as only_live,"
                        + " (select count(*) from (" + b + " except all " + a + ") x) as only_next")
                .execute()
                .map(rows -> {
                    var row = rows.iterator().next();
                    return new Difference(table, row.getLong("only_live"), row.getLong("only_next"));
                });
    }

    private static Uni<Void> run(SqlClient client, String sql) {
        return client.query(sql).execute().replaceWithVoid();
    }
}
