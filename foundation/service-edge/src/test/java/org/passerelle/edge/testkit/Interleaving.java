package org.passerelle.edge.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import io.vertx.mutiny.sqlclient.Tuple;
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
            int holder = pid(connection);
            CompletableFuture<Response> answer = CompletableFuture.supplyAsync(request);
            Patience.until(() -> answer.isDone() || waitsFor(holder, pool));
            assertThat(answer).as("the request waits for its append").isNotDone();
            transaction.commit().await().indefinitely();
            return answer.get(30, TimeUnit.SECONDS);
        } finally {
            connection.close().await().indefinitely();
        }
    }

    private static int pid(SqlConnection connection) {
        return connection
                .query("select pg_backend_pid() as pid")
                .execute()
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getInteger("pid");
    }

    /** Sequencers, deadlines and consumers wait for locks too, but not for this one's. */
    private static boolean waitsFor(int holder, Pool pool) {
        return pool.preparedQuery("select exists (select from pg_stat_activity where datname = current_database()"
                        + " and $1 = any(pg_blocking_pids(pid))) as waits")
                .execute(Tuple.of(holder))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getBoolean("waits");
    }
}
