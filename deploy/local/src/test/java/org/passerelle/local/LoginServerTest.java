package org.passerelle.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("tokens")
class LoginServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CALLBACK = "http://localhost:8080/reporting/pages/funnel";
    private static final ECKey KEY = key();
    private static final List<LoginUser> USERS = List.of(
            new LoginUser("aline", "Aline <Nduwa>", List.of("case-worker", "coordinator"), "org-1", "fr"),
            new LoginUser("hotline", "Hotline", List.of("partner-system"), null, null),
            new LoginUser(
                    "clinic",
                    "Clinic",
                    List.of("partner-system"),
                    null,
                    null,
                    KEY.toPublicJWK().toJSONObject()));

    @TempDir
    static Path directory = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();
    private LoginServer login = start();

    @AfterEach
    void close() {
        login.close();
        http.close();
    }

    @Test
    void aPersonGetsTheClaimsOfTheListByPasswordGrant() throws Exception {
        var claims = claims(token("grant_type=password&username=aline&password=any&client_id=passerelle"));

        assertThat(claims.path("sub").asText()).isEqualTo("aline");
        assertThat(claims.path("aud").asText()).isEqualTo("passerelle");
        assertThat(claims.path("iss").asText()).isEqualTo(login.issuer());
        assertThat(claims.path("roles").toString()).isEqualTo("[\"case-worker\",\"coordinator\"]");
        assertThat(claims.path("organisation").asText()).isEqualTo("org-1");
        assertThat(claims.path("name").asText()).isEqualTo("Aline <Nduwa>");
        assertThat(claims.path("preferred_language").asText()).isEqualTo("fr");
    }

    @Test
    void aPartnerSystemComesByClientCredentials() throws Exception {
        var claims = claims(token("grant_type=client_credentials&client_id=hotline&client_secret=any"));

        assertThat(claims.path("sub").asText()).isEqualTo("hotline");
        assertThat(claims.path("roles").toString()).isEqualTo("[\"partner-system\"]");
        assertThat(claims.has("organisation")).isFalse();
    }

    @Test
    void theTokensOfSystemsEndAfterFiveMinutes() throws Exception {
        var claims = claims(token("grant_type=client_credentials&client_id=hotline&client_secret=any"));
        var byPassword = claims(token("grant_type=password&username=hotline&password=any&client_id=partner"));

        assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isBetween(299L, 301L);
        assertThat(byPassword.path("exp").asLong() - byPassword.path("iat").asLong())
                .isBetween(299L, 301L);
    }

    @Test
    void aSystemWithAKeyProvesToHoldItOnceForEachToken() throws Exception {
        var assertion = assertion(KEY, "clinic", login.issuer() + "/token", 60, "one");

        assertThat(claims(token(proven(assertion))).path("sub").asText()).isEqualTo("clinic");
        assertThat(post("/token", proven(assertion)).statusCode())
                .as("the same once more")
                .isEqualTo(401);
        assertThat(post("/token", proven(assertion(KEY, "clinic", login.issuer(), 60, "two")))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void whatProvesNothingGetsNoToken() throws Exception {
        var here = login.issuer() + "/token";
        var refused = new LinkedHashMap<String, String>();
        refused.put("a name alone", "grant_type=client_credentials&client_id=clinic&client_secret=any");
        refused.put("a password", "grant_type=password&username=clinic&password=any&client_id=clinic");
        refused.put("another's key", proven(assertion(key(), "clinic", here, 60, "a")));
        refused.put("for another server", proven(assertion(KEY, "clinic", "https://login.example.org/token", 60, "b")));
        refused.put("ended", proven(assertion(KEY, "clinic", here, -60, "c")));
        refused.put("good for an hour", proven(assertion(KEY, "clinic", here, 3600, "d")));
        refused.put("without an id", proven(assertion(KEY, "clinic", here, 60, null)));
        refused.put("of a client without a key", proven(assertion(KEY, "hotline", here, 60, "e")));
        for (var form : refused.entrySet()) {
            var answer = post("/token", form.getValue());
            assertThat(answer.statusCode()).as(form.getKey() + answer.body()).isEqualTo(401);
        }
    }

    private static ECKey key() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID("clinic").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String assertion(ECKey key, String client, String audience, int seconds, @Nullable String id)
            throws JOSEException {
        var jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
                new JWTClaimsSet.Builder()
                        .issuer(client)
                        .subject(client)
                        .audience(audience)
                        .expirationTime(Date.from(Instant.now().plusSeconds(seconds)))
                        .jwtID(id)
                        .build());
        jwt.sign(new ECDSASigner(key));
        return jwt.serialize();
    }

    private static String proven(String assertion) {
        return "grant_type=client_credentials"
                + "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
                + "&client_assertion=" + assertion;
    }

    @Test
    void nobodyElseGetsAToken() throws Exception {
        assertThat(post("/token", "grant_type=password&username=mallory&password=any&client_id=passerelle")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void thePageListsTheUsersInTheBrowsersLanguage() throws Exception {
        var spanish = http.send(
                HttpRequest.newBuilder(authorize())
                        .header("Accept-Language", "es-EC,es;q=0.9,en;q=0.5")
                        .build(),
                BodyHandlers.ofString());
        var other = http.send(
                HttpRequest.newBuilder(authorize())
                        .header("Accept-Language", "rn")
                        .build(),
                BodyHandlers.ofString());

        assertThat(spanish.body())
                .contains("lang=\"es\"", "¿Quién es usted?", "Aline &lt;Nduwa&gt;", "gestor de casos");
        assertThat(other.body()).contains("lang=\"fr\"", "Qui êtes-vous");
    }

    @Test
    void whoIsPickedOnThePageComesBackInTheTokenWhateverElseTheBrowserSends() throws Exception {
        var picked = http.send(
                HttpRequest.newBuilder(authorize())
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("username=aline&claims=%7B%22roles%22%3A%5B%22operator%22%5D%7D"))
                        .build(),
                BodyHandlers.ofString());
        var location = picked.headers().firstValue("Location").orElseThrow();
        var code = location.replaceAll(".*[?&]code=([^&]*).*", "$1");

        var claims = claims(token("grant_type=authorization_code&client_id=passerelle&code=" + code + "&redirect_uri="
                + URLEncoder.encode(CALLBACK, StandardCharsets.UTF_8)));

        assertThat(location).startsWith(CALLBACK).contains("state=s1");
        assertThat(claims.path("sub").asText()).isEqualTo("aline");
        assertThat(claims.path("roles").toString()).isEqualTo("[\"case-worker\",\"coordinator\"]");
    }

    @Test
    void aTokenStaysValidWhenTheServerIsStartedAgain() throws Exception {
        var before = http.send(
                HttpRequest.newBuilder(URI.create(login.issuer() + "/jwks")).build(), BodyHandlers.ofString());
        login.close();
        login = start();
        var after = http.send(
                HttpRequest.newBuilder(URI.create(login.issuer() + "/jwks")).build(), BodyHandlers.ofString());

        assertThat(JSON.readTree(after.body())).isEqualTo(JSON.readTree(before.body()));
    }

    @Test
    void itRunsInNoOtherProfileThanLocalAndTest() {
        assertThatThrownBy(() -> LoginServer.start("prod", 0, null, null, USERS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not in 'prod'");
    }

    @Test
    void itAnswersUnderItsPublicAddressWhateverAddressItWasAskedBy() throws Exception {
        try (var behindGateway = LoginServer.start("test", 0, URI.create("http://localhost:8080"), null, USERS)) {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + behindGateway.port()
                                    + "/login/passerelle/.well-known/openid-configuration"))
                            .header("X-Forwarded-Host", "evil.example")
                            .build(),
                    BodyHandlers.ofString());

            assertThat(JSON.readTree(answer.body())
                            .path("authorization_endpoint")
                            .asText())
                    .isEqualTo("http://localhost:8080/login/passerelle/authorize");
        }
    }

    private static LoginServer start() {
        return LoginServer.start("test", 0, null, directory.resolve("key.json"), USERS);
    }

    private URI authorize() {
        return URI.create(login.issuer() + "/authorize?response_type=code&client_id=passerelle&scope=openid&state=s1"
                + "&redirect_uri=" + URLEncoder.encode(CALLBACK, StandardCharsets.UTF_8));
    }

    private String token(String form) throws Exception {
        var answer = post("/token", form);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).path("access_token").asText();
    }

    private HttpResponse<String> post(String path, String form) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(login.issuer() + path))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
    }

    private static JsonNode claims(String token) throws Exception {
        return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));
    }
}
