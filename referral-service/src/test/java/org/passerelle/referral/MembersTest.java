package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.passerelle.referral.Mechanism.as;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Patience;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.referral.Mechanism.Provider;

/** Members and suspensions as the coordination records them; here they count in the same moment. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
@Tag("members")
class MembersTest {

    private static final String ISSUER = System.getProperty("passerelle.test.issuer");

    @Inject
    Pool pool;

    private final Mechanism mechanism = new Mechanism("MB");
    private Provider shelter = new Provider("", "");
    private String path = "";

    @BeforeEach
    void list() {
        shelter = mechanism.provider("SAFE_SHELTER");
        mechanism.importDirectory();
        path = "/directory/organisations/" + shelter.organisation();
    }

    @AfterEach
    void close() {
        mechanism.close();
    }

    private Response post(String token, String what, Map<String, ?> body) {
        return as(token)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(body)
                .post(path + what);
    }

    private Response coordination(String what, Map<String, ?> body) {
        return post(Mechanism.coordinator(), what, body);
    }

    private static Map<String, Object> member(String subject, String... roles) {
        return Map.of("issuer", ISSUER, "subject", subject, "roles", List.of(roles));
    }

    private String token(String subject, String... roles) {
        return Tokens.of(subject, List.of(roles), shelter.organisation());
    }

    private static int inbox(String token) {
        return as(token).get("/referrals?role=inbox").statusCode();
    }

    @Test
    void aMemberIsRecordedListedAndRemoved() {
        String subject = "accueil-" + UUID.randomUUID();
        coordination("/members", member(subject, "provider")).then().statusCode(200);
        as(Mechanism.coordinator())
                .get(path + "/members")
                .then()
                .statusCode(200)
                .header("ETag", "\"1\"")
                .body("standing", equalTo("active"))
                .body("complete", equalTo(false))
                .body("members", hasSize(1))
                .body("members[0].subject", equalTo(subject))
                .body("members[0].roles", equalTo(List.of("provider")));
        assertThat(inbox(token(subject, "provider"))).isEqualTo(200);
        coordination("/members/removal", Map.of("issuer", ISSUER, "subject", subject))
                .then()
                .statusCode(200);
        assertThat(inbox(token(subject, "provider"))).isEqualTo(403);
        assertThat(inbox(Tokens.of(subject, List.of("provider"), mechanism.owner)))
                .as("for another organisation neither")
                .isEqualTo(403);
    }

    @Test
    void aTokenGivesNoRoleThatIsNotOnRecord() {
        String subject = "accueil-" + UUID.randomUUID();
        coordination("/members", member(subject, "statistician")).then().statusCode(200);
        assertThat(inbox(token(subject, "provider", "statistician"))).isEqualTo(403);
        coordination("/members", member(subject, "provider")).then().statusCode(200);
        assertThat(inbox(token(subject, "provider", "statistician"))).isEqualTo(200);
    }

    @Test
    void aSuspendedOrganisationLosesAccessAndGetsItBack() {
        String unrecorded = token("accueil-" + UUID.randomUUID(), "provider");
        assertThat(inbox(unrecorded)).isEqualTo(200);
        coordination("/suspension", Map.of("reason", "security-incident"))
                .then()
                .statusCode(200);
        assertThat(inbox(unrecorded)).isEqualTo(403);
        as(Mechanism.coordinator()).get(path + "/members").then().body("standing", equalTo("suspended"));
        coordination("/reactivation", Map.of()).then().statusCode(200);
        assertThat(inbox(unrecorded)).isEqualTo(200);
    }

    @Test
    void aSuspendedOrganisationIsOfferedNothingUntilItIsReactivated() {
        try (Mechanism country = new Mechanism("XT")) {
            Provider only = country.provider("SAFE_SHELTER");
            country.importDirectory();
            path = "/directory/organisations/" + only.organisation();
            coordination("/suspension", Map.of("reason", "security-incident"))
                    .then()
                    .statusCode(200);
            as(country.caseWorker())
                    .body(Map.of("service", "SAFE_SHELTER", "place", country.place, "age", 19, "sex", "Feminine"))
                    .post("/routing/what-ifs")
                    .then()
                    .statusCode(200)
                    .body("kept", hasSize(0))
                    .body(
                            "leftOut.find { it.serviceId == '" + only.service() + "' }.reasons.code",
                            equalTo(List.of("out.suspended")));
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            String need = country.need(code, "SAFE_SHELTER", "urgent", Duration.ofDays(3))
                    .id();
            country.awaitReferral(
                    country.caseWorker(), need, r -> r.getString("state").equals("gap"));
            coordination("/reactivation", Map.of()).then().statusCode(200);
            assertThat(Mechanism.openOffer(country.awaitOffer(need)))
                    .containsEntry("organisation", only.organisation());
        }
    }

    @Test
    void onceTheListIsCompleteWhoIsNotOnItIsDenied() {
        String subject = "accueil-" + UUID.randomUUID();
        coordination("/members/completion", Map.of())
                .then()
                .statusCode(409)
                .body("type", endsWith("no-members-recorded"));
        coordination("/members", member(subject, "provider")).then().statusCode(200);
        String stranger = token("accueil-" + UUID.randomUUID(), "provider");
        assertThat(inbox(stranger)).isEqualTo(200);
        coordination("/members/completion", Map.of()).then().statusCode(200);
        assertThat(inbox(stranger)).isEqualTo(403);
        assertThat(inbox(token(subject, "provider"))).isEqualTo(200);
    }

    @Test
    void nobodyChangesTheirOwnMembershipOrSuspendsTheirOwnOrganisation() {
        String coordinator = token("coordination-" + shelter.organisation(), "coordinator");
        post(coordinator, "/members", member("coordination-" + shelter.organisation(), "case-worker"))
                .then()
                .statusCode(409)
                .body("type", endsWith("not-oneself"));
        post(coordinator, "/suspension", Map.of("reason", "other"))
                .then()
                .statusCode(409)
                .body("type", endsWith("not-own-organisation"));
        coordination("/members", member("accueil-" + UUID.randomUUID(), "provider"))
                .then()
                .statusCode(200);
        post(coordinator, "/members/completion", Map.of())
                .then()
                .statusCode(409)
                .body("type", endsWith("not-on-own-list"));
    }

    @Test
    void onlyTheCoordinationAndOperatorsMayAndOnlyForListedOrganisations() {
        String provider = token("accueil-" + UUID.randomUUID(), "provider");
        post(provider, "/members", member("somebody", "provider")).then().statusCode(403);
        post(provider, "/suspension", Map.of("reason", "other")).then().statusCode(403);
        as(provider).get(path + "/members").then().statusCode(403);
        String operator = token("exploitation-" + UUID.randomUUID(), "operator");
        post(operator, "/reactivation", Map.of()).then().statusCode(403);
        path = "/directory/organisations/" + UUID.randomUUID();
        coordination("/suspension", Map.of("reason", "other")).then().statusCode(404);
        coordination("/members", member("somebody", "king"))
                .then()
                .statusCode(422)
                .body("errors[0].field", equalTo("roles"));
    }

    @Test
    void theHeartbeatIsInTheLog() throws InterruptedException {
        Instant end = Instant.now().plus(Mechanism.PATIENCE);
        while (beats() == 0 && Instant.now().isBefore(end)) {
            Thread.sleep(200);
        }
        assertThat(beats()).isPositive();
    }

    @Test
    void aClockThatRanAheadDoesNotStopTheHeartbeat() {
        pool.query("update heartbeat set at = clock_timestamp() + interval '2 hours'")
                .execute()
                .await()
                .indefinitely();
        long before = beats();
        Patience.until(() -> beats() > before);
    }

    private long beats() {
        return pool.query("select count(*) as beats from log join event using (id) where type = 'membership.heartbeat'")
                .execute()
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong("beats");
    }
}
