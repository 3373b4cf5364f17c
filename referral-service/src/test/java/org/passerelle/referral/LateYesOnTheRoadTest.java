package org.passerelle.referral;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
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

/** A yes that comes when somebody else gives the service, was chosen, or nobody was found; and a no by telephone. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
class LateYesOnTheRoadTest {

    private static final List<String> SERVICES = List.of("services");

    @Test
    void whoSaysYesTooLateHearsIt_andTheSenderThanksAndReleasesThem() {
        try (Mechanism country = new Mechanism("YO")) {
            Provider one = country.provider("SAFE_SHELTER");
            Provider two = country.provider("SAFE_SHELTER");
            country.importDirectory();
            Stated need = stated(country, "SAFE_SHELTER");
            Map<String, Object> silent = openOffer(country.awaitOffer(need.id()));
            String first = (String) silent.get("organisation");
            String second = first.equals(one.organisation()) ? two.organisation() : one.organisation();
            String systemOfTheFirst = Tokens.of("systeme", List.of("partner-system"), first);
            String subscription = subscription(systemOfTheFirst);
            JsonPath link = country.change(country.caseWorker(), need.id(), "links", Map.of())
                    .jsonPath();
            JsonPath next = awaitOpen(country, need, second);
            country.ok(providerOf(second), need, "acceptance", offerOf(openOffer(next)));

            Response late = country.change(providerOf(first), need.id(), "acceptance", offerOf(silent));
            assertThat(late.statusCode()).as(late.asString()).isEqualTo(200);
            assertThat(late.jsonPath().getString("state")).isEqualTo("late");
            assertThat(country.change(providerOf(first), need.id(), "acceptance", offerOf(silent))
                            .jsonPath()
                            .getString("state"))
                    .as("again")
                    .isEqualTo("late");
            assertThat(country.state(need)).isEqualTo("accepted");
            assertThat(tasks(country)).containsExactly("late-acceptance");
            assertThat(given().header("Accept-Language", "fr")
                            .formParam("code", link.getString("code"))
                            .formParam("action", "look")
                            .post(link.getString("path").substring("/referral".length()))
                            .asString())
                    .contains("votre oui est noté");

            country.change(providerOf(second), need.id(), "release", offerOf(silent))
                    .then()
                    .statusCode(403);
            Response nothing = country.change(country.caseWorker(), need.id(), "release", offerOf(openOffer(next)));
            assertThat(nothing.statusCode()).isEqualTo(422);
            assertThat(nothing.jsonPath().getString("errors[0].field")).isEqualTo("offerId");
            country.ok(country.caseWorker(), need, "release", offerOf(silent));
            assertThat(tasks(country)).isEmpty();
            assertThat(as(providerOf(first))
                            .get("/referrals/" + need.id())
                            .jsonPath()
                            .getString("offers[0].state"))
                    .isEqualTo("released");
            String heard = "/subscriptions/" + subscription + "/events?limit=100";
            Mechanism.await(() -> steps(systemOfTheFirst, heard).contains("released"));
            assertThat(steps(systemOfTheFirst, heard)).containsExactly("accepted-late", "released");
        }
    }

    @Test
    void whoKeepsAPlaceBesideAServiceThatHasEndedIsStillReleased_andTheSenderIsReminded() {
        try (Mechanism country = new Mechanism("YS")) {
            Provider one = country.provider("SAFE_SHELTER");
            Provider two = country.provider("SAFE_SHELTER");
            country.importDirectory();
            Stated need = stated(country, "SAFE_SHELTER");
            Map<String, Object> silent = openOffer(country.awaitOffer(need.id()));
            String first = (String) silent.get("organisation");
            String second = first.equals(one.organisation()) ? two.organisation() : one.organisation();
            String systemOfTheFirst = Tokens.of("systeme", List.of("partner-system"), first);
            String heard = "/subscriptions/" + subscription(systemOfTheFirst) + "/events?limit=100";
            country.ok(providerOf(second), need, "acceptance", offerOf(openOffer(awaitOpen(country, need, second))));
            country.ok(providerOf(first), need, "acceptance", offerOf(silent));
            country.ok(providerOf(second), need, "first-contact", Map.of());
            country.ok(providerOf(second), need, "completion", Map.of("outcome", "got-help"));

            assertThat(country.state(need)).isEqualTo("completed");
            assertThat(tasks(country)).containsExactly("late-acceptance");
            JsonPath reminded =
                    country.awaitReferral(country.caseWorker(), need.id(), r -> r.getString("decision.told") != null);
            assertThat(reminded.getMap("")).doesNotContainKey("nextStep");
            assertThat(reminded.getString("decision.of")).isEqualTo(country.owner);

            country.erase(need.caseCode());
            country.awaitReferral(
                    country.caseWorker(), need.id(), r -> "NonSpecifiedUnknown".equals(r.getString("sex")));
            country.ok(country.caseWorker(), need, "release", offerOf(silent));
            assertThat(country.state(need)).isEqualTo("completed");
            assertThat(tasks(country)).isEmpty();
            Mechanism.await(() -> steps(systemOfTheFirst, heard).contains("released"));
            assertThat(as(country.caseWorker())
                            .get("/referrals/" + need.id())
                            .jsonPath()
                            .getMap(""))
                    .doesNotContainKey("decision");
        }
    }

    @Test
    void aLateYesDoesNotOverruleWhomThePersonAtTheDeskChose() {
        try (Mechanism country = new Mechanism("YP")) {
            Provider one = country.provider("SAFE_SHELTER");
            Provider two = country.provider("SAFE_SHELTER");
            Provider three = country.provider("SAFE_SHELTER");
            country.importDirectory();
            Stated need = stated(country, "SAFE_SHELTER");
            Map<String, Object> silent = openOffer(country.awaitOffer(need.id()));
            String first = (String) silent.get("organisation");
            String asked = (String) openOffer(country.awaitReferral(
                            country.caseWorker(),
                            need.id(),
                            r -> openOffer(r) != null
                                    && !openOffer(r).get("organisation").equals(first)))
                    .get("organisation");
            Provider chosen = List.of(one, two, three).stream()
                    .filter(provider -> !List.of(first, asked).contains(provider.organisation()))
                    .findFirst()
                    .orElseThrow();
            country.ok(
                    country.caseWorker(),
                    need,
                    "choice",
                    Map.of("serviceId", chosen.service(), "reason", "person-asked"));
            Response late = country.change(providerOf(first), need.id(), "acceptance", offerOf(silent));
            assertThat(late.jsonPath().getString("state")).as(late.asString()).isEqualTo("late");
            JsonPath still =
                    as(country.caseWorker()).get("/referrals/" + need.id()).jsonPath();
            assertThat(openOffer(still)).containsEntry("organisation", chosen.organisation());
            assertThat(still.getList("tasks")).contains("late-acceptance");
        }
    }

    @Test
    void whoseOfferWasTakenBackForAnothersYesIsNotTurnedAway_norWhoComesAfterTheSenderGaveUp() {
        try (Mechanism country = new Mechanism("YQ")) {
            Provider one = country.provider("SAFE_SHELTER");
            Provider two = country.provider("SAFE_SHELTER");
            country.provider("MHPSS");
            country.importDirectory();
            Stated need = stated(country, "SAFE_SHELTER");
            Map<String, Object> silent = openOffer(country.awaitOffer(need.id()));
            String first = (String) silent.get("organisation");
            String second = first.equals(one.organisation()) ? two.organisation() : one.organisation();
            Map<String, Object> taken = openOffer(awaitOpen(country, need, second));
            country.ok(providerOf(first), need, "acceptance", offerOf(silent));
            assertThat(country.state(need)).isEqualTo("accepted");
            Response late = country.change(providerOf(second), need.id(), "acceptance", offerOf(taken));
            assertThat(late.statusCode()).as(late.asString()).isEqualTo(200);
            assertThat(late.jsonPath().getString("state")).isEqualTo("late");

            Stated given = stated(country, "MHPSS");
            Map<String, Object> only = openOffer(country.awaitOffer(given.id()));
            country.awaitReferral(
                    country.caseWorker(), given.id(), r -> r.getString("state").equals("gap"));
            country.ok(country.caseWorker(), given, "cancellation", Map.of("reason", "no-service"));
            String silentOne = providerOf((String) only.get("organisation"));
            Response place = country.change(silentOne, given.id(), "acceptance", offerOf(only));
            assertThat(place.statusCode()).as(place.asString()).isEqualTo(200);
            assertThat(country.state(given)).as("it stays as it ended").isEqualTo("expired");
            JsonPath found =
                    as(country.caseWorker()).get("/referrals/" + given.id()).jsonPath();
            assertThat(found.getList("tasks")).containsExactly("late-acceptance");
            country.ok(country.caseWorker(), given, "release", offerOf(only));
        }
    }

    @Test
    void aNoByTelephoneIsRecordedByTheSender() {
        try (Mechanism country = new Mechanism("YR")) {
            Provider one = country.provider("LEGAL");
            Provider two = country.provider("LEGAL");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, SERVICES);
            Stated need = country.need(code, "LEGAL", "normal", Duration.ofDays(14));
            Map<String, Object> offer = openOffer(country.awaitOffer(need.id()));
            String asked = (String) offer.get("organisation");
            String other = asked.equals(one.organisation()) ? two.organisation() : one.organisation();
            Map<String, Object> no = Map.of(
                    "offerId",
                    offer.get("offerId"),
                    "reason",
                    "no-capacity",
                    "byTelephone",
                    Map.of(
                            "who",
                            "Voix Inventée",
                            "number",
                            "+257 79 00 00 00",
                            "at",
                            Instant.now().minusSeconds(60).toString()));
            assertThat(country.change(providerOf(asked), need.id(), "decline", no)
                            .statusCode())
                    .as("that is the sender's to say")
                    .isEqualTo(404);
            country.ok(country.caseWorker(), need, "decline", no);
            JsonPath elsewhere = awaitOpen(country, need, other);
            assertThat(elsewhere.getString("offers[0].state")).isEqualTo("declined");
            assertThat(elsewhere.getString("offers[0].reason")).isEqualTo("no-capacity");
            assertThat(elsewhere.prettify()).doesNotContain("Voix", "+257");
            Response whoSaidSo = country.change(
                    country.caseWorker(),
                    need.id(),
                    "decline",
                    Map.of("offerId", openOffer(elsewhere).get("offerId"), "reason", "other"));
            assertThat(whoSaidSo.statusCode())
                    .as("without the call it is the provider's")
                    .isEqualTo(422);
            assertThat(whoSaidSo.jsonPath().getString("errors[0].field")).isEqualTo("byTelephone");
        }
    }

    private static Stated stated(Mechanism country, String service) {
        String code = country.newCase();
        country.consent(code, null, SERVICES);
        return country.need(code, service, "emergency", Duration.ofHours(24));
    }

    private static Map<String, Object> offerOf(Map<String, Object> offer) {
        return Map.of("offerId", offer.get("offerId"));
    }

    private static JsonPath awaitOpen(Mechanism country, Stated need, String organisation) {
        return country.awaitReferral(
                country.caseWorker(),
                need.id(),
                r -> organisation.equals(r.getString("offers.find { it.state == 'open' }?.organisation")));
    }

    private static List<String> tasks(Mechanism country) {
        return as(country.caseWorker())
                .get("/tasks")
                .jsonPath()
                .getList("tasks.findAll { it.reason == 'late-acceptance' }.reason");
    }

    private static String subscription(String token) {
        return as(token)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(Map.of("name", "Intranet"))
                .post("/subscriptions")
                .jsonPath()
                .getString("subscriptionId");
    }

    private static List<String> steps(String token, String path) {
        return as(token)
                .get(path)
                .jsonPath()
                .getList("findAll { it.type.endsWith('referral-progressed.v1') }.data.step");
    }
}
