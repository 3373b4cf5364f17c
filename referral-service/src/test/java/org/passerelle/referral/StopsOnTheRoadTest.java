package org.passerelle.referral;

import static io.restassured.RestAssured.given;
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
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;

/** Whoever gives a service, when what the person agreed to ends, or when nobody acts for them any more. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
class StopsOnTheRoadTest {

    private static final List<String> SERVICES = List.of("services");

    @Test
    void consentThatIsWithdrawnWhileAServiceServesStopsIt_andConsentThatIsGivenAgainLetsItGoOn() {
        try (Mechanism country = new Mechanism("YL")) {
            Provider legal = country.provider("LEGAL");
            country.importDirectory();
            String subscription = subscription(legal.organisation());
            String provider = providerOf(legal.organisation());
            String code = country.newCase();
            String consent = country.consent(code, List.of(legal.organisation()), SERVICES);
            Stated need = country.need(code, "LEGAL", "normal", Duration.ofDays(14));
            accept(country, provider, need);
            JsonPath link = country.change(country.caseWorker(), need.id(), "links", Map.of())
                    .jsonPath();
            assertThat(country.nextStep(need)).isEqualTo("first-contact");

            country.withdraw(code, consent);
            JsonPath stopped = awaitTask(country, need, "consent-ended-while-serving");
            assertThat(stopped.getString("state")).isEqualTo("accepted");
            assertThat(stopped.getString("nextStep.step")).isEqualTo("decision");
            assertThat(stopped.getString("nextStep.of")).isEqualTo(country.owner);
            assertThat(as(country.caseWorker()).get("/tasks").jsonPath().getList("tasks.reason"))
                    .containsExactly("consent-ended-while-serving");
            Response told = as(provider).get("/referrals/" + need.id());
            assertThat(told.jsonPath().getBoolean("stopped")).isTrue();
            assertThat(told.jsonPath().getMap("")).doesNotContainKey("nextStep");
            assertThat(told.asString()).as("that, and not why").doesNotContain("consent");
            Response met = country.change(provider, need.id(), "first-contact", Map.of());
            assertThat(met.statusCode()).isEqualTo(409);
            assertThat(met.jsonPath().getString("type")).endsWith("service-stopped");
            assertThat(met.jsonPath().getString("title")).startsWith("Ne contactez plus la personne");
            Response page = look(link);
            assertThat(page.asString())
                    .contains("ne contactez plus la personne")
                    .doesNotContain("La personne a été rencontrée", "Voir ce qui peut vous être dit");

            country.consent(code, List.of(legal.organisation()), SERVICES);
            country.awaitReferral(
                    country.caseWorker(),
                    need.id(),
                    r -> "first-contact".equals(r.getString("nextStep.step"))
                            && r.getList("tasks").isEmpty());
            country.ok(provider, need, "first-contact", Map.of());
            assertThat(steps(subscription, legal.organisation(), 3))
                    .containsExactly("stopped", "stop-lifted", "first-contact");
        }
    }

    @Test
    void consentThatRunsOutStopsToo_andTheSenderEndsTheService() {
        try (Mechanism country = new Mechanism("YM")) {
            Provider food = country.provider("FOOD");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, SERVICES, Instant.now().plusSeconds(8));
            Stated need = country.need(code, "FOOD", "normal", Duration.ofDays(14));
            accept(country, providerOf(food.organisation()), need);
            country.ok(providerOf(food.organisation()), need, "first-contact", Map.of());
            assertThat(awaitTask(country, need, "consent-ended-while-serving").getString("state"))
                    .isEqualTo("in-progress");
            country.ok(country.caseWorker(), need, "cancellation", Map.of("reason", "consent-withdrawn"));
            assertThat(as(country.caseWorker()).get("/tasks").jsonPath().getList("tasks"))
                    .isEmpty();
        }
    }

    @Test
    void aSuspendedOrganisationStrandsNobody() {
        try (Mechanism country = new Mechanism("YN")) {
            String serving = country.provider("SAFE_SHELTER").organisation();
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, SERVICES);
            Stated given = country.need(code, "SAFE_SHELTER", "normal", Duration.ofDays(14));
            accept(country, providerOf(serving), given);
            Stated asked = country.need(code, "SAFE_SHELTER", "normal", Duration.ofDays(14));
            Map<String, Object> offer = openOffer(country.awaitOffer(asked.id()));
            assertThat(offer).containsEntry("organisation", serving);
            String other = country.provider("SAFE_SHELTER").organisation();
            country.importDirectory();
            JsonPath link = country.change(country.caseWorker(), given.id(), "links", Map.of())
                    .jsonPath();
            assertThat(look(link).statusCode()).isEqualTo(200);

            coordination(serving, "suspension", Map.of("reason", "security-incident"));
            JsonPath stopped = awaitTask(country, given, "provider-suspended");
            assertThat(stopped.getString("nextStep.of")).isEqualTo(country.owner);
            JsonPath elsewhere = country.awaitReferral(
                    country.caseWorker(),
                    asked.id(),
                    r -> other.equals(r.getString("offers.find { it.state == 'open' }?.organisation")));
            assertThat(elsewhere.getString("offers[0].reason")).isEqualTo("organisation-suspended");
            assertThat(look(link).statusCode()).as("nor by its link").isEqualTo(404);
            Map<String, Object> call = Map.of(
                    "who",
                    "Voix Inventée",
                    "number",
                    "+257 79 00 00 00",
                    "at",
                    Instant.now().minusSeconds(60).toString());
            Response yes = country.change(
                    country.caseWorker(),
                    asked.id(),
                    "acceptance",
                    Map.of("offerId", offer.get("offerId"), "byTelephone", call));
            assertThat(yes.statusCode()).isEqualTo(409);
            assertThat(yes.jsonPath().getString("type")).endsWith("organisation-suspended");

            coordination(serving, "reactivation", Map.of());
            country.awaitReferral(
                    country.caseWorker(),
                    given.id(),
                    r -> "first-contact".equals(r.getString("nextStep.step"))
                            && r.getList("tasks").isEmpty());
            country.ok(providerOf(serving), given, "first-contact", Map.of());
            country.ok(providerOf(serving), asked, "acceptance", Map.of("offerId", offer.get("offerId")));
            assertThat(country.state(asked))
                    .as("its yes comes late, and counts")
                    .isEqualTo("accepted");
        }
    }

    private static void coordination(String organisation, String what, Map<String, ?> body) {
        as(coordinator())
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(body)
                .post("/directory/organisations/" + organisation + "/" + what)
                .then()
                .statusCode(200);
    }

    private static void accept(Mechanism country, String provider, Stated need) {
        country.ok(
                provider,
                need,
                "acceptance",
                Map.of("offerId", openOffer(country.awaitOffer(need.id())).get("offerId")));
    }

    private static JsonPath awaitTask(Mechanism country, Stated need, String task) {
        return country.awaitReferral(
                country.caseWorker(), need.id(), r -> r.getList("tasks").contains(task));
    }

    private static Response look(JsonPath link) {
        return given().header("Accept-Language", "fr")
                .formParam("code", link.getString("code"))
                .formParam("action", "look")
                .post(link.getString("path").substring("/referral".length()));
    }

    private static String system(String organisation) {
        return Tokens.of("systeme", List.of("partner-system"), organisation);
    }

    private static String subscription(String organisation) {
        return as(system(organisation))
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(Map.of("name", "Intranet"))
                .post("/subscriptions")
                .jsonPath()
                .getString("subscriptionId");
    }

    /** What a subscription tells of the progress, once there are so many. */
    private static List<String> steps(String subscription, String organisation, int count) {
        String path = "/subscriptions/" + subscription + "/events?limit=100";
        Mechanism.await(() -> progress(organisation, path).size() >= count);
        return progress(organisation, path);
    }

    private static List<String> progress(String organisation, String path) {
        return as(system(organisation))
                .get(path)
                .jsonPath()
                .getList("findAll { it.type.endsWith('referral-progressed.v1') }.data.step");
    }
}
