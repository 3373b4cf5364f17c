package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.coordinator;
import static org.passerelle.referral.Mechanism.openOffer;
import static org.passerelle.referral.Mechanism.providerOf;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.Memberships;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Patience;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;

/** The road of a need through the real service: Kafka in, PostgreSQL, HTTP, Kafka out. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
class ReferralRoadTest {

    private static final List<String> SERVICES = List.of("services");

    @Test
    void aNeedIsOfferedDeclinedReroutedAcceptedAndCompleted() {
        try (Mechanism country = new Mechanism("XA")) {
            Provider one = country.provider("SAFE_SHELTER");
            Provider other = country.provider("SAFE_SHELTER");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, SERVICES);
            Stated need = country.need(code, "SAFE_SHELTER", "urgent", Duration.ofDays(3));

            JsonPath offered = country.awaitOffer(need.id());
            String first = (String) openOffer(offered).get("organisation");
            assertThat(first).isIn(one.organisation(), other.organisation());
            assertThat(Instant.parse((String) openOffer(offered).get("answerBy")))
                    .isBetween(
                            Instant.now().plus(Duration.ofHours(11)),
                            Instant.now().plus(Duration.ofHours(12)));

            JsonPath summary =
                    as(providerOf(first)).get("/referrals/" + need.id()).jsonPath();
            assertThat(summary.getString("ageBand")).isEqualTo("18-20");
            assertThat(summary.getMap("")).doesNotContainKeys("sex", "age", "provider");
            String second = first.equals(one.organisation()) ? other.organisation() : one.organisation();
            as(providerOf(second)).get("/referrals/" + need.id()).then().statusCode(404);

            Response declined = country.change(
                    providerOf(first),
                    need.id(),
                    "decline",
                    Map.of("offerId", openOffer(offered).get("offerId"), "reason", "no-capacity"));
            assertThat(declined.statusCode()).as(declined.asString()).isEqualTo(200);
            assertThat(declined.jsonPath().getString("state")).isEqualTo("offered");
            as(providerOf(first)).get("/referrals/" + need.id()).then().statusCode(404);

            JsonPath rerouted = country.awaitOffer(need.id());
            assertThat(openOffer(rerouted).get("organisation")).isEqualTo(second);
            Response accepted = country.change(
                    providerOf(second),
                    need.id(),
                    "acceptance",
                    Map.of("offerId", openOffer(rerouted).get("offerId")));
            assertThat(accepted.statusCode()).as(accepted.asString()).isEqualTo(200);

            JsonPath inbox = as(providerOf(second)).get("/referrals?role=inbox").jsonPath();
            assertThat(inbox.getString("referrals[0].state")).isEqualTo("accepted");
            assertThat(inbox.getString("referrals[0].sex")).isEqualTo("Feminine");

            Response completed =
                    country.change(providerOf(second), need.id(), "completion", Map.of("outcome", "got-help"));
            assertThat(completed.statusCode()).as(completed.asString()).isEqualTo(200);
            Response again = country.change(country.caseWorker(), need.id(), "cancellation", Map.of("reason", "other"));
            assertThat(again.statusCode()).isEqualTo(409);
            assertThat(again.jsonPath().getString("type")).endsWith("referral-ended");

            JsonPath outbox =
                    as(country.caseWorker()).get("/referrals?state=completed").jsonPath();
            assertThat(outbox.getList("referrals.referralId")).containsExactly(need.id());
            assertThat(outbox.getString("referrals[0].ending")).isEqualTo("got-help");
        }
    }

    @Test
    void everyServiceOfTheTypeIsExplained() {
        try (Mechanism country = new Mechanism("XB")) {
            Provider fits = country.provider("MEDICAL");
            Provider forChildren =
                    country.provider("MEDICAL", Map.of("maximum_age", 17), Map.of("organization_type", "NGO"));
            Provider full = country.provider(
                    "MEDICAL",
                    Map.of(
                            "service_capacity",
                            List.of(Map.of(
                                    "unit",
                                    "lit",
                                    "available",
                                    0,
                                    "maximum",
                                    4,
                                    "updated",
                                    Instant.now().toString()))),
                    Map.of("organization_type", "NGO"));
            country.provider("LEGAL");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, SERVICES);
            Stated need = country.need(code, "MEDICAL", "normal", Duration.ofDays(14));
            country.awaitOffer(need.id());

            JsonPath routing = as(country.caseWorker())
                    .get("/referrals/" + need.id() + "/routing")
                    .jsonPath();
            assertThat(routing.getString("decisions[0].kept[0].serviceId")).isEqualTo(fits.service());
            assertThat(routing.getString("decisions[0].kept[0].explanation"))
                    .startsWith("Rang 1. Dans le lieu demandé");
            assertThat(routing.getString("decisions[0].leftOut.find { it.serviceId == '" + forChildren.service()
                            + "' }.explanation"))
                    .isEqualTo("Le service n’admet que jusqu’à 17 ans.");
            assertThat(routing.getString(
                            "decisions[0].leftOut.find { it.serviceId == '" + full.service() + "' }.explanation"))
                    .isEqualTo("Le service n’a plus de capacité libre.");
            assertThat(routing.getInt("decisions[0].otherTypes")).isPositive();
            assertThat(routing.getMap("decisions[0]")).doesNotContainKey("ofOtherTypes");
            JsonPath all = as(country.caseWorker())
                    .get("/referrals/" + need.id() + "/routing?all=true")
                    .jsonPath();
            assertThat(all.getList("decisions[0].ofOtherTypes")).isNotEmpty();
            as(providerOf(fits.organisation()))
                    .get("/referrals/" + need.id() + "/routing")
                    .then()
                    .statusCode(403);
        }
    }

    /** More than a hundred elsewhere are only counted in the decision: their reason is the directory's of today. */
    @Test
    void aServiceThatJoinedAfterTheDecisionIsNotSaidToServeAnotherPlace() {
        try (Mechanism far = new Mechanism("XR");
                Mechanism country = new Mechanism("XS")) {
            for (int number = 0; number < 102; number++) {
                far.provider("INTERPRETATION");
            }
            far.importDirectory();
            country.provider("INTERPRETATION");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, SERVICES);
            Stated need = country.need(code, "INTERPRETATION", "normal", Duration.ofDays(14));
            country.awaitOffer(need.id());
            Provider late = country.provider("INTERPRETATION");
            country.importDirectory();

            JsonPath all = as(country.caseWorker())
                    .get("/referrals/" + need.id() + "/routing?all=true")
                    .jsonPath();
            assertThat(all.getInt("decisions[-1].elsewhere")).isGreaterThanOrEqualTo(2);
            assertThat(all.getList("decisions[-1].ofOtherTypes.findAll { it.serviceId == '" + late.service()
                            + "' }.reasons.flatten().code"))
                    .isEqualTo(List.of("out.not-considered"));
            assertThat(all.getList("decisions[-1].ofOtherTypes.reasons.flatten().code"))
                    .contains("out.place");
        }
    }

    @Test
    void outsideTheRecipientsConsentedToItBecomesATask_andANewConsentRoutesIt() {
        try (Mechanism country = new Mechanism("XC")) {
            Provider one = country.provider("LEGAL");
            country.importDirectory();
            String code = country.newCase();
            Stated need = country.need(code, "LEGAL", "normal", Duration.ofDays(14));
            country.awaitReferral(
                    country.caseWorker(), need.id(), r -> r.getList("tasks").contains("no-consent"));
            country.consent(code, List.of(UUID.randomUUID().toString()), SERVICES);
            country.awaitReferral(
                    country.caseWorker(), need.id(), r -> r.getList("tasks").equals(List.of("no-consented-recipient")));
            JsonPath tasks = as(country.caseWorker()).get("/tasks").jsonPath();
            assertThat(tasks.getString("tasks[0].reason")).isEqualTo("no-consented-recipient");

            String consent = country.consent(code, List.of(one.organisation()), SERVICES);
            JsonPath offered = country.awaitOffer(need.id());
            assertThat(offered.getList("tasks")).isEmpty();
            country.withdraw(code, consent);
            JsonPath withdrawn = country.awaitReferral(
                    country.caseWorker(), need.id(), r -> r.getString("state").equals("waiting"));
            assertThat(withdrawn.getString("offers[0].reason")).isEqualTo("consent-withdrawn");
            as(providerOf(one.organisation()))
                    .get("/referrals/" + need.id())
                    .then()
                    .statusCode(404);
        }
    }

    @Test
    void whatIsWithheldFromAnOrganisationIsWithheldFromItsCoordinatorsToo() {
        try (Mechanism country = new Mechanism("XW")) {
            Provider feared = country.provider("LEGAL");
            country.importDirectory();
            String code = country.newCase();
            String need =
                    country.need(code, "LEGAL", "urgent", Duration.ofDays(3)).id();
            String there = Tokens.of("coordination-redoutee", List.of("coordinator"), feared.organisation());
            country.awaitReferral(there, need, r -> r.getList("tasks").contains("no-consent"));
            assertThat(coordinated(there, "/tasks", "tasks.caseCode")).contains(code);

            String consent = country.consent(code, null, SERVICES, null, List.of(feared.organisation()));
            country.awaitReferral(
                    country.caseWorker(), need, r -> !r.getList("tasks").contains("no-consent"));
            as(there).get("/referrals/" + need).then().statusCode(404);
            as(there).get("/referrals/" + need + "/routing").then().statusCode(404);
            assertThat(coordinated(there, "/referrals?role=all&limit=200", "referrals.caseCode"))
                    .doesNotContain(code);
            assertThat(coordinated(there, "/tasks", "tasks.caseCode")).doesNotContain(code);
            assertThat(coordinated(there, "/gaps?place=" + country.place, "gaps.referralId"))
                    .doesNotContain(need);
            String looks = "/cases/" + code + "/access";
            as(Tokens.of("audit-redoute", List.of("auditor"), feared.organisation()))
                    .get(looks)
                    .then()
                    .statusCode(404);
            as(Tokens.of("audit", List.of("auditor"), UUID.randomUUID().toString()))
                    .get(looks)
                    .then()
                    .statusCode(200);
            String elsewhere = Mechanism.coordinator();
            as(elsewhere).get("/referrals/" + need).then().statusCode(200);
            assertThat(coordinated(elsewhere, "/referrals?role=all&limit=200", "referrals.caseCode"))
                    .contains(code);

            country.withdraw(code, consent);
            country.awaitReferral(
                    country.caseWorker(), need, r -> r.getList("tasks").contains("no-consent"));
            as(there).get("/referrals/" + need).then().statusCode(404);
            country.consent(code, null, SERVICES);
            country.awaitReferral(there, need, r -> r.getString("state").equals("offered"));
        }
    }

    private static List<String> coordinated(String token, String path, String cases) {
        return as(token).get(path).then().statusCode(200).extract().jsonPath().getList(cases);
    }

    @Test
    void aBrokenGlassIsToldToTheOwnerAndOpensNothingHere() {
        try (Mechanism country = new Mechanism("XG")) {
            country.provider("LEGAL");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, SERVICES);
            Stated need = country.need(code, "LEGAL", "normal", Duration.ofDays(14));
            country.awaitOffer(need.id());
            String hospital = UUID.randomUUID().toString();
            as(providerOf(hospital)).get("/referrals/" + need.id()).then().statusCode(404);
            Instant now = Instant.now();
            String glass = country.breakGlass(
                    code,
                    hospital,
                    Memberships.account(Tokens.issuer(), "accueil"),
                    now.plusSeconds(3_600),
                    now.minusSeconds(1));
            Patience.until(() -> !as(country.caseWorker())
                    .get("/tasks")
                    .jsonPath()
                    .getList("emergencyAccesses")
                    .isEmpty());
            as(providerOf(hospital)).get("/referrals/" + need.id()).then().statusCode(404);
            JsonPath told = as(country.caseWorker()).get("/tasks").jsonPath();
            assertThat(told.getString("emergencyAccesses[0].glassId")).isEqualTo(glass);
            assertThat(told.getString("emergencyAccesses[0].organisation")).isEqualTo(hospital);
            assertThat(told.getBoolean("emergencyAccesses[0].overdue")).isTrue();
            country.reviewGlass(code, glass);
            Patience.until(() -> as(country.caseWorker())
                    .get("/tasks")
                    .jsonPath()
                    .getList("emergencyAccesses")
                    .isEmpty());
        }
    }

    @Test
    void nobodyLeftIsAServiceGap_andTheClosedCaseEndsItsReferrals() {
        try (Mechanism country = new Mechanism("XD")) {
            String code = country.newCase();
            country.consent(code, null, SERVICES);
            Stated need = country.need(code, "COMPENSATION", "normal", Duration.ofDays(14));
            country.awaitReferral(
                    country.caseWorker(), need.id(), r -> r.getString("state").equals("gap"));
            JsonPath gaps =
                    as(coordinator()).get("/gaps?place=" + country.place).jsonPath();
            assertThat(gaps.getString("gaps[0].service")).isEqualTo("COMPENSATION");

            country.provider("COMPENSATION");
            country.importDirectory();
            country.awaitOffer(need.id());
            Response rerouted = country.change(country.caseWorker(), need.id(), "rerouting", Map.of());
            assertThat(rerouted.statusCode()).as(rerouted.asString()).isEqualTo(200);
            assertThat(rerouted.jsonPath().getString("state")).isEqualTo("offered");
            country.close(code);
            JsonPath ended = country.awaitReferral(
                    country.caseWorker(), need.id(), r -> r.getString("state").equals("cancelled"));
            assertThat(ended.getString("offers[0].reason")).isEqualTo("case-closed");
        }
    }

    @Test
    void aYesByTelephoneIsRecordedByTheSenderAndNeverShown() {
        try (Mechanism country = new Mechanism("XE")) {
            Provider one = country.provider("MHPSS");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, SERVICES);
            Stated need = country.need(code, "MHPSS", "urgent", Duration.ofHours(72));
            JsonPath offered = country.awaitOffer(need.id());
            Map<String, Object> call = Map.of(
                    "who",
                    "Voix Inventée",
                    "number",
                    "+257 79 00 00 00",
                    "at",
                    Instant.now().minusSeconds(60).toString());
            Map<String, Object> body = Map.of("offerId", openOffer(offered).get("offerId"), "byTelephone", call);
            assertThat(country.change(providerOf(one.organisation()), need.id(), "acceptance", body)
                            .statusCode())
                    .isEqualTo(404);
            Response accepted = country.change(country.caseWorker(), need.id(), "acceptance", body);
            assertThat(accepted.statusCode()).as(accepted.asString()).isEqualTo(200);
            assertThat(as(country.caseWorker()).get("/referrals/" + need.id()).asString())
                    .contains("telephone")
                    .doesNotContain("Voix", "257 79");
        }
    }

    @Test
    void anUnansweredEmergencyGoesOnAndIsToldToAPerson_andALateYesStillCounts() {
        try (Mechanism country = new Mechanism("XG")) {
            country.provider("CRISIS_INTERVENTION");
            country.provider("CRISIS_INTERVENTION");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, SERVICES);
            Stated need = country.need(code, "CRISIS_INTERVENTION", "emergency", Duration.ofHours(24));
            Map<String, Object> first = openOffer(country.awaitOffer(need.id()));
            JsonPath next = country.awaitReferral(
                    country.caseWorker(),
                    need.id(),
                    r -> r.getList("tasks").contains("emergency-unanswered")
                            && r.getString("state").equals("offered"));
            assertThat(next.getString("offers[0].state")).isEqualTo("expired");
            String late = (String) first.get("organisation");
            assertThat(openOffer(next).get("organisation")).isNotEqualTo(late);
            Response yes =
                    country.change(providerOf(late), need.id(), "acceptance", Map.of("offerId", first.get("offerId")));
            assertThat(yes.statusCode()).as(yes.asString()).isEqualTo(200);
            JsonPath settled = country.awaitReferral(
                    country.caseWorker(), need.id(), r -> r.getString("state").equals("accepted"));
            assertThat(settled.getString("provider")).isEqualTo(late);
            assertThat(settled.getList("tasks")).isEmpty();
            assertThat(settled.getList("offers.state")).containsExactly("accepted", "withdrawn");
        }
    }

    @Test
    void whatIsWrongIsNamed() {
        try (Mechanism country = new Mechanism("XF")) {
            Provider one = country.provider("FOOD");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, SERVICES);
            Stated need = country.need(code, "FOOD", "normal", Duration.ofDays(14));
            JsonPath offered = country.awaitOffer(need.id());
            String path = "/referrals/" + need.id() + "/acceptance";
            Map<String, Object> body = Map.of("offerId", openOffer(offered).get("offerId"));
            String token = providerOf(one.organisation());
            as(token)
                    .body(body)
                    .header("Idempotency-Key", "k1")
                    .post(path)
                    .then()
                    .statusCode(428);
            as(token).body(body).header("If-Match", "\"3\"").post(path).then().statusCode(400);
            as(token)
                    .body(body)
                    .header("Idempotency-Key", UUID.randomUUID().toString())
                    .header("If-Match", "\"99\"")
                    .post(path)
                    .then()
                    .statusCode(412);
            Response unknownField = country.change(token, need.id(), "acceptance", Map.of("offer", "x"));
            assertThat(unknownField.statusCode()).isEqualTo(400);
            assertThat(unknownField.jsonPath().getString("errors[0].field")).isEqualTo("offer");
            Response missing = country.change(token, need.id(), "decline", Map.of("offerId", body.get("offerId")));
            assertThat(missing.statusCode()).isEqualTo(400);
            assertThat(missing.jsonPath().getString("errors[0].field")).isEqualTo("reason");

            String key = UUID.randomUUID().toString();
            String etag = as(token).get("/referrals/" + need.id()).header("ETag");
            Response first = as(token)
                    .body(body)
                    .header("Idempotency-Key", key)
                    .header("If-Match", etag)
                    .post(path);
            Response repeat = as(token)
                    .body(body)
                    .header("Idempotency-Key", key)
                    .header("If-Match", etag)
                    .post(path);
            assertThat(first.statusCode()).as(first.asString()).isEqualTo(200);
            assertThat(repeat.asString()).isEqualTo(first.asString());
            assertThat(repeat.statusCode()).isEqualTo(200);
            as(Tokens.of("personne", List.of("statistician"), country.owner))
                    .get("/referrals/" + need.id())
                    .then()
                    .statusCode(403);
            as(country.caseWorker())
                    .get("/referrals/" + UUID.randomUUID())
                    .then()
                    .statusCode(404);
            as(country.caseWorker()).get("/referrals?after=abc").then().statusCode(422);
        }
    }
}
