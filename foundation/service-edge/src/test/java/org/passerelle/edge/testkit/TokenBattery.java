package org.passerelle.edge.testkit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.Memberships;

/**
 * Tokens that must open nothing, sent to a running service over HTTP. Whatever is wrong with one, the answer is the same
 * problem, so that nobody learns how far they came.
 */
public abstract class TokenBattery {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ISSUER = System.getProperty(LocalBackends.ISSUER);

    private final String role;
    private final String path;
    private final String organisation = UUID.randomUUID().toString();
    private final String subject = "tokens-" + UUID.randomUUID();

    /**
     * @param role who may read ...
     * @param path ... this
     */
    protected TokenBattery(String role, String path) {
        this.role = role;
        this.path = path;
    }

    /** Records, as the coordination does or as referral-service tells it, that a member was removed. */
    protected abstract void remove(String organisation, String subject);

    /** Likewise that an organisation was suspended. */
    protected abstract void suspend(String organisation);

    /** For services that hear of it. */
    protected static void tell(String broker, String event, String organisation, @Nullable String subject) {
        Map<String, Object> data = new HashMap<>(Map.of("organisation", organisation));
        if (subject != null) {
            data.put("member", Memberships.account(ISSUER, subject));
        }
        try (OtherService referral = new OtherService("referral", broker)) {
            referral.publish(event, organisation, data);
        }
    }

    private String good() {
        return Tokens.of(subject, List.of(role), organisation);
    }

    private String odd(Map<String, ? extends @Nullable Object> claims) {
        return Tokens.odd(subject, List.of(role), organisation, claims);
    }

    private static Map<String, @Nullable Object> without(String claim) {
        Map<String, @Nullable Object> odd = new HashMap<>();
        odd.put(claim, null);
        return odd;
    }

    private Response ask(String token) {
        return given().header("Authorization", "Bearer " + token)
                .header("Accept-Language", "en")
                .get(path);
    }

