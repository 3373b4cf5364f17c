package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.coordinator;
import static org.passerelle.referral.Mechanism.openOffer;
import static org.passerelle.referral.Mechanism.providerOf;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;

/** From the offer to the end, as both sides live it. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
class LifeOnTheRoadTest {

    private static final String ISSUER = System.getProperty("passerelle.test.issuer");

    @Test
    void fromTheInboxToTheEnd_andNobodysDepartureStrandsIt() {
        try (Mechanism country = new Mechanism("XO")) {
            Provider legal = country.provider("LEGAL");
            country.importDirectory();
            for (String account : List.of("ana", "luis")) {
                members(legal, "", Map.of("issuer", ISSUER, "subject", account, "roles", List.of("provider")));
            }
            String ana = Tokens.of("ana", List.of("provider"), legal.organisation());
            String luis = Tokens.of("luis", List.of("provider"), legal.organisation());
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "LEGAL", "normal", Duration.ofDays(14));
            String offer = (String) openOffer(country.awaitOffer(need.id())).get("offerId");
            assertThat(nextStep(country, need)).isEqualTo("answer");

            ok(country, ana, need, "acknowledgement", Map.of("offerId", offer));
            ok(country, ana, need, "claim", Map.of());
            assertThat(claim(ana, need)).isEqualTo("mine");
            assertThat(claim(luis, need)).isEqualTo("colleague");
            assertThat(as(country.caseWorker())
                            .get("/referrals/" + need.id())
                            .jsonPath()
                            .getString("claim"))
                    .isNull();
            country.change(luis, need.id(), "claim", Map.of()).then().statusCode(409);
            country.change(luis, need.id(), "assignment", Map.of("subject", "luis", "reason", "handed-over"))
                    .then()
                    .statusCode(409);
            ok(country, luis, need, "assignment", Map.of("subject", "luis", "reason", "absence"));
            ok(country, luis, need, "assignment", Map.of("subject", "ana", "reason", "handed-over"));
            ok(country, ana, need, "acceptance", Map.of("offerId", offer));
            assertThat(claim(ana, need)).isEqualTo("mine");
            assertThat(nextStep(country, need)).isEqualTo("first-contact");

            members(legal, "/removal", Map.of("issuer", ISSUER, "subject", "ana"));
            await(() -> "nobody".equals(claim(luis, need)));
            country.change(luis, need.id(), "assignment", Map.of("subject", "ana", "reason", "reassigned"))
                    .then()
                    .statusCode(422);
            ok(country, luis, need, "claim", Map.of());
            ok(country, luis, need, "claim/return", Map.of());
            assertThat(claim(luis, need)).isEqualTo("nobody");

            country.change(providerOf(UUID.randomUUID().toString()), need.id(), "first-contact", Map.of())
                    .then()
                    .statusCode(404);
            ok(country, luis, need, "first-contact", Map.of());
            assertThat(nextStep(country, need)).isEqualTo("report");
            ok(country, luis, need, "pause", Map.of("reason", "awaiting-document", "note", "pas de nom"));
            assertThat(state(country, need)).isEqualTo("on-hold");
            assertThat(nextStep(country, need)).isEqualTo("resumption");
            ok(country, country.caseWorker(), need, "resumption", Map.of());
            assertThat(state(country, need)).isEqualTo("in-progress");
            ok(country, luis, need, "completion", Map.of("outcome", "could-not-get-help"));
            JsonPath ended =
                    as(country.caseWorker()).get("/referrals/" + need.id()).jsonPath();
            assertThat(ended.getString("state")).isEqualTo("failed");
            assertThat(ended.getString("nextStep")).isNull();
            assertThat(ended.getString("offers[0].acknowledgedAt")).isNotNull();
            country.change(luis, need.id(), "pause", Map.of("reason", "other"))
                    .then()
                    .statusCode(org.hamcrest.Matchers.greaterThanOrEqualTo(404));
        }
    }

    @Test
    void whoDoesNotAnswerIsRemindedAndAStepThatNobodyTakesClimbs() {
        try (Mechanism country = new Mechanism("XP")) {
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "SAFE_SHELTER", "emergency", Duration.ofHours(24));
            // 6, then 6 and 12 seconds: reminder, supervisor
            JsonPath climbed = country.awaitReferral(
                    country.caseWorker(), need.id(), r -> "supervisor".equals(r.getString("nextStep.told")));
            assertThat(climbed.getString("nextStep.step")).isEqualTo("service");
            assertThat(climbed.getString("nextStep.of")).isEqualTo(country.owner);
            assertThat(as(coordinator())
                            .get("/referrals?role=all&told=supervisor&limit=200")
                            .jsonPath()
                            .getList("referrals.referralId"))
                    .contains(need.id());
            assertThat(as(coordinator()).get("/referrals?role=all&told=nobody").statusCode())
                    .isEqualTo(422);
        }
    }

    private static void members(Provider provider, String what, Map<String, ?> body) {
        as(coordinator())
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(body)
                .post("/directory/organisations/" + provider.organisation() + "/members" + what)
                .then()
                .statusCode(200);
    }

    private static void ok(Mechanism country, String token, Stated need, String what, Map<String, ?> body) {
        var answer = country.change(token, need.id(), what, body);
        assertThat(answer.statusCode()).as(what + " " + answer.asString()).isEqualTo(200);
    }

    private static String claim(String token, Stated need) {
        return as(token).get("/referrals/" + need.id()).jsonPath().getString("claim");
    }

    private static String state(Mechanism country, Stated need) {
        return as(country.caseWorker())
                .get("/referrals/" + need.id())
                .jsonPath()
                .getString("state");
    }

    private static String nextStep(Mechanism country, Stated need) {
        return as(country.caseWorker())
                .get("/referrals/" + need.id())
                .jsonPath()
                .getString("nextStep.step");
    }

    private static void await(java.util.function.BooleanSupplier holds) {
        java.time.Instant end = java.time.Instant.now().plus(Mechanism.PATIENCE);
        while (!holds.getAsBoolean()) {
            assertThat(java.time.Instant.now()).isBefore(end);
            Mechanism.pause();
        }
    }
}
