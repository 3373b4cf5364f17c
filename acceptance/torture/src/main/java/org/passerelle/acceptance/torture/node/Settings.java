package org.passerelle.acceptance.torture.node;

import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a node reaches what it needs; handed over by environment variables, so that the password is on no command line. */
public record Settings(String name, int postgresPort, String user, String password, String kafka, long parent) {

    public static final String DATABASE = "torture";
    public static final String TOPIC = "torture";
    private static final String PREFIX = "TORTURE_";
    private static final int CONNECTIONS = 12;

    public Map<String, String> toEnvironment() {
        Map<String, String> environment = new HashMap<>();
        environment.put(PREFIX + "NAME", name);
        environment.put(PREFIX + "POSTGRES_PORT", String.valueOf(postgresPort));
        environment.put(PREFIX + "USER", user);
        environment.put(PREFIX + "PASSWORD", password);
        environment.put(PREFIX + "KAFKA", kafka);
        environment.put(PREFIX + "PARENT", String.valueOf(parent));
        return environment;
    }

    static Settings ofEnvironment() {
        return new Settings(
                variable("NAME"),
                Integer.parseInt(variable("POSTGRES_PORT")),
                variable("USER"),
                variable("PASSWORD"),
                variable("KAFKA"),
                Long.parseLong(variable("PARENT")));
    }

    private static String variable(String name) {
        @Nullable String value = System.getenv(PREFIX + name);
        if (value == null) {
            throw new IllegalStateException("no " + PREFIX + name);
        }
        return value;
    }

    Pool pool(Vertx vertx) {
        return PgBuilder.pool()
                .with(new PoolOptions()
                        .setMaxSize(CONNECTIONS)
                        .setConnectionTimeout(5)
                        .setMaxWaitQueueSize(200))
                .connectingTo(new PgConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(postgresPort)
                        .setDatabase(DATABASE)
                        .setUser(user)
                        .setPassword(password)
                        .setCachePreparedStatements(true))
                .using(vertx)
                .build();
    }
}
