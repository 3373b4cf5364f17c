package org.passerelle.edge.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One transaction between what a request has decided and what it appends. */
public final class Interleaving {

    private Interleaving() {}

    /**
     * @param first   locks what the request will append to, or wait for; committed only when the request waits
     * @param request has been permitted by then, since nothing of the transaction could be read
     */
    public static Response of(Pool pool, Consumer<SqlConnection> first, Supplier<Response> request) throws Exception {
        SqlConnection connection = pool.getConnection().await().indefinitely();
        try {
            Transaction transaction = connection.begin().await().indefinitely();
            first.accept(connection);
            CompletableFuture<Response> answer = CompletableFuture.supplyAsync(request);
            Patience.until(() -> answer.isDone() || waits(pool));
            assertThat(answer).as("the request waits for its append").isNotDone();
            transaction.commit().await().indefinitely();
            return answer.get(30, TimeUnit.SECONDS);
        } finally {
            connection.close().await().indefinitely();
        }
    }

    private static boolean waits(Pool pool) {
        return pool.query("select exists (select from pg_stat_activity where wait_event_type = 'Lock'"
                        + " and datname = current_database()) as waits")
                .execute()
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getBoolean("waits");
    }
}
