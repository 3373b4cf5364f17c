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
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;

/** What those who were asked said, what figures say, and what a person names: through the service, with its tables. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
class AskedAgainOnTheRoadTest {

    private static final Duration CLOCK = Duration.ofDays(14);

    private static void declares(Provider service, String line) {
        as(providerOf(service.organisation()))
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .contentType("text/plain")
                .body(line)
                .post("/directory/services/" + service.service() + "/capacity/line")
                .then()
                .statusCode(200);
    }

    private static void declines(Mechanism country, Provider service, Stated need, String reason) {
        String offer = (String) openOffer(country.awaitOffer(need.id())).get("offerId");
        country.ok(providerOf(service.organisation()), need, "decline", Map.of("offerId", offer, "reason", reason));
    }

    private static JsonPath lastDecision(Mechanism country, Stated need) {
        return as(country.caseWorker())
                .get("/referrals/" + need.id() + "/routing")
                .jsonPath()
                .setRootPath("decisions[0]");
    }

    private static JsonPath awaitGap(Mechanism country, Stated need) {
        return country.awaitReferral(
                country.caseWorker(), need.id(), r -> r.getString("state").equals("gap"));
    }

    private static JsonPath gaps(Mechanism country, String more) {
        return as(coordinator()).get("/gaps?place=" + country.place + more).jsonPath();
    }

    @Test
    void whoHadNoRoomIsAskedAgainOnceItSaysThatItHas_andTheGapIsOneFromFirstToLast() {
        try (Mechanism country = new Mechanism("ZB")) {
            Provider shelter = country.provider("VOCATIONAL_LIVELIHOOD");
            country.importDirectory();
            declares(shelter, "2");
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "VOCATIONAL_LIVELIHOOD", "normal", CLOCK);
            declines(country, shelter, need, "no-capacity");
            awaitGap(country, need);
            assertThat(lastDecision(country, need).getString("leftOut[0].explanation"))
                    .isEqualTo("Le service a répondu qu’il n’a pas de place, et n’en a rien dit de plus récent.");
            String found = gaps(country, "").getString("gaps[0].foundAt");
            String capacity = "/directory/services/" + shelter.service() + "/capacity";
            assertThat(as(country.caseWorker()).get(capacity).jsonPath().getInt("waiting"))
                    .as("it has units, and said no")
                    .isZero();

            declares(shelter, "2");
            country.awaitOffer(need.id());
            assertThat(lastDecision(country, need).getString("trigger")).isEqualTo("directory-changed");
            assertThat(gaps(country, "").getString("gaps[0].closedAs")).isEqualTo("offered");
            declines(country, shelter, need, "no-capacity");
            awaitGap(country, need);
            assertThat(gaps(country, "").getString("gaps[0].closedAt")).isNull();

            country.close(code);
            country.awaitReferral(
                    country.caseWorker(), need.id(), r -> r.getString("state").equals("cancelled"));
            JsonPath over = gaps(country, "");
            assertThat(over.getString("gaps[0].closedAs")).isEqualTo("given-up");
            assertThat(over.getString("gaps[0].foundAt")).isEqualTo(found);
        }
    }

    @Test
    void whoSaidThatItIsFullIsAskedAgainWhenItIsDoneWithSomebody_notWhenAnotherOfferEnds() {
        try (Mechanism country = new Mechanism("ZC")) {
            Provider shelter = country.provider("ALTERNATIVE_CARE");
            country.importDirectory();
            declares(shelter, "3");
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated first = country.need(code, "ALTERNATIVE_CARE", "normal", CLOCK);
            String offer = (String) openOffer(country.awaitOffer(first.id())).get("offerId");
            String desk = providerOf(shelter.organisation());
            country.ok(desk, first, "acceptance", Map.of("offerId", offer));
            country.ok(desk, first, "first-contact", Map.of());
            Stated second = country.need(code, "ALTERNATIVE_CARE", "normal", CLOCK);
            declines(country, shelter, second, "no-capacity");
            long version = awaitGap(country, second).getLong("version");
            Stated third = country.need(code, "ALTERNATIVE_CARE", "normal", CLOCK);
            declines(country, shelter, third, "other");
            awaitGap(country, third);
            assertThat(as(country.caseWorker())
                            .get("/referrals/" + second.id())
                            .jsonPath()
                            .getLong("version"))
                    .as("an offer to somebody else ended: no news")
                    .isEqualTo(version);

            country.ok(desk, first, "completion", Map.of("outcome", "got-help"));
            country.awaitOffer(second.id());
            assertThat(lastDecision(country, second).getString("trigger")).isEqualTo("unit-returned");
            assertThat(lastDecision(country, third).getString("leftOut[0].reasons[0].code"))
                    .isEqualTo("out.declined-here");
            JsonPath page = gaps(country, "&limit=1");
            assertThat(page.getString("gaps[0].referralId")).isEqualTo(third.id());
            JsonPath next = gaps(country, "&limit=1&after=" + page.getString("next"));
            assertThat(next.getList("gaps.referralId")).containsExactly(second.id());
            as(coordinator()).get("/gaps?after=nowhere").then().statusCode(422);
        }
    }

    @Test
    void aFigureOfLongAgoOrOfNoDayTurnsNobodyAway_andOneOfTomorrowIsRefused() {
        try (Mechanism country = new Mechanism("ZD")) {
            Provider old = country.provider(
                    "COMPENSATION",
                    Map.of(
                            "capacities",
                            List.of(Map.of(
                                    "unit",
                                    "bed",
                                    "available",
                                    0,
                                    "updated",
                                    Instant.now().minus(400, ChronoUnit.DAYS).toString()))),
                    Map.of("organization_type", "NGO"));
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "COMPENSATION", "normal", CLOCK);
            JsonPath offered = country.awaitOffer(need.id());
            assertThat(openOffer(offered).get("serviceId")).isEqualTo(old.service());
            assertThat(lastDecision(country, need).getList("kept[0].reasons.code"))
                    .contains("kept.full-long-ago");
            Stated another = country.need(code, "COMPENSATION", "normal", CLOCK);
            country.awaitOffer(another.id());

            country.provider(
                    "COMPENSATION",
                    Map.of("capacities", List.of(Map.of("unit", "bed", "available", 4, "updated", "2099-01-01"))),
                    Map.of("organization_type", "NGO"));
            Response refused = as(coordinator())
                    .header("Idempotency-Key", UUID.randomUUID().toString())
                    .body(country.directory())
                    .post("/directory/imports");
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.asString()).contains("updated").contains("est dans l’avenir");
        }
    }

    @Test
    void aPersonChoosesAnyServiceOfTheType_andReadsWhatNobodyMaySetAside() {
        try (Mechanism elsewhere = new Mechanism("ZF");
                Mechanism country = new Mechanism("ZE")) {
            Provider first = elsewhere.provider("FAMILY_MEDIATION");
            List<Provider> many = IntStream.rangeClosed(0, 110)
                    .mapToObj(number -> elsewhere.also(first.organisation(), "FAMILY_MEDIATION", Map.of()))
                    .sorted(Comparator.comparing(Provider::service))
                    .toList();
            elsewhere.importDirectory();
            Provider full = country.provider("FAMILY_MEDIATION", Map.of(), Map.of("organization_type", "NGO"));
            Provider other = country.provider("FOOD");
            country.importDirectory();
            declares(full, "0");
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "FAMILY_MEDIATION", "normal", CLOCK);
            awaitGap(country, need);
            assertThat(refusal(country, need, full.service()))
                    .contains("not-to-be-overridden")
                    .contains("Le service n’a plus de capacité libre.");
            assertThat(refusal(country, need, other.service())).contains("service-of-another-type");
            assertThat(refusal(country, need, UUID.randomUUID().toString()))
                    .contains("service-not-considered")
                    .contains("Le répertoire ne connaît pas ce service");
            Provider last = many.getLast();
            country.ok(
                    country.caseWorker(),
                    need,
                    "choice",
                    Map.of("serviceId", last.service(), "reason", "person-asked"));
            assertThat(openOffer(country.awaitOffer(need.id())).get("serviceId"))
                    .isEqualTo(last.service());
        }
    }

    private static String refusal(Mechanism country, Stated need, String service) {
        Response refused = country.change(
                country.caseWorker(), need.id(), "choice", Map.of("serviceId", service, "reason", "person-asked"));
        assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(422);
        return refused.asString();
    }

    @Test
    void aPostOfficeBoxIsNoPlaceOfAService() {
        try (Mechanism country = new Mechanism("ZG", "20")) {
            Provider boxed = country.provider("RELOCATION");
            Map<String, Object> document = new HashMap<>(country.directory());
            document.put(
                    "locations",
                    ((List<?>) document.get("locations"))
                            .stream()
                                    .map(location -> {
                                        Map<String, Object> postal = new HashMap<>();
                                        ((Map<?, ?>) location).forEach((key, value) -> postal.put((String) key, value));
                                        postal.put("location_type", "postal");
                                        return postal;
                                    })
                                    .toList());
            as(coordinator())
                    .header("Idempotency-Key", UUID.randomUUID().toString())
                    .body(document)
                    .post("/directory/imports")
                    .then()
                    .statusCode(200);
            JsonPath there = as(country.caseWorker())
                    .body(Map.of("service", "RELOCATION", "place", country.place))
                    .post("/routing/what-ifs")
                    .jsonPath();
            assertThat(there.getString("kept[0].serviceId")).isEqualTo(boxed.service());
            assertThat(there.getList("kept[0].reasons.code"))
                    .contains("kept.reaches")
                    .doesNotContain("kept.same-place", "kept.same-place-unmeasured");
        }
    }
}
