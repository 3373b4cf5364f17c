package org.passerelle.acceptance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** The network before a mechanism, as bad as a test wants it; it keeps what passes, as somebody who listens would. */
final class BorderGate implements AutoCloseable {

    enum Weather {
        OPEN,
        /** What is sent arrives; that it did is lost, once. */
        LOSES_ONE_ANSWER,
        SHUT
    }

    /** What passed. */
    record Passed(String proof, String file) {}

    final List<Passed> passed = new CopyOnWriteArrayList<>();
    volatile Weather weather = Weather.OPEN;

    private final HttpServer server;
    private final Supplier<Mechanism> behind;

    BorderGate(Supplier<Mechanism> behind) {
        this.behind = behind;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::pass);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    URI messages() {
        return URI.create(
                "http://127.0.0.1:" + server.getAddress().getPort() + "/identification/cross-border/messages");
    }

    private void pass(HttpExchange exchange) throws IOException {
        String file = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (weather == Weather.SHUT) {
            answer(exchange, 503, "");
            return;
        }
        String proof = exchange.getRequestHeaders().getFirst("Passerelle-Proof");
        passed.add(new Passed(proof, file));
        HttpResponse<String> answer = behind.get().message(proof, file);
        if (weather == Weather.LOSES_ONE_ANSWER) {
            weather = Weather.OPEN;
            answer(exchange, 502, "");
            return;
        }
        answer(exchange, answer.statusCode(), answer.body());
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
