package org.passerelle.local;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyResponse;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One address for everything: passes a request on by the first segment of its path, unchanged, and tells the service
 * by X-Forwarded headers under which address it was asked. Listens on the loopback interface only, because the login
 * server behind it knows no passwords.
 */
final class Gateway implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int CONNECTIONS_PER_SERVICE = 200;

    private final Vertx vertx;

    private Gateway(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Starts it and returns when it listens. */
    static Gateway start(Installation installation) {
        var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        var client = vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(CONNECTIONS_PER_SERVICE));
        var proxies = proxies(client, installation);
        var listening = vertx.createHttpServer(
                        new HttpServerOptions().setHost(HOST).setPort(installation.portBase()))
                .requestHandler(request -> route(request, proxies))
                .listen();
        try {
            listening.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
            return new Gateway(vertx);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the gateway was starting", e);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            vertx.close();
            throw new IllegalStateException("the gateway cannot listen on port " + installation.portBase(), e);
        }
    }

    @Override
    public void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("the gateway does not close", e);
        }
    }

    private static Map<String, HttpProxy> proxies(HttpClient client, Installation installation) {
        var forwarding = new Forwarding(installation.gateway());
        var proxies = new LinkedHashMap<String, HttpProxy>();
        for (var service : ServiceName.values()) {
            proxies.put(service.slug(), proxy(client, installation.httpPort(service), forwarding));
        }
        proxies.put("login", proxy(client, installation.loginPort(), forwarding));
        return proxies;
    }

    private static HttpProxy proxy(HttpClient client, int port, ProxyInterceptor forwarding) {
        return HttpProxy.reverseProxy(client).origin(port, HOST).addInterceptor(forwarding);
    }

    private static void route(HttpServerRequest request, Map<String, HttpProxy> proxies) {
        var proxy = proxies.get(firstSegment(request.path()));
        if (proxy != null) {
            proxy.handle(request);
        } else if ("/".equals(request.path())) {
            request.response()
                    .setStatusCode(303)
                    .putHeader(HttpHeaders.LOCATION, "/reporting/")
                    .end();
        } else {
            request.response()
                    .setStatusCode(404)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                    .end("{\"status\":404,\"title\":\"Not found\"}");
        }
    }

    private static String firstSegment(@Nullable String path) {
        if (path == null || path.isEmpty()) {
            return "";
        }
        var end = path.indexOf('/', 1);
        return end < 0 ? path.substring(1) : path.substring(1, end);
    }

    /** Overwrites what a client may have sent: services believe these headers. */
    private record Forwarding(URI gateway) implements ProxyInterceptor {
        @Override
        public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
            var request = context.request();
            var proxied = request.proxiedRequest();
            var client = proxied.remoteAddress();
            var host = proxied.authority() == null
                    ? gateway.getAuthority()
                    : proxied.authority().toString();
            request.headers().remove("Forwarded");
            request.putHeader("X-Forwarded-Host", host);
            request.putHeader("X-Forwarded-Proto", gateway.getScheme());
            request.putHeader("X-Forwarded-For", client == null ? HOST : client.hostAddress());
            request.headers().remove("X-Forwarded-Port");
            request.headers().remove("X-Forwarded-Prefix");
            return context.sendRequest();
        }
    }
}
