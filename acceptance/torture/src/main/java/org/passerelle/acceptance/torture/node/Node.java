package org.passerelle.acceptance.torture.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One replica, in a process of its own so that it can be killed or paused. Arguments: its role, and a file that gets its
 * port. Ends with its parent.
 */
public final class Node {

    /** What replicas do. */
    public enum Role {
        PRODUCER,
        CONSUMER
    }

    // Logging configuration is held weakly by the JDK: keep the logger, or its level is forgotten.
    private static final Logger KAFKA_LOG = Logger.getLogger("org.apache.kafka");

    private Node() {}

    public static void main(String[] args) throws Exception {
        Settings settings = Settings.ofEnvironment();
        KAFKA_LOG.setLevel(Level.SEVERE);
        endWithParent(settings.parent());
        Vertx vertx = Vertx.vertx();
        Pool pool = settings.pool(vertx);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        AutoCloseable role = switch (Role.valueOf(args[0])) {
            case PRODUCER -> {
                Producing producing = new Producing(pool, settings);
                producing.serve(server);
                yield producing;
            }
            case CONSUMER -> new ConsumingNode(pool, settings);
        };
        answer(server, "/health", exchange -> "up".getBytes());
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, role), "stop"));
        Path port = Path.of(args[1]);
        Path beside = port.resolveSibling(port.getFileName() + ".new");
        Files.writeString(beside, String.valueOf(server.getAddress().getPort()));
        Files.move(beside, port, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void stop(HttpServer server, AutoCloseable role) {
        server.stop(0);
        try {
            role.close();
        } catch (Exception e) {
            System.err.println("did not stop in order: " + e.getClass().getName());
        }
    }

    private static void endWithParent(long parent) {
        ProcessHandle.of(parent)
                .ifPresentOrElse(
                        process -> process.onExit()
                                .thenRun(() -> Runtime.getRuntime().halt(1)),
                        () -> Runtime.getRuntime().halt(1));
    }

    /** Makes the answer to one request. */
    interface Handler {
        byte[] handle(HttpExchange exchange) throws Exception;
    }

    static void answer(HttpServer server, String path, Handler handler) {
        server.createContext(path, exchange -> {
            try (exchange) {
                byte[] body;
                int status;
                try {
                    body = handler.handle(exchange);
                    status = 200;
                } catch (Exception e) {
                    body = e.getClass().getName().getBytes();
                    status = 503;
                }
                exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            } catch (IOException gone) {
                // Whoever asked does not wait any more.
                return;
            }
        });
    }
}
