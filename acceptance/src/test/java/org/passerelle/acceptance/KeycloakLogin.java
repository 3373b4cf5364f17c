package org.passerelle.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Somebody's first login by the pages of Keycloak, with the authorisation code flow and PKCE: they give the password that
 * they were told, set up the second factor, choose a password of their own, whatever is asked for in whatever order.
 */
final class KeycloakLogin {
    private static final Pattern FORM =
            Pattern.compile("<form[^>]*\\saction=\"([^\"]*login-actions[^\"]*)\"[^>]*>(.*?)</form>", Pattern.DOTALL);
    private static final Pattern INPUT = Pattern.compile("<input\\s[^>]*>");
    private static final int STEPS = 12;

    private final String username;
    private final String temporaryPassword;
    private final String ownPassword = UUID.randomUUID().toString();
    /** By hand: they are marked as secure, which a client without a browser's exception for loopback would not send. */
    private final Map<String, String> cookies = new LinkedHashMap<>();

    KeycloakLogin(String username, String temporaryPassword) {
        this.username = username;
        this.temporaryPassword = temporaryPassword;
    }

    /** The answer of the token endpoint, for a public client. */
    JsonNode tokens(URI authorisation, URI tokens, String client, String redirect) {
        String verifier = random();
        String state = random();
        URI returned = walk(
                URI.create(authorisation + "?"
                        + Http.encoded(Map.of(
                                "response_type",
                                "code",
                                "client_id",
                                client,
                                "redirect_uri",
                                redirect,
                                "scope",
                                "openid",
                                "state",
                                state,
                                "nonce",
                                random(),
                                "code_challenge_method",
                                "S256",
                                "code_challenge",
                                challenge(verifier)))),
                redirect);
        Map<String, String> answer = query(returned);
        if (!state.equals(answer.get("state"))) {
            throw new IllegalStateException("no login of " + username + ": " + answer.keySet());
        }
        HttpResponse<String> given = Http.send(Http.form(
                tokens,
                Map.of(
                        "grant_type",
                        "authorization_code",
                        "client_id",
                        client,
                        "redirect_uri",
                        redirect,
                        "code",
                        answer.getOrDefault("code", ""),
                        "code_verifier",
                        verifier)));
        if (given.statusCode() != 200) {
            throw new IllegalStateException("no token for " + username + ": " + given.body());
        }
        return Http.json(given.body());
    }

    /** From page to page, until the browser is sent back to the application. */
    private URI walk(URI begin, String redirect) {
        HttpResponse<String> page = send(HttpRequest.newBuilder(begin));
        for (int step = 0; step < STEPS; step++) {
            URI next = page.headers()
                    .firstValue("Location")
                    .map(page.uri()::resolve)
                    .orElse(null);
            if (next == null) {
                page = submit(page);
            } else if (next.toString().startsWith(redirect)) {
                return next;
            } else {
                page = send(HttpRequest.newBuilder(next));
            }
        }
        throw new IllegalStateException("the login of " + username + " does not end: " + page.body());
    }

    private HttpResponse<String> submit(HttpResponse<String> page) {
        Matcher form = FORM.matcher(page.body());
        if (page.statusCode() != 200 || !form.find()) {
            throw new IllegalStateException("no form: " + page.statusCode() + " " + page.body());
        }
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher input = INPUT.matcher(form.group(2));
        while (input.find()) {
            String name = attribute(input.group(), "name");
            switch (name) {
                case "username" -> fields.put(name, username);
                case "password" -> fields.put(name, temporaryPassword);
                case "password-new", "password-confirm" -> fields.put(name, ownPassword);
                case "totpSecret" -> {
                    String secret = attribute(input.group(), "value");
                    fields.put(name, secret);
                    fields.put("totp", code(secret, Instant.now()));
                }
                case "userLabel" -> fields.put(name, "telephone");
                default -> {}
            }
        }
        URI action = page.uri().resolve(form.group(1).replace("&amp;", "&"));
        return send(Http.form(action, fields));
    }

    private static String attribute(String tag, String name) {
        Matcher found = Pattern.compile("\\s" + name + "=\"([^\"]*)\"").matcher(tag);
        return found.find() ? found.group(1) : "";
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        HttpResponse<String> answer = Http.send(request);
        for (String set : answer.headers().allValues("Set-Cookie")) {
            String[] pair = set.split(";", 2)[0].split("=", 2);
            cookies.put(pair[0], pair[1]);
        }
        return answer;
    }

    /** RFC 6238 as the realm has it: HMAC-SHA-256, six digits, 30 seconds. */
    private static String code(String secret, Instant at) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            ByteBuffer hash = ByteBuffer.wrap(mac.doFinal(
                    ByteBuffer.allocate(8).putLong(at.getEpochSecond() / 30).array()));
            int offset = hash.get(hash.capacity() - 1) & 0xf;
            return "%06d".formatted((hash.getInt(offset) & Integer.MAX_VALUE) % 1_000_000);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> query(URI address) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : address.getRawQuery().split("&", -1)) {
            String[] pair = field.split("=", 2);
            fields.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
        }
        return fields;
    }
}
