package org.passerelle.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CALLBACK = "http://localhost:8080/reporting/pages/funnel";
    private static final List<LoginUser> USERS = List.of(
            new LoginUser("aline", "Aline <Nduwa>", List.of("case-worker", "coordinator"), "org-1", "fr"),
            new LoginUser("hotline", "Hotline", List.of("partner-system"), null, null));

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
