package org.passerelle.acceptance;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.passerelle.eventsourcing.sealing.DataKeys;
import org.passerelle.eventsourcing.sealing.KeyEncryption;
import org.passerelle.eventsourcing.sealing.Sealed;

/** Whoever has a service's database, its key store and its key file: opens all that these open. */
final class StolenKeys {
    private static final ObjectMapper JSON = new ObjectMapper();

    private StolenKeys() {}

    /** The marks that can be read in the service's events. */
    static List<String> read(RunningPlatform platform, String service, Marks marks) throws SQLException, IOException {
        var vertx = Vertx.vertx();
        var found = new ArrayList<String>();
        try (var database = platform.database(service);
                var statement = database.createStatement();
                var rows = statement.executeQuery("select stream_id, type, data from event order by id")) {
            var pool = PgBuilder.pool()
                    .with(new PoolOptions().setMaxSize(1))
                    .connectingTo(new PgConnectOptions()
                            .setHost("127.0.0.1")
                            .setPort(platform.portBase() + 9)
                            .setDatabase(service + "_keys")
                            .setUser("passerelle")
                            .setPassword(platform.databasePassword()))
                    .using(vertx)
                    .build();
            var file = platform.data().resolve("secrets/keys-" + service + ".json");
            var keys = new DataKeys(pool, KeyEncryption.of(file.toUri().toString(), List.of()));
            while (rows.next()) {
                var data = rows.getBytes("data");
                var ring = keys.ring(Sealed.keysIn(data)).await().indefinitely();
                var home = new Sealed.Home(rows.getString("stream_id"), rows.getString("type"));
                found.addAll(marks.foundIn(
                        Sealed.open(JSON.readTree(data), home, ring).toString()));
            }
        } finally {
            vertx.closeAndAwait();
        }
        return found;
    }
}
