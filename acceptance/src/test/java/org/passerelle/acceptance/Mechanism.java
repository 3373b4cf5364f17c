package org.passerelle.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.passerelle.local.Backends;
import org.passerelle.local.LoginUser;

/** The identification-service of one country: a process with databases, keys, log and organisation of its own. */
final class Mechanism implements AutoCloseable {
    /** Keeps its cases, and answers arrivals. */
    final String desk = UUID.randomUUID().toString();

    private final Backends backends;
    private final ServiceProcess service;

    /** @param settings of the exchange, and the address of its Kafka */
    Mechanism(String country, Backends backends, Path directory, Map<String, String> settings) {
        this.backends = backends;
        Map<String, String> all = new HashMap<>(Map.of(
                "quarkus.oidc.auth-server-url",
                backends.issuer(),
                // referral-service, which would say every minute that it is there, is not part of this.
                "passerelle.access.silence",
                "PT1H",
                "passerelle.cross-border.country",
                country,
                "passerelle.cross-border.keys",
                directory.resolve(country + ".json").toString(),
                "passerelle.cross-border.desk",
                desk,
                "passerelle.cross-border.patience",
                "PT0.5S"));
        all.putAll(settings);
        String name = "mechanism_" + country.toLowerCase(Locale.ROOT);
        service = new ServiceProcess("identification", name, backends, directory, all);
    }

    void awaitReady() {
        service.awaitReady();
    }

    URI messages() {
        return uri("/cross-border/messages");
    }

    private URI uri(String path) {
        return service.uri(path);
    }

    /** Somebody of the organisation that keeps its cases. */
    private HttpRequest.Builder as(String role, String path) {
        String token = backends.login()
                .token(new LoginUser(role + "-" + desk.substring(0, 8), role, List.of(role), desk, null, null));
        return HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer " + token)
                .header("Accept-Language", "en")
                .header("Idempotency-Key", UUID.randomUUID().toString());
    }

    HttpResponse<String> get(String path) {
        return Http.send(as("case-worker", path));
    }

    HttpResponse<String> getAs(String role, String path) {
        return Http.send(as(role, path));
    }

    JsonNode read(String path) {
        HttpResponse<String> answer = get(path);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return Http.json(answer.body());
    }

    JsonNode post(String path, String body) {
        HttpResponse<String> answer = tryPost(path, body);
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return Http.json(answer.body());
    }

    HttpResponse<String> tryPost(String path, String body) {
        HttpRequest.Builder request = as("case-worker", path).header("Content-Type", "application/json");
        if (path.endsWith("/withdrawal")) {
            request.header("If-Match", version(path));
        }
        return Http.send(request.POST(BodyPublishers.ofString(body)));
    }

    private String version(String path) {
        return get(path.replaceFirst("/consents/.*", ""))
                .headers()
                .firstValue("ETag")
                .orElseThrow();
    }

    HttpResponse<String> carry(String file) {
        return Http.send(as("case-worker", "/cross-border/imports")
                .header("Content-Type", "application/jose")
                .POST(BodyPublishers.ofString(file)));
    }

    /** As another country's installation would. */
    HttpResponse<String> message(String proof, String file) {
        return Http.send(HttpRequest.newBuilder(messages())
                .header("Content-Type", "application/jose")
                .header("Accept-Language", "en")
                .header("Passerelle-Proof", proof)
                .POST(BodyPublishers.ofString(file)));
    }

    @Override
    public void close() {
        service.close();
    }
}
