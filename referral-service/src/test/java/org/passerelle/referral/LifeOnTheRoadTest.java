package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.await;
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
            assertThat(country.nextStep(need)).isEqualTo("acknowledgement");

            country.ok(ana, need, "acknowledgement", Map.of("offerId", offer));
            assertThat(country.nextStep(need)).isEqualTo("answer");
            country.ok(ana, need, "claim", Map.of());
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
            country.ok(luis, need, "assignment", Map.of("subject", "luis", "reason", "absence"));
            country.ok(luis, need, "assignment", Map.of("subject", "ana", "reason", "handed-over"));
            country.ok(ana, need, "acceptance", Map.of("offerId", offer));
            assertThat(claim(ana, need)).isEqualTo("mine");
            assertThat(country.nextStep(need)).isEqualTo("first-contact");

            members(legal, "/removal", Map.of("issuer", ISSUER, "subject", "ana"));
            await(() -> "nobody".equals(claim(luis, need)));
            country.change(luis, need.id(), "assignment", Map.of("subject", "ana", "reason", "reassigned"))
                    .then()
                    .statusCode(422);
            country.ok(luis, need, "claim", Map.of());
            country.ok(luis, need, "claim/return", Map.of());
            assertThat(claim(luis, need)).isEqualTo("nobody");

            country.change(providerOf(UUID.randomUUID().toString()), need.id(), "first-contact", Map.of())
                    .then()
                    .statusCode(404);
            country.ok(luis, need, "first-contact", Map.of());
            assertThat(country.nextStep(need)).isEqualTo("report");
            country.ok(luis, need, "progress", Map.of("progress", "takes-longer", "note", "pas de nom"));
            JsonPath told =
                    as(country.caseWorker()).get("/referrals/" + need.id()).jsonPath();
            assertThat(told.getString("state")).isEqualTo("in-progress");
            assertThat(told.getString("progress")).isEqualTo("takes-longer");
            assertThat(told.getString("reportedAt")).isNotNull();
            assertThat(told.getString("nextStep.step")).isEqualTo("report");
            country.ok(luis, need, "pause", Map.of("reason", "awaiting-document", "note", "pas de nom"));
            assertThat(country.state(need)).isEqualTo("on-hold");
            assertThat(country.nextStep(need)).isEqualTo("resumption");
            assertThat(country.change(luis, need.id(), "progress", Map.of("progress", "as-agreed"))
                            .jsonPath()
                            .getString("type"))
                    .endsWith("referral-on-hold");
            country.ok(country.caseWorker(), need, "resumption", Map.of());
            assertThat(country.state(need)).isEqualTo("in-progress");
            country.ok(luis, need, "completion", Map.of("outcome", "could-not-get-help"));
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
    void whoHelpsAlreadyAndAnswersComesFirst_andTheDecisionSaysByWhatWeights() {
        try (Mechanism country = new Mechanism("YA")) {
            country.provider("MHPSS");
            country.provider("MHPSS");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated first = country.need(code, "MHPSS", "normal", Duration.ofDays(14));
            Map<String, Object> declined = openOffer(country.awaitOffer(first.id()));
            String busy = (String) declined.get("organisation");
            country.ok(
                    providerOf(busy),
                    first,
                    "decline",
                    Map.of("offerId", declined.get("offerId"), "reason", "no-capacity"));
            Map<String, Object> accepted = openOffer(country.awaitReferral(
                    country.caseWorker(),
                    first.id(),
                    r -> openOffer(r) != null
                            && !openOffer(r).get("organisation").equals(busy)));
            String helping = (String) accepted.get("organisation");
            country.ok(providerOf(helping), first, "acceptance", Map.of("offerId", accepted.get("offerId")));

            Stated second = country.need(code, "MHPSS", "normal", Duration.ofDays(14));
            assertThat(openOffer(country.awaitOffer(second.id()))).containsEntry("organisation", helping);
            JsonPath decision = as(country.caseWorker())
                    .get("/referrals/" + second.id() + "/routing")
                    .jsonPath();
            assertThat(decision.getList("decisions[0].kept.organisation")).containsExactly(helping, busy);
            assertThat(decision.getString("decisions[0].kept[0].explanation"))
                    .contains(
                            "aide déjà cette personne", "sollicité 1 fois, a répondu à temps 1 fois et accepté 1 fois");
            assertThat(decision.getInt("decisions[0].kept[0].got.continuity")).isEqualTo(1000);
            assertThat(decision.getInt("decisions[0].kept[1].got.continuity")).isZero();
            assertThat(decision.getInt("decisions[0].weights.version")).isEqualTo(2);
            assertThat(decision.getInt("decisions[0].weights.weights.continuity"))
                    .isEqualTo(90);

            JsonPath would = as(country.caseWorker())
                    .body(Map.of("service", "MHPSS", "place", country.place, "age", 19, "sex", "Feminine"))
                    .post("/routing/what-ifs")
                    .jsonPath();
            assertThat(would.getMap("weights")).isEqualTo(decision.getMap("decisions[0].weights"));
            assertThat(would.getInt("kept.find { it.organisation == '" + busy + "' }.points"))
                    .as("the same of whoever is nobody's helper, less what is open since")
                    .isEqualTo(decision.getInt("decisions[0].kept[1].points"));
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

    @Test
    void manySilentOrganisationsKeepANeedFromNobodyAbove() {
        try (Mechanism country = new Mechanism("QC")) {
            for (int number = 0; number < 6; number++) {
                country.provider("SAFE_SHELTER");
            }
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "SAFE_SHELTER", "emergency", Duration.ofHours(24));
            // each is asked for 6 seconds; the need tells after 6, 12 and 24
            JsonPath climbed = country.awaitReferral(
                    country.caseWorker(), need.id(), r -> "supervisor".equals(r.getString("needTold")));
            assertThat(climbed.getString("state")).isEqualTo("offered");
            assertThat(climbed.getString("nextStep.told"))
                    .as("whoever is asked now was told nothing yet, or reminded")
                    .isIn(null, "reminder");
            assertThat(as(coordinator())
                            .get("/referrals?role=all&told=supervisor&limit=200")
                            .jsonPath()
                            .getList("referrals.referralId"))
                    .contains(need.id());
            String asked = (String) openOffer(climbed).get("organisation");
            assertThat(as(providerOf(asked))
                            .get("/referrals/" + need.id())
                            .jsonPath()
                            .getString("needTold"))
                    .as("is not theirs to know")
                    .isNull();
            country.awaitReferral(country.caseWorker(), need.id(), r -> "coordinator".equals(r.getString("needTold")));
            JsonPath history = as(country.caseWorker())
                    .header("Accept-Language", "fr")
                    .get("/referrals/" + need.id() + "/routing")
                    .jsonPath();
            assertThat(history.getList("told.told", String.class)).startsWith("coordinator", "supervisor", "reminder");
            assertThat(history.getString("told[0].explanation"))
                    .isEqualTo("La coordination a été avertie : personne ne s’occupe encore de ce besoin");
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

    private static String claim(String token, Stated need) {
        return as(token).get("/referrals/" + need.id()).jsonPath().getString("claim");
    }
}
