package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.await;
import static org.passerelle.referral.Mechanism.openOffer;
import static org.passerelle.referral.Mechanism.proposals;
import static org.passerelle.referral.Mechanism.propose;

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

/** What is reported to the police, what they say becomes of it, and what they hear no more. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
class PoliceOnTheRoadTest {

    @Test
    void whatTheLawHasReported_goesToThePolice_whoSayWhatBecomesOfIt() {
        try (Mechanism country = new Mechanism("XY")) {
            Provider police = country.provider("POLICE", Map.of(), Map.of("organization_type", "LawEnforcement"));
            country.importDirectory();
            String officer = Tokens.of("inspectora", List.of("police-investigator"), police.organisation());
            String code = country.newCase();
            Stated asked = country.need(code, "POLICE", "normal", Duration.ofDays(14));
            country.awaitReferral(
                    country.caseWorker(),
                    asked.id(),
                    referral -> referral.getList("tasks").contains("no-consent"));
            Stated need = country.reported(code, "POLICE", "normal", Duration.ofDays(14), "EC 2026-11-1");
            String offer = (String) openOffer(country.awaitOffer(need.id())).get("offerId");
            assertThat(investigation(country.caseWorker(), need, "", Map.of("step", "prosecution")))
                    .isEqualTo(403);
            country.ok(officer, need, "acceptance", Map.of("offerId", offer));
            assertThat(states(country.caseWorker())).containsEntry(need.id(), "unanswered");
            assertThat(states(officer)).isEqualTo(Map.of(need.id(), "unanswered"));

            assertThat(investigation(officer, need, "", Map.of("step", "prosecution")))
                    .isEqualTo(409);
            assertThat(investigation(officer, need, "", Map.of("step", "investigation", "forms", List.of("Servitude"))))
                    .isEqualTo(200);
            Map<String, Object> list = Map.of(
                    "list",
                    UUID.randomUUID().toString(),
                    "items",
                    List.of(Map.of("kind", "medical-certificate", "count", 1)));
            assertThat(investigation(country.caseWorker(), need, "/evidence", list))
                    .isEqualTo(200);
            assertThat(investigation(officer, need, "/evidence/receipt", Map.of("list", list.get("list"))))
                    .isEqualTo(200);
            assertThat(investigation(officer, need, "", Map.of("step", "prosecution")))
                    .isEqualTo(200);
            country.ok(officer, need, "completion", Map.of("outcome", "got-help"));
            assertThat(investigation(officer, need, "", Map.of("step", "conviction")))
                    .isEqualTo(200);

            JsonPath told = as(country.caseWorker())
                    .get("/referrals/" + need.id() + "/investigation")
                    .jsonPath();
            assertThat(told.getList("reports.step")).containsExactly("investigation", "prosecution", "conviction");
            assertThat(told.getList("reports[0].forms")).containsExactly("Servitude");
            assertThat(told.getString("reportedUnder")).isEqualTo("EC 2026-11-1");
            assertThat(told.getString("evidence[0].receivedAt")).isNotNull();
            assertThat(states(country.caseWorker())).containsEntry(need.id(), "conviction");

            Map<String, Object> back = Map.of("kind", "counter-referral", "needs", List.of(), "outcome", "got-help");
            String proposal = propose(officer, need, back)
                    .then()
                    .statusCode(201)
                    .extract()
                    .path("proposalId");
            assertThat(proposals(officer, "side=by")).containsExactly(proposal);

            // from now on the police know of nothing, and are told nothing
            String withheld = country.withholdFromAuthorities(code);
            await(() -> as(officer)
                            .get("/referrals/" + need.id() + "/investigation")
                            .statusCode()
                    == 404);
            Map<String, Object> more = new java.util.HashMap<>(list);
            more.put("list", UUID.randomUUID().toString());
            assertThat(investigation(country.caseWorker(), need, "/evidence", more))
                    .isEqualTo(409);
            assertThat(states(officer)).isEmpty();
            assertThat(proposals(officer, "side=by")).isEmpty();
            propose(officer, need, back).then().statusCode(404);
            assertThat(as(officer).get("/referrals/" + need.id()).statusCode()).isEqualTo(404);
            assertThat(as(country.caseWorker())
                            .get("/referrals/" + need.id() + "/investigation")
                            .statusCode())
                    .isEqualTo(200);

            // withdrawn it still lasts, and a consent to a hand-over is another matter
            country.withdraw(code, withheld);
            String fearedToo = UUID.randomUUID().toString();
            country.consent(code, List.of(), List.of("cross-border"), null, List.of(fearedToo));
            String elsewhere = Tokens.of("coordination-2", List.of("coordinator"), fearedToo);
            await(() -> as(elsewhere).get("/referrals/" + need.id()).statusCode() == 404);
            assertThat(as(officer).get("/referrals/" + need.id()).statusCode()).isEqualTo(404);
            assertThat(states(officer)).isEmpty();
        }
    }

    @Test
    void aForceThatItIsPassedOnToBeginsAnew_andWhatCouldNotBeHeardIsReportedToNone() {
        try (Mechanism country = new Mechanism("YC")) {
            country.provider("POLICE", Map.of(), Map.of("organization_type", "LawEnforcement"));
            country.provider("POLICE", Map.of(), Map.of("organization_type", "LawEnforcement"));
            country.importDirectory();
            Stated need = country.reported(country.newCase(), "POLICE", "normal", Duration.ofDays(14), "EC 2026-11-1");
            Map<String, ?> refused = Map.of("step", "refused", "reason", "other");
            String first = accepting(country, need);
            assertThat(investigation(first, need, "", refused)).isEqualTo(200);
            country.ok(first, need, "transfer", Map.of("reason", "no-longer-able"));
            String second = accepting(country, need);
            assertThat(second).isNotEqualTo(first);
            assertThat(states(second)).isEqualTo(Map.of(need.id(), "unanswered"));
            assertThat(states(first)).isEmpty();
            assertThat(reports(second, need)).isEmpty();
            assertThat(investigation(second, need, "", refused)).isEqualTo(200);
            assertThat(states(country.caseWorker())).isEqualTo(Map.of(need.id(), "refused"));
            assertThat(reports(second, need)).hasSize(1);
            assertThat(reports(country.caseWorker(), need)).hasSize(2);

            Stated unheard =
                    country.reported(country.newCase(), "POLICE", "normal", Duration.ofDays(14), "EC 2026-11-1");
            accepting(country, unheard);
            country.unreadableConsent(unheard.caseCode());
            await(() -> as(Tokens.of("operator-1", List.of("operator"), null))
                    .get("/operations/parked")
                    .asString()
                    .contains(unheard.caseCode()));
            country.ok(country.caseWorker(), unheard, "transfer", Map.of("reason", "no-longer-able"));
            JsonPath waits =
                    as(country.caseWorker()).get("/referrals/" + unheard.id()).jsonPath();
            assertThat(waits.getList("offers.state")).doesNotContain("open");
            assertThat(waits.getString("state")).isNotEqualTo("offered");
        }
    }

    /** An officer of the force that is asked now, which has accepted. */
    private static String accepting(Mechanism country, Stated need) {
        Map<String, Object> offer = openOffer(country.awaitOffer(need.id()));
        String officer = Tokens.of(
                "inspectora",
                List.of("police-investigator"),
                offer.get("organisation").toString());
        country.ok(officer, need, "acceptance", Map.of("offerId", offer.get("offerId")));
        return officer;
    }

    private static List<Object> reports(String token, Stated need) {
        return as(token)
                .get("/referrals/" + need.id() + "/investigation")
                .jsonPath()
                .getList("reports");
    }

    private static int investigation(String token, Stated need, String what, Map<String, ?> body) {
        return as(token)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(body)
                .post("/referrals/" + need.id() + "/investigation" + what)
                .statusCode();
    }

    private static Map<String, String> states(String token) {
        List<Map<String, Object>> lines =
                as(token).get("/investigations").jsonPath().getList("investigations");
        Map<String, String> states = new java.util.TreeMap<>();
        lines.forEach(line ->
                states.put(line.get("referralId").toString(), line.get("state").toString()));
        return states;
    }
}
