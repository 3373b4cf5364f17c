package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.local.Backends;

/** A real Keycloak with the realm that is shipped; identification-service and referral-service called with its tokens. */
@Tag("keycloak")
class KeycloakTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String NGO = UUID.randomUUID().toString();
    private static final String SHELTER = UUID.randomUUID().toString();
    private static final String COORDINATION = UUID.randomUUID().toString();
    private static final int LIFETIME = 300;

    private static final String FOUND = """
            {"found": {"at": "2026-11-20T10:00:00Z", "place": "BI-BM", "how": "ngo"},
             "person": {"givenName": "Divine", "familyName": "Exemple", "age": 24, "sex": "Feminine", "languages": ["run"]},
             "immediateDanger": "no"}""";

    private static Keycloak keycloak;
    private static ServiceProcess identification;
    private static ServiceProcess referral;
    private static KeycloakRealm realm;
    private static KeycloakRealm.Partner partner;
    private static KeycloakRealm.Person coordinator;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        String home = System.getProperty("passerelle.keycloak", "");
        assumeTrue(
                Files.isExecutable(Path.of(home, "bin/kc.sh")),
                "Keycloak is there in its own battery only: ./passerelle test keycloak");
        keycloak = new Keycloak(
                Path.of(home), RunningPlatform.root().resolve("deploy/keycloak/passerelle-realm.json"), directory);
        realm = keycloak.shipped();
        Backends backends = Backends.shared();
        for (String topic : List.of("passerelle.identification", "passerelle.referral")) {
            backends.createTopic(topic, 6);
        }
        keycloak.awaitReady();
        Map<String, String> settings = Map.of("quarkus.oidc.auth-server-url", realm.issuer());
        identification = new ServiceProcess("identification", "keycloak_identification", backends, directory, settings);
        referral = new ServiceProcess("referral", "keycloak_referral", backends, directory, settings);
        realm.admitPeoplesApplications();
        partner = realm.partner("partner-of-the-ngo", List.of("partner-system", "case-worker"), NGO, LIFETIME);
        coordinator = realm.person("coordinator", List.of("coordinator"), COORDINATION);
        identification.awaitReady();
        referral.awaitReady();
        importDirectory();
    }

    @AfterAll
    static void stop() {
        for (AutoCloseable one : new AutoCloseable[] {identification, referral, keycloak}) {
            try {
                if (one != null) {
                    one.close();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void importDirectory() throws Exception {
        Map<String, Object> directory = Map.of(
                "organizations",
                List.of(
                        Map.of("id", NGO, "name", "An NGO", "organization_type", "NGO"),
                        Map.of("id", SHELTER, "name", "A shelter", "organization_type", "NGO")),
                "services",
                List.of(),
                "locations",
                List.of(),
                "service_at_locations",
                List.of());
        HttpResponse<String> imported = post(
                coordinator(), referral.uri("/directory/imports"), new ObjectMapper().writeValueAsString(directory));
        assertThat(imported.statusCode()).as(imported.body()).isEqualTo(200);
    }

    private static HttpResponse<String> get(String token, URI address) {
        return Http.send(HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + token)
                .header("Accept-Language", "en"));
    }

    private static HttpResponse<String> post(String token, URI address, String body) {
        return Http.send(HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + token)
                .header("Accept-Language", "en")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> theCase(String token, String code) {
        return get(token, identification.uri("/cases/" + code));
    }

    private static HttpResponse<String> inbox(String token) {
        return get(token, referral.uri("/referrals?role=inbox"));
    }

    private static HttpResponse<String> outbox(String token) {
        return get(token, referral.uri("/referrals"));
    }

    /** A token that lives, however long the tests before took. */
    private static String coordinator() {
        coordinator = realm.renewed(coordinator);
        return coordinator.accessToken();
    }

    private static String newCase() throws Exception {
        HttpResponse<String> found = post(partner.token(), identification.uri("/cases"), FOUND);
        assertThat(found.statusCode()).as(found.body()).isEqualTo(201);
        return Http.json(found.body()).path("caseCode").asText();
    }

    private static JsonNode part(String token, int number) {
        return Http.json(
                new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[number]), StandardCharsets.UTF_8));
    }

    private static JsonNode claims(String token) {
        return part(token, 1);
    }

    @Test
    void aPartnersSystemSignsItsAssertionAndRecordsWhomItFound() throws Exception {
        String assertion = partner.assertion();
        JsonNode answer = partner.token(assertion);
        String token = answer.path("access_token").asText();
        JsonNode claims = claims(token);
        assertThat(part(token, 0).path("alg").asText()).isEqualTo("ES256");
        assertThat(claims.path("iss").asText()).isEqualTo(realm.issuer());
        assertThat(claims.path("aud").toString()).contains("passerelle");
        assertThat(claims.path("organisation").asText()).isEqualTo(NGO);
        assertThat(claims.path("roles").toString()).contains("partner-system", "case-worker");
        assertThat(claims.path("sub").asText()).isNotEmpty();
        assertThat(answer.path("expires_in").asInt()).isEqualTo(LIFETIME);
        assertThat(answer.has("refresh_token")).isFalse();
        assertThat(partner.token(assertion).path("error").asText())
                .as("the same assertion once more")
                .isEqualTo("invalid_client");

        String code = newCase();
        assertThat(theCase(partner.token(), code).body()).contains(code);
        assertThat(get(partner.token(), identification.uri("/cases")).body()).contains(code);
        assertThat(outbox(partner.token()).statusCode()).isEqualTo(200);
    }

    @Test
    void whoLogsInByThePagesMayWhatTheirRoleAndOrganisationSayAndNothingElse() throws Exception {
        String code = newCase();
        KeycloakRealm.Person worker = realm.person("worker", List.of("case-worker"), NGO);
        assertThat(claims(worker.accessToken()).path("auth_time").asLong())
                .isBetween(Instant.now().getEpochSecond() - 120, Instant.now().getEpochSecond() + 1);
        String supervisor =
                realm.person("supervisor", List.of("supervisor"), NGO).accessToken();
        String elsewhere = realm.person("elsewhere", List.of("case-worker", "supervisor"), SHELTER)
                .accessToken();
        String provider = realm.person("provider", List.of("provider"), SHELTER).accessToken();
        String operator =
                realm.person("operator", List.of("operator"), COORDINATION).accessToken();
        String nobody = realm.person("nobody", List.of(), NGO).accessToken();

        HttpResponse<String> masked = theCase(worker.accessToken(), code);
        assertThat(masked.statusCode()).as(masked.body()).isEqualTo(200);
        assertThat(masked.body()).contains(NGO).doesNotContain("Divine");
        assertThat(get(supervisor, identification.uri("/cases/" + code + "/revealed?fields=names"))
                        .body())
                .contains("Divine");
        assertThat(theCase(coordinator(), code).body()).contains(code).doesNotContain("Divine");
        assertThat(theCase(elsewhere, code).statusCode()).isEqualTo(404);
        assertThat(theCase(provider, code).statusCode()).isEqualTo(403);
        assertThat(inbox(provider).statusCode()).isEqualTo(200);
        assertThat(inbox(nobody).statusCode()).isEqualTo(403);
        assertThat(theCase(nobody, code).statusCode()).isEqualTo(403);
        assertThat(get(operator, identification.uri("/operations/status")).statusCode())
                .isEqualTo(200);
        assertThat(get(worker.accessToken(), identification.uri("/operations/status"))
                        .statusCode())
                .isEqualTo(403);
        HttpResponse<String> looks = get(supervisor, identification.uri("/cases/" + code + "/access"));
        assertThat(looks.statusCode()).as(looks.body()).isEqualTo(200);
        assertThat(looks.body()).contains(worker.subject());
    }

    @Test
    void aLoginOfTheLastMinutesOpensAnEmergencyAndASystemHasNone() throws Exception {
        String code = newCase();
        URI glass = identification.uri("/cases/" + code + "/emergency-access");
        String why = "{\"reason\": \"danger-to-life\", \"text\": \"Aux urgences.\"}";
        HttpResponse<String> broken =
                post(realm.person("doctor", List.of("provider"), SHELTER).accessToken(), glass, why);
        assertThat(broken.statusCode()).as(broken.body()).isEqualTo(201);
        KeycloakRealm.Partner hospital = realm.partner("partner-of-a-hospital", List.of("provider"), SHELTER, LIFETIME);
        assertThat(post(hospital.token(), glass, why).statusCode())
                .as("a system has not logged in")
                .isEqualTo(401);
    }

    @Test
    void whatIsNoTokenOfThisRealmForPasserelleOpensNothing() throws Exception {
        String code = newCase();
        String good = partner.token();
        KeycloakRealm.Person person = realm.person("somebody", List.of("case-worker", "provider"), NGO);
        KeycloakRealm.Partner brief =
                realm.partner("partner-in-haste", List.of("partner-system", "case-worker", "provider"), NGO, 3);
        String expired = brief.token();
        assertThat(theCase(expired, code).statusCode()).isEqualTo(200);
        RunningPlatform.pause(Duration.ofSeconds(4));
        KeycloakRealm elsewhere = keycloak.elsewhere();
        String foreign = elsewhere
                .partner("partner-of-the-ngo", List.of("partner-system", "case-worker", "provider"), NGO, LIFETIME)
                .token();
        assertThat(claims(foreign).path("aud").toString()).contains("passerelle");
        int signature = good.lastIndexOf('.') + 10;

        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("another realm's", foreign);
        tokens.put("expired", expired);
        tokens.put("for another audience", realm.tokenOfAnotherApplication());
        tokens.put("an ID token", person.idToken());
        tokens.put("a refresh token", person.refreshToken());
        tokens.put(
                "changed",
                good.substring(0, signature)
                        + (good.charAt(signature) == 'A' ? 'B' : 'A')
                        + good.substring(signature + 1));
        tokens.forEach((what, token) -> {
            assertThat(token).as(what).contains(".");
            assertThat(theCase(token, code).statusCode()).as(what).isEqualTo(401);
            assertThat(inbox(token).statusCode()).as(what).isEqualTo(401);
        });
        assertThat(theCase(person.accessToken(), code).statusCode()).isEqualTo(200);
        assertThat(inbox(person.accessToken()).statusCode()).isEqualTo(200);
    }

    @Test
    void aMemberIsWhomTheDirectoryKnowsByIssuerAndSubjectUntilTheyAreRemoved() throws Exception {
        String code = newCase();
        KeycloakRealm.Person member = realm.person("member", List.of("case-worker", "statistician"), NGO);
        String token = member.accessToken();
        assertThat(outbox(token).statusCode()).as("by the token alone").isEqualTo(200);

        record(member, "statistician");
        assertThat(outbox(token).statusCode())
                .as("a role that is not on record")
                .isEqualTo(403);
        record(member, "case-worker");
        assertThat(outbox(token).statusCode()).isEqualTo(200);
        URI revealed = identification.uri("/cases/" + code + "/revealed?fields=names");
        until(() -> get(token, revealed).body().contains("Divine"));

        HttpResponse<String> removal = post(
                coordinator(),
                referral.uri("/directory/organisations/" + NGO + "/members/removal"),
                new ObjectMapper().writeValueAsString(Map.of("issuer", realm.issuer(), "subject", member.subject())));
        assertThat(removal.statusCode()).as(removal.body()).isEqualTo(200);
        Instant removed = Instant.now();
        assertThat(outbox(token).statusCode()).isEqualTo(403);
        until(() -> theCase(token, code).statusCode() == 403);
        System.out.printf(
                "keycloak: a removed member has no access in identification after %d ms%n",
                Duration.between(removed, Instant.now()).toMillis());
        assertThat(theCase(partner.token(), code).statusCode())
                .as("the others have")
                .isEqualTo(200);
    }

    private static void record(KeycloakRealm.Person member, String role) throws Exception {
        HttpResponse<String> recorded = post(
                coordinator(),
                referral.uri("/directory/organisations/" + NGO + "/members"),
                new ObjectMapper()
                        .writeValueAsString(
                                Map.of("issuer", realm.issuer(), "subject", member.subject(), "roles", List.of(role))));
        assertThat(recorded.statusCode()).as(recorded.body()).isEqualTo(200);
    }

    private static void until(Supplier<Boolean> condition) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.get()) {
            assertThat(Instant.now()).isBefore(end);
            RunningPlatform.pause(Duration.ofMillis(50));
        }
    }
}
