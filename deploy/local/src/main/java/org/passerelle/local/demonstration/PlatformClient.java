package org.passerelle.local.demonstration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * A patient client of the platform. A component may be killed at any moment: a request that got no answer, or an answer
 * that says "not now", is sent again, a command with the same {@code Idempotency-Key}, until an answer comes or patience
 * ends. So a caller sees each command done once, or an exception.
 */
public final class PlatformClient {
    private static final Duration ONE_TRY = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(250);
    /** A token is renewed this long before it ends, so that it cannot end on the way. */
    private static final Duration TOKEN_MARGIN = Duration.ofSeconds(30);

    private static final ObjectMapper JSON = new ObjectMapper();

    private record Token(String value, Instant until) {}

    private final Addresses addresses;
    private final Duration patience;
    private final String language;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Map<String, Token> tokens = new ConcurrentHashMap<>();

    /** @param patience how long one request is tried for before giving up */
    public PlatformClient(Addresses addresses, Duration patience) {
        this(addresses, patience, "fr");
    }

    /** @param language in which the platform is asked to answer: fr, es or en */
    public PlatformClient(Addresses addresses, Duration patience, String language) {
        this.addresses = addresses;
        this.patience = patience;
        this.language = language;
    }

    /** Reads; any answer that is not "try again later" is given back, refusals too. */
    public Answer get(String who, String path) {
        return send(who, path, HttpRequest.newBuilder().GET());
    }

    /** Reads what must be there. */
    public Answer read(String who, String path) {
        return required("GET " + path, get(who, path));
    }

    /** Sends a body with exactly these headers; any answer is given back, refusals too. */
    public Answer post(String who, String path, Object body, Map<String, String> headers) {
        var request = HttpRequest.newBuilder().POST(BodyPublishers.ofString(json(body)));
        request.setHeader("Content-Type", "application/json");
        headers.forEach(request::setHeader);
        return send(who, path, request);
    }

    /** A command that adds something: given back when it is done. */
    public Answer command(String who, String path, Object body, String key) {
        return required("POST " + path, post(who, path, body, Map.of("Idempotency-Key", key)));
    }

    /**
     * A command that changes what is read at {@code versioned}: it goes out with the version seen last, and again with the
     * newer one when somebody was faster.
     */
    public Answer change(String who, String path, String versioned, Object body, String key) {
        var end = Instant.now().plus(patience);
        while (true) {
            var etag = read(who, versioned).etag();
            if (etag == null) {
                throw new IllegalStateException("GET " + versioned + " names no version");
            }
            var answer = post(who, path, body, Map.of("Idempotency-Key", key, "If-Match", etag));
            if (answer.status() != 412 || Instant.now().isAfter(end)) {
                return required("POST " + path, answer);
            }
        }
    }

    /** Reads again and again until the answer shows what is awaited; effects of other services take a moment. */
    public Answer await(String who, String path, String what, Predicate<JsonNode> shows) {
        var end = Instant.now().plus(patience);
        while (true) {
            var answer = get(who, path);
            if (answer.succeeded() && shows.test(answer.body())) {
                return answer;
            }
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException("Waited " + patience.toSeconds() + " s for " + what + ": GET " + path
                        + " still says " + answer.status() + " " + answer.text());
            }
            pause();
        }
    }

    /** A valid token of this person or partner system. */
    public String token(String who) {
        var known = tokens.get(who);
        if (known != null && known.until().isAfter(Instant.now())) {
            return known.value();
        }
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", "password");
        form.put("username", who);
        form.put("password", "demonstration");
        form.put("client_id", "passerelle-demo");
        form.put("scope", "openid");
        var answer = persist(
                "the login server",
                () -> http.send(
                        HttpRequest.newBuilder(addresses.token())
                                .timeout(ONE_TRY)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString(encoded(form)))
                                .build(),
                        BodyHandlers.ofString(StandardCharsets.UTF_8)));
        var body = required("Login of " + who, answer).body();
        var lasts = Duration.ofSeconds(body.path("expires_in").asLong(60));
        var token = new Token(
                body.path("access_token").asText(), Instant.now().plus(lasts).minus(TOKEN_MARGIN));
        tokens.put(who, token);
        return token.value();
    }

    /** As the tokens of the login server name it. */
    String issuer() {
        var token = addresses.token().toString();
        return token.substring(0, token.length() - "/token".length());
    }

    public Duration patience() {
        return patience;
    }

    public Addresses addresses() {
        return addresses;
    }

    private Answer send(String who, String path, HttpRequest.Builder request) {
        URI address = addresses.of(path);
        return persist(
                path,
                () -> http.send(
                        request.uri(address)
                                .timeout(ONE_TRY)
                                .setHeader("Accept", "application/json, application/problem+json, */*;q=0.5")
                                .setHeader("Accept-Language", language)
                                .setHeader("Authorization", "Bearer " + token(who))
                                .build(),
                        BodyHandlers.ofString(StandardCharsets.UTF_8)));
    }

    private interface Attempt {
        HttpResponse<String> make() throws IOException, InterruptedException;
    }

    private Answer persist(String what, Attempt attempt) {
        var end = Instant.now().plus(patience);
        while (true) {
            String last;
            try {
                var answer = answer(attempt.make());
                if (!comeBackLater(answer) || Instant.now().isAfter(end)) {
                    return answer;
                }
                last = answer.status() + " " + answer.text();
            } catch (IOException unreachable) {
                last = unreachable.toString();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while waiting for " + what, interrupted);
            }
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException(
                        "No answer from " + what + " within " + patience.toSeconds() + " s: " + last);
            }
            pause();
        }
    }

    /** Failures of the platform, and a first try of the same key that is still being worked on. */
    private static boolean comeBackLater(Answer answer) {
        return answer.status() >= 500
                || answer.status() == 429
                || answer.status() == 409 && answer.body().path("type").asText().endsWith("idempotency-key-in-flight");
    }

    private static Answer answer(HttpResponse<String> response) {
        var text = response.body();
        JsonNode body = MissingNode.getInstance();
        if (response.headers()
                .firstValue("Content-Type")
                .filter(t -> t.contains("json"))
                .isPresent()) {
            try {
                body = JSON.readTree(text);
            } catch (JsonProcessingException unreadable) {
                body = MissingNode.getInstance();
            }
        }
        return new Answer(
                response.statusCode(),
                body,
                response.headers().firstValue("ETag").orElse(null),
                response.headers().firstValue("Location").orElse(null),
                text);
    }

    private static Answer required(String what, Answer answer) {
        if (!answer.succeeded()) {
            throw new Refused(what, answer);
        }
        return answer;
    }

    private static String json(Object body) {
        try {
            return body instanceof String text ? text : JSON.writeValueAsString(body);
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .reduce((a, b) -> a + "&" + b)
                .orElse("");
    }

    static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting", interrupted);
        }
    }

    static Optional<JsonNode> first(JsonNode list, Predicate<JsonNode> wanted) {
        for (JsonNode one : list) {
            if (wanted.test(one)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }
}
