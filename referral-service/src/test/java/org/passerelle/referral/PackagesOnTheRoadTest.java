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
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;

/** Needs that were stated together, from the statement to the offers. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
class PackagesOnTheRoadTest {

    @Test
    void medicalComesBeforeShelter_andMotherAndChildGoToOneShelter_unlessAPersonPartsThem() {
        try (Mechanism country = new Mechanism("YB")) {
            Provider clinic = country.provider("MEDICAL");
            country.provider("SAFE_SHELTER");
            country.provider("SAFE_SHELTER");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            String all = UUID.randomUUID().toString();
            String medical = UUID.randomUUID().toString();
            String mother = UUID.randomUUID().toString();
            String child = UUID.randomUUID().toString();
            List<Map<String, String>> after = List.of(Map.of("needId", medical, "until", "begun"));
            Duration clock = Duration.ofDays(14);
            Stated first = country.need(code, medical, "MEDICAL", "normal", clock, leg(all, List.of(), List.of()));
            Stated second =
                    country.need(code, mother, "SAFE_SHELTER", "normal", clock, leg(all, after, List.of(child)));
            Stated third = country.need(code, child, "SAFE_SHELTER", "normal", clock, leg(all, after, List.of(mother)));

            JsonPath offered = country.awaitOffer(medical);
            assertThat(offered.getString("packageId")).isEqualTo(all);
            JsonPath waiting = awaitPackage(
                    country,
                    all,
                    p -> List.of(medical).equals(p.getList("legs[1].waitsFor"))
                            && List.of(medical).equals(p.getList("legs[2].waitsFor")));
            assertThat(waiting.getString("legs[1].referral.nextStep.step")).isEqualTo("other-need");
            assertThat(waiting.getString("legs[1].referral.nextStep.of")).isEqualTo(country.owner);
            assertThat(as(coordinator()).get("/packages/" + all).statusCode()).isEqualTo(200);
            assertThat(as(providerOf(clinic.organisation()))
                            .get("/packages/" + all)
                            .statusCode())
                    .isIn(403, 404);

            country.ok(
                    providerOf(clinic.organisation()),
                    first,
                    "acceptance",
                    Map.of("offerId", openOffer(offered).get("offerId")));
            country.ok(providerOf(clinic.organisation()), first, "first-contact", Map.of());
            Map<String, Object> declined = openOffer(country.awaitOffer(mother));
            String full = (String) declined.get("organisation");
            assertThat(openOffer(country.awaitOffer(child))).containsEntry("organisation", full);

            country.ok(
                    providerOf(full),
                    second,
                    "decline",
                    Map.of("offerId", declined.get("offerId"), "reason", "no-capacity"));
            JsonPath moved = awaitPackage(
                    country,
                    all,
                    p -> offerOf(p, 1) != null
                            && offerOf(p, 2) != null
                            && !offerOf(p, 2).get("organisation").equals(full));
            assertThat(offerOf(moved, 2).get("organisation"))
                    .isEqualTo(offerOf(moved, 1).get("organisation"));

            country.change(
                            country.caseWorker(),
                            child,
                            "choice",
                            Map.of("serviceId", declined.get("serviceId"), "reason", "apart-is-better"))
                    .then()
                    .statusCode(200);
            JsonPath parted = awaitPackage(country, all, p -> p.getBoolean("legs[2].apart"));
            assertThat(offerOf(parted, 2)).containsEntry("organisation", full);
            assertThat(offerOf(parted, 1).get("organisation")).isNotEqualTo(full);
            assertThat(third.id()).isEqualTo(child);
        }
    }

    private static Map<String, Object> leg(String all, List<Map<String, String>> after, List<String> together) {
        return Map.of("packageId", all, "after", after, "together", together);
    }

    private static Map<String, Object> offerOf(JsonPath view, int leg) {
        return view.getMap("legs[" + leg + "].referral.offers.find { it.state == 'open' }");
    }

    private static JsonPath awaitPackage(Mechanism country, String id, Predicate<JsonPath> shows) {
        await(() -> {
            var answer = as(country.caseWorker()).get("/packages/" + id);
            return answer.statusCode() == 200
                    && answer.jsonPath().getList("legs").size() == 3
                    && shows.test(answer.jsonPath());
        });
        return as(country.caseWorker()).get("/packages/" + id).jsonPath();
    }
}