    @Test
    void aGoodTokenOpens() {
        assertThat(ask(good()).statusCode()).isEqualTo(200);
        assertThat(ask(odd(Map.of("typ", "Bearer"))).statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsNoTokenOfOursIsNoLoginAndSaysNoMore() {
        Forger forger = new Forger(good());
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("expired", odd(Map.of("exp", Instant.now().minusSeconds(300).getEpochSecond())));
        tokens.put("wrong audience", odd(Map.of("aud", "somebody-else")));
        tokens.put("without audience", odd(without("aud")));
        tokens.put("wrong issuer", odd(Map.of("iss", "https://login.example.org")));
        tokens.put(
                "not yet valid",
                odd(Map.of("nbf", Instant.now().plusSeconds(600).getEpochSecond())));
        tokens.put("an ID token", odd(Map.of("typ", "ID")));
        tokens.put("the notice of a logout", odd(Map.of("typ", "Logout")));
        tokens.put("algorithm none", forger.unsigned());
        tokens.put("wrong key", forger.signedByAnotherKey());
        tokens.put("public key as a secret", forger.signedWithThePublicKey(publicKey()));
        tokens.put(
                "other roles under the old signature",
                forger.changed(claims -> claims.putArray("roles").add("operator")));
        tokens.put("no token at all", "x");
        tokens.put("nothing", "");
        Map<String, String> answers = new LinkedHashMap<>();
        tokens.forEach((what, token) -> answers.put(what, refusal(what, ask(token), 401)));
        assertThat(answers.values()).as("all the same: %s", answers).containsOnly(answers.get("expired"));
    }

    /** RFC 8705. {@link LocalBackends} makes this machine the gateway that may say which certificate there was. */
    @Test
    void aTokenThatIsBoundToACertificateOpensWithThatOneOnly() {
        String bound = odd(Map.of("cnf", Map.of("x5t#S256", Certificates.THUMBPRINT)));
        assertThat(showing(bound, Certificates.HEADER).statusCode()).isEqualTo(200);
        Map<String, String> answers = new LinkedHashMap<>();
        answers.put("without a certificate", refusal("without a certificate", ask(bound), 401));
        answers.put("with another", refusal("with another", showing(bound, Certificates.OTHER_HEADER), 401));
        answers.put("with none", refusal("with none", showing(bound, "::"), 401));
        answers.put(
                "with two", refusal("with two", showing(bound, Certificates.HEADER, Certificates.OTHER_HEADER), 401));
        answers.put(
                "bound to a key",
                refusal("bound to a key", showing(odd(Map.of("cnf", Map.of("jkt", "x"))), Certificates.HEADER), 401));
        answers.put(
                "bound to nothing",
                refusal("bound to nothing", showing(odd(Map.of("cnf", Map.of())), Certificates.HEADER), 401));
        assertThat(answers.values()).as("all the same: %s", answers).containsOnly(answers.get("with none"));
        assertThat(showing(good(), Certificates.OTHER_HEADER).statusCode())
                .as("a token that is bound to none")
                .isEqualTo(200);
    }

    private Response showing(String token, String... certificates) {
        return given().header("Authorization", "Bearer " + token)
                .header("Client-Cert", certificates[0], (Object[])
                        Arrays.copyOfRange(certificates, 1, certificates.length))
                .header("Accept-Language", "en")
                .get(path);
    }

    @Test
    void aTokenThatSaysTooLittleIsPermittedNothingAndToldNoMore() {
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("without roles", odd(without("roles")));
        tokens.put("without subject", odd(without("sub")));
        tokens.put("roles that are none", odd(Map.of("roles", List.of("king"))));
        tokens.put("a role that may not", odd(Map.of("roles", List.of("field-agent", "provider-of-nothing"))));
        Map<String, String> answers = new LinkedHashMap<>();
        tokens.forEach((what, token) -> answers.put(what, refusal(what, ask(token), 403)));
        assertThat(answers.values()).as("all the same: %s", answers).containsOnly(answers.get("without roles"));
    }

    @Test
    void theTokenOfARemovedMemberOpensNothing() {
        assertThat(ask(good()).statusCode()).isEqualTo(200);
        remove(organisation, subject);
        untilRefused(() -> ask(good()));
        refusal(
                "removed, for another organisation",
                ask(odd(Map.of("organisation", UUID.randomUUID().toString()))),
                403);
        refusal("removed, for none", ask(odd(without("organisation"))), 403);
    }

    @Test
    void theTokenOfASuspendedOrganisationOpensNothing() {
        assertThat(ask(good()).statusCode()).isEqualTo(200);
        suspend(organisation);
        untilRefused(() -> ask(good()));
        refusal(
                "suspended, written otherwise",
                ask(odd(Map.of("organisation", organisation.toUpperCase(java.util.Locale.ROOT)))),
                403);
    }

    private static void untilRefused(Supplier<Response> ask) {
        Patience.until(() -> ask.get().statusCode() == 403);
        refusal("no longer", ask.get(), 403);
    }

    /** The answer, after looking that it is the plain problem. */
    private static String refusal(String what, Response answer, int status) {
        assertThat(answer.statusCode()).as(what).isEqualTo(status);
        assertThat(answer.contentType()).as(what).startsWith("application/problem+json");
        assertThat(answer.header("Cache-Control")).as(what).isEqualTo("no-store");
        assertThat(answer.header("WWW-Authenticate")).as(what).isEqualTo(status == 401 ? "Bearer" : null);
        assertThat(answer.jsonPath().getMap("").keySet()).as(what).isSubsetOf("type", "title", "status", "detail");
        return answer.asString();
    }

    /** The bytes that somebody could get of the login server's key. */
    private static byte[] publicKey() {
        try {
            JsonNode keys = JSON.readTree(HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(ISSUER + "/jwks")).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body());
            return Base64.getUrlDecoder().decode(keys.at("/keys/0/n").asText());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
