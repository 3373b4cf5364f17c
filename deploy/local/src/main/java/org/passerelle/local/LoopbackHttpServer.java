package org.passerelle.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import kotlin.jvm.functions.Function1;
import no.nav.security.mock.oauth2.http.OAuth2HttpRequest;
import no.nav.security.mock.oauth2.http.OAuth2HttpResponse;
import no.nav.security.mock.oauth2.http.OAuth2HttpServer;
import no.nav.security.mock.oauth2.http.Ssl;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Carries the login server on the JDK's own HTTP server.
 *
 * <p>Every request is taken as one to the public address, whatever address it came in by: issuer and redirects are
 * always those that services and browsers know.
 */
final class LoopbackHttpServer implements OAuth2HttpServer {
    private final UnaryOperator<OAuth2HttpRequest> preparation;
    private @Nullable URI publicBase;
    private @Nullable HttpServer server;

    /** @param preparation applied to each request before the login server sees it */
    LoopbackHttpServer(@Nullable URI publicBase, UnaryOperator<OAuth2HttpRequest> preparation) {
        this.publicBase = publicBase;
        this.preparation = preparation;
    }

    @Override
    public OAuth2HttpServer start(
            InetAddress address, int port, Function1<? super OAuth2HttpRequest, OAuth2HttpResponse> handler) {
        if (!address.isLoopbackAddress()) {
            throw new IllegalArgumentException("the login server is for this machine only, not for " + address);
        }
        try {
            var started = HttpServer.create(new InetSocketAddress(address, port), 50);
            if (publicBase == null) {
                publicBase =
                        URI.create("http://localhost:" + started.getAddress().getPort());
            }
            started.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            started.createContext("/", exchange -> answer(exchange, handler));
            started.start();
            server = started;
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("the login server cannot listen on port " + port, e);
        }
    }

    @Override
    public OAuth2HttpServer start(Function1<? super OAuth2HttpRequest, OAuth2HttpResponse> handler) {
        return start(0, handler);
    }

    @Override
    public OAuth2HttpServer start(int port, Function1<? super OAuth2HttpRequest, OAuth2HttpResponse> handler) {
        return start(InetAddress.getLoopbackAddress(), port, handler);
    }

    @Override
    public OAuth2HttpServer stop() {
        if (server != null) {
            server.stop(0);
        }
        return this;
    }

    @Override
    public void close() {
        stop();
    }

    @Override
    public int port() {
        if (server == null) {
            throw new IllegalStateException("the login server is not started");
        }
        return server.getAddress().getPort();
    }

    @Override
    public HttpUrl url(String path) {
        if (publicBase == null) {
            throw new IllegalStateException("the login server is not started");
        }
        return HttpUrl.get(publicBase.resolve("/" + path).toString());
    }

    @Override
    public @Nullable Ssl sslConfig() {
        return null;
    }

    private void answer(HttpExchange exchange, Function1<? super OAuth2HttpRequest, OAuth2HttpResponse> handler)
            throws IOException {
        try (exchange) {
            var response = handler.invoke(preparation.apply(request(exchange)));
            response.getHeaders()
                    .forEach(header -> exchange.getResponseHeaders().add(header.getFirst(), header.getSecond()));
            var text = response.getBody();
            var bytes = response.getBytesBody() != null
                    ? response.getBytesBody()
                    : text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(response.getStatus(), bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    private OAuth2HttpRequest request(HttpExchange exchange) throws IOException {
        var headers = new Headers.Builder();
        exchange.getRequestHeaders().forEach((name, values) -> {
            // Otherwise the library would prefer the address that the request came in by.
            if (!name.equalsIgnoreCase("Host")
                    && !name.toLowerCase(java.util.Locale.ROOT).startsWith("x-forwarded")) {
                values.forEach(value -> headers.addUnsafeNonAscii(name, value));
            }
        });
        var uri = exchange.getRequestURI();
        var url = url("").resolve(
                        uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery());
        if (url == null) {
            throw new IOException("not an address: " + uri);
        }
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        return new OAuth2HttpRequest(headers.build(), exchange.getRequestMethod(), url, body.isEmpty() ? null : body);
    }
}
