package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.openOffer;
import static org.passerelle.referral.Mechanism.proposals;
import static org.passerelle.referral.Mechanism.propose;
import static org.passerelle.referral.Mechanism.providerOf;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;

/** A provider cannot go on, or knows of more that is needed: it passes the referral on, sends the person back or onward. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
class BackAndOnwardTest {

    @Test
    void whoeverCannotGoOnPassesTheReferralOn_andKeepsOnlyTheirOwnRecord() {
        try (Mechanism country = new Mechanism("QU")) {
            Provider first = country.provider("SAFE_SHELTER", beds(2), Map.of("organization_type", "NGO"));
            Provider second = country.provider("SAFE_SHELTER", beds(1), Map.of("organization_type", "NGO"));
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "SAFE_SHELTER", "normal", Duration.ofDays(14));
            JsonPath asked = country.awaitOffer(need.id());
            assertThat(openOffer(asked).get("organisation")).isEqualTo(first.organisation());
            String provider = providerOf(first.organisation());
            country.ok(
                    provider,
                    need,
                    "acceptance",
                    Map.of("offerId", openOffer(asked).get("offerId")));
            country.ok(provider, need, "first-contact", Map.of());
            country.change(providerOf(second.organisation()), need.id(), "transfer", Map.of("reason", "other"))
                    .then()
                    .statusCode(404);
            country.ok(provider, need, "transfer", Map.of("reason", "not-safe-here", "note", "pas de nom"));
            JsonPath next = country.awaitOffer(need.id());
            assertThat(openOffer(next).get("organisation")).isEqualTo(second.organisation());
            assertThat(next.getString("dueAt")).isEqualTo(asked.getString("dueAt"));
            assertThat(country.nextStep(need)).isEqualTo("acknowledgement");
            assertThat(as(provider)
                            .get("/directory/services/" + first.service() + "/capacity")
                            .jsonPath()
                            .getInt("free"))
                    .isEqualTo(2);
            country.change(provider, need.id(), "pause", Map.of("reason", "other"))
                    .then()
                    .statusCode(404);
            country.ok(
                    providerOf(second.organisation()),
                    need,
                    "acceptance",
                    Map.of("offerId", openOffer(next).get("offerId")));
            country.ok(country.caseWorker(), need, "transfer", Map.of("reason", "no-longer-able"));
            assertThat(country.state(need)).isEqualTo("gap");
            country.ok(country.caseWorker(), need, "cancellation", Map.of("reason", "no-service"));
            assertThat(country.state(need)).isEqualTo("cancelled");
        }
    }

    private static Map<String, Object> beds(int free) {
        return Map.of(
                "capacities",
                List.of(Map.of(
                        "unit",
                        "bed",
                        "available",
                        free,
                        "maximum",
                        free,
                        "updated",
                        java.time.Instant.now().toString())));
    }

    @Test
    void aProviderSendsThePersonBackAndOnward_andTheSenderAnswers() {
        try (Mechanism country = new Mechanism("QP")) {
            Provider shelter = country.provider("SAFE_SHELTER");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "SAFE_SHELTER", "normal", Duration.ofDays(14));
            Map<String, Object> onward =
                    Map.of("kind", "onward-referral", "needs", List.of("MHPSS"), "urgency", "urgent");
            String provider = providerOf(shelter.organisation());
            String offer = (String) openOffer(country.awaitOffer(need.id())).get("offerId");
            propose(provider, need, onward).then().statusCode(404);
            country.ok(provider, need, "acceptance", Map.of("offerId", offer));
            String second = propose(provider, need, onward)
                    .then()
                    .statusCode(201)
                    .extract()
                    .path("proposalId");
            country.ok(provider, need, "completion", Map.of("outcome", "got-help"));
            String back = propose(
                            provider,
                            need,
                            Map.of("kind", "counter-referral", "needs", List.of(), "outcome", "got-help"))
                    .then()
                    .statusCode(201)
                    .extract()
                    .path("proposalId");
            propose(country.caseWorker(), need, onward).then().statusCode(403);

            assertThat(proposals(country.caseWorker(), "open=true")).containsExactly(second, back);
            answer(provider, second, Map.of("answer", "agreed")).then().statusCode(403);
            answer(country.caseWorker(), back, Map.of("answer", "acknowledged"))
                    .then()
                    .statusCode(200);
            answer(country.caseWorker(), second, Map.of("answer", "refused"))
                    .then()
                    .statusCode(422);
            answer(country.caseWorker(), second, Map.of("answer", "agreed"))
                    .then()
                    .statusCode(200);
            assertThat(proposals(country.caseWorker(), "open=true")).isEmpty();
            assertThat(proposals(provider, "side=by")).containsExactly(second, back);
            assertThat(proposals(providerOf(UUID.randomUUID().toString()), "open=false"))
                    .isEmpty();
        }
    }

    private static Response answer(String token, String proposal, Map<String, ?> body) {
        return as(token)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(body)
                .post("/proposals/" + proposal + "/answer");
    }
}
