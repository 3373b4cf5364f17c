package org.passerelle.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayTest {
    private final Installation installation = installation();
    private final HttpServer referral = echo(installation.httpPort(ServiceName.REFERRAL));
    private final Gateway gateway = Gateway.start(installation);
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    void open() {
        referral.start();
    }

    @AfterAll
    void close() {
        gateway.close();
        referral.stop(0);
        http.close();
    }

    @Test
    void aRequestReachesItsServiceUnchangedAndSaysUnderWhichAddressItCame() throws Exception {
        var answer = get("/referral/referrals?state=open&role=inbox", "evil.example");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo("/referral/referrals?state=open&role=inbox localhost:" + installation.portBase() + " http");
    }

    @Test
    void theRootLeadsToTheStartPage() throws Exception {
        var answer = get("/", "");

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).contains("/reporting/");
    }

    @Test
    void anUnknownPlaceIsNotFoundAndAMissingServiceIsABadGateway() throws Exception {
        assertThat(get("/referrals/1", "").statusCode()).isEqualTo(404);
        assertThat(get("/assistance/plans", "").statusCode()).isEqualTo(502);
    }

    private HttpResponse<String> get(String path, String claimedHost) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(installation.gateway() + path))
                .header("X-Forwarded-Host", claimedHost)
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private static Installation installation() {
        for (var attempt = 0; attempt < 100; attempt++) {
            var base = Ports.free();
            if (base + Installation.PORTS < 65_535) {
                var installation = new Installation(Path.of("target", "unused"), base);
                if (Supervisor.takenPorts(installation).isEmpty()) {
                    return installation;
                }
            }
        }
        throw new IllegalStateException("no free ports in a row");
    }

    /** Answers with the address it was asked for and the forwarding headers it got. */
    private static HttpServer echo(int port) {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10);
            server.createContext("/", exchange -> {
                try (exchange) {
                    var headers = exchange.getRequestHeaders();
                    var text = exchange.getRequestURI() + " " + String.join(",", headers.get("X-Forwarded-Host")) + " "
                            + String.join(",", headers.get("X-Forwarded-Proto"));
                    var bytes = text.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                }
            });
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
