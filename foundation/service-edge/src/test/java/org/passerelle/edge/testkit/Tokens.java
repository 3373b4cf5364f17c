package org.passerelle.edge.testkit;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Bearer tokens of the real login server for invented people. */
public final class Tokens {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Map<String, String> KNOWN = new ConcurrentHashMap<>();

    private Tokens() {}

    /**
     * @param roles as written in tokens: {@code case-worker}
     */
    public static String of(String username, List<String> roles, @Nullable String organisation) {
        Map<String, Object> claims = new HashMap<>();
        claims.put("roles", List.copyOf(roles));
        if (organisation != null) {
            claims.put("organisation", organisation);
        }
        return KNOWN.computeIfAbsent(username + roles + organisation, key -> fetch(username, claims));
    }

    /** As {@link #of}, with claims that are not as they should be; null leaves a claim out. */
    public static String odd(
            String username, List<String> roles, String organisation, Map<String, ? extends @Nullable Object> odd) {
        Map<String, @Nullable Object> claims = new HashMap<>();
        claims.put("roles", List.copyOf(roles));
        claims.put("organisation", organisation);
        claims.putAll(odd);
        return fetch(username, claims);
    }

    /** Of every token, as the services read it. */
    public static String issuer() {
        String issuer = System.getProperty(LocalBackends.ISSUER);
        if (issuer == null) {
            throw new IllegalStateException("the test class needs @QuarkusTestResource(LocalBackends.class)");
        }
        return issuer;
    }

    private static String fetch(String username, Map<String, ? extends @Nullable Object> claims) {
        String issuer = issuer();
        try {
            String form = "grant_type=password&client_id=tests&password=any&username=" + encoded(username) + "&claims="
                    + encoded(JSON.writeValueAsString(claims));
            HttpResponse<String> answer = HTTP.send(
                    HttpRequest.newBuilder(URI.create(issuer + "/token"))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(form))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("no token: " + answer.statusCode() + " " + answer.body());
            }
            return JSON.readTree(answer.body()).get("access_token").asText();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
