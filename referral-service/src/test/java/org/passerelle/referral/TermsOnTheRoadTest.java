package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.coordinator;
import static org.passerelle.referral.Mechanism.pause;
import static org.passerelle.referral.Mechanism.providerOf;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;

/** Under which terms services take people, and whether somebody made sure of them. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
@Tag("directory")
class TermsOnTheRoadTest {

    @Inject
    Pool pool;

    private static Provider shelter(Mechanism country, String... terms) {
        return country.provider(
                "SAFE_SHELTER",
                Map.of(
                        "attributes",
                        Arrays.stream(terms).map(TermsOnTheRoadTest::attribute).toList()),
                Map.of("organization_type", "NGO"));
    }

    /** @param term a taxonomy, an equals sign and a code */
    private static Map<String, Object> attribute(String term) {
        String[] parts = term.split("=", 2);
        return Map.of("taxonomy_term", Map.of("taxonomy", "passerelle-" + parts[0], "code", parts[1]));
    }

    private static String why(JsonPath decision, String of, Provider provider) {
        return decision.getString(of + ".leftOut.find { it.serviceId == '" + provider.service() + "' }.explanation");
    }

    @Test
    void aNeedGoesToAServiceThatTakesSuchNeeds_andEachOtherOneIsToldWhyNot() {
        try (Mechanism country = new Mechanism("QT")) {
            Provider noPregnancies = shelter(country, "excludes=pregnant");
            Provider noEmergencies = shelter(country, "urgency=normal");
            Provider notWithLegal = shelter(country, "not-with=LEGAL");
            Provider slow = shelter(country, "admits=pregnant", "responds-within-hours=96");
            Provider prepared = shelter(country, "admits=pregnant", "responds-within-hours=2");
            Provider lawyers = country.provider("LEGAL");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated legal = country.need(code, "LEGAL", "normal", Duration.ofDays(14));
            assertThat(Mechanism.openOffer(country.awaitOffer(legal.id())).get("organisation"))
                    .isEqualTo(lawyers.organisation());
            Stated bed = country.need(code, "SAFE_SHELTER", "urgent", Duration.ofDays(3), List.of("pregnant"));
            assertThat(Mechanism.openOffer(country.awaitOffer(bed.id())).get("organisation"))
                    .isEqualTo(prepared.organisation());

            JsonPath routing = as(country.caseWorker())
                    .get("/referrals/" + bed.id() + "/routing")
                    .jsonPath();
            assertThat(why(routing, "decisions[0]", noPregnancies))
                    .isEqualTo("Le service ne peut pas accueillir dans une situation indiquée avec le besoin.");
            assertThat(why(routing, "decisions[0]", noEmergencies))
                    .isEqualTo("Le service ne prend pas les besoins de cette urgence.");
            assertThat(why(routing, "decisions[0]", notWithLegal))
                    .isEqualTo("Le service ne doit pas être combiné avec un autre besoin de cette personne.");
            assertThat(routing.getString("decisions[0].kept[0].explanation")).contains("sous 2 h");
            assertThat(routing.getString("decisions[0].kept[1].serviceId")).isEqualTo(slow.service());
            assertThat(routing.getInt("decisions[0].weights.version")).isEqualTo(2);

            JsonPath coordinated =
                    as(coordinator()).get("/referrals/" + bed.id() + "/routing").jsonPath();
            for (Provider one : List.of(noPregnancies, noEmergencies, notWithLegal)) {
                assertThat(why(coordinated, "decisions[0]", one))
                        .isEqualTo("Le service ne prend pas un tel besoin à ses conditions.");
            }
            assertThat(coordinated.getList("decisions[0].kept.serviceId"))
                    .containsExactly(prepared.service(), slow.service());
            assertThat(coordinated.getString("decisions[0].kept[0].got")).isNull();
            Map<String, Object> asked = new HashMap<>(Map.of(
                    "service",
                    "SAFE_SHELTER",
                    "place",
                    country.place,
                    "age",
                    19,
                    "sex",
                    "Feminine",
                    "urgency",
                    "urgent",
                    "circumstances",
                    List.of("pregnant"),
                    "otherNeeds",
                    List.of("LEGAL")));
            JsonPath would = as(country.caseWorker())
                    .body(asked)
                    .post("/routing/what-ifs")
                    .jsonPath();
            assertThat(would.getList("kept.serviceId", String.class))
                    .as("a promise outweighs one open offer")
                    .containsExactly(prepared.service(), slow.service());
            Map.of(noPregnancies, "out.circumstances", noEmergencies, "out.urgency", notWithLegal, "out.not-with")
                    .forEach((provider, reason) -> assertThat(would.getList(
                                    "leftOut.find { it.serviceId == '" + provider.service() + "' }.reasons.code"))
                            .isEqualTo(List.of(reason)));
            asked.put("circumstances", List.of("tired"));
            Response refused = as(country.caseWorker()).body(asked).post("/routing/what-ifs");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.jsonPath().getString("errors[0].field")).startsWith("circumstances");
        }
    }

    @Test
    void aNeedWaitsOnlyForOneThatSomebodyIsAskedFor_andIsLookedAtWhenThatOneEnds() {
        try (Mechanism country = new Mechanism("QX")) {
            Provider notWithLegal = shelter(country, "not-with=LEGAL");
            country.provider("LEGAL");
            country.importDirectory();

            String alone = country.newCase();
            country.consent(alone, null, List.of("services"));
            Stated nobodys = country.need(alone, "POLICE", "normal", Duration.ofDays(14));
            awaitState(country, nobodys, "gap");
            Stated childs = country.needOfSomebodyElse(alone, "LEGAL", "normal", Duration.ofDays(14));
            country.awaitOffer(childs.id());
            Stated bed = country.need(alone, "SAFE_SHELTER", "urgent", Duration.ofDays(3));
            assertThat(Mechanism.openOffer(country.awaitOffer(bed.id())).get("organisation"))
                    .as("a lawyer for somebody who comes along is none for the person")
                    .isEqualTo(notWithLegal.organisation());

            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated legal = country.need(code, "LEGAL", "normal", Duration.ofDays(14));
            country.awaitOffer(legal.id());
            Stated shutOut = country.need(code, "SAFE_SHELTER", "urgent", Duration.ofDays(3));
            awaitState(country, shutOut, "gap");
            Stated sisters = country.needOfSomebodyElse(code, "SAFE_SHELTER", "urgent", Duration.ofDays(3));
            assertThat(Mechanism.openOffer(country.awaitOffer(sisters.id())).get("organisation"))
                    .as("and the other way round")
                    .isEqualTo(notWithLegal.organisation());
            assertThat(country.change(
                                    country.caseWorker(),
                                    legal.id(),
                                    "cancellation",
                                    Map.of("reason", "no-longer-needed"))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(Mechanism.openOffer(country.awaitOffer(shutOut.id())).get("organisation"))
                    .isEqualTo(notWithLegal.organisation());
        }
    }

    @Test
    void aNeedThatNobodyWasFoundForShutsNoOtherOut() {
        try (Mechanism country = new Mechanism("QY")) {
            Provider notWithLegal = shelter(country, "not-with=LEGAL");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            awaitState(country, country.need(code, "LEGAL", "normal", Duration.ofDays(14)), "gap");
            Stated bed = country.need(code, "SAFE_SHELTER", "emergency", Duration.ofHours(2));
            assertThat(Mechanism.openOffer(country.awaitOffer(bed.id())).get("organisation"))
                    .isEqualTo(notWithLegal.organisation());
        }
    }

    private static void awaitState(Mechanism country, Stated need, String state) {
        country.awaitReferral(
                country.caseWorker(),
                need.id(),
                referral -> referral.getString("state").equals(state));
    }

    @Test
    void whoseListingGrewOldIsAskedToMakeSureOfIt_onceInAPeriod_untilTheyDo() {
        try (Mechanism country = new Mechanism("QS")) {
            String longAgo = LocalDate.now(ZoneOffset.UTC).minusDays(181).toString();
            Provider old = country.provider("LEGAL", Map.of("assured_date", longAgo), Map.of());
            Provider fresh = country.provider(
                    "LEGAL",
                    Map.of(
                            "assured_date",
                            LocalDate.now(ZoneOffset.UTC).minusDays(90).toString()),
                    Map.of());
            Provider undated = country.provider("LEGAL");
            country.importDirectory();
            String system = Tokens.of("systeme", List.of("partner-system"), old.organisation());
            String subscription = as(system)
                    .header("Idempotency-Key", UUID.randomUUID().toString())
                    .body(Map.of("name", "Annuaire"))
                    .post("/subscriptions")
                    .jsonPath()
                    .getString("subscriptionId");
            look();
            JsonPath asked = await(
                    () -> asked(providerOf(old.organisation()), old), listed -> listed.getInt("services.size()") == 1);
            assertThat(asked.getString("services[0].id")).isEqualTo(old.service());
            String at = asked.getString("services[0].assuranceAskedAt");
            assertThat(at).isNotNull();
            for (Provider other : List.of(fresh, undated)) {
                assertThat(asked(coordinator(), other).getList("services"))
                        .as("it has time; one without a date counts from when it was listed")
                        .isEmpty();
            }
            JsonPath told = await(
                    () -> as(system)
                            .get("/subscriptions/" + subscription + "/events?limit=10")
                            .jsonPath(),
                    page -> !page.getList("type").isEmpty());
            assertThat(told.getList("type")).containsExactly("passerelle.referral.assurance-asked.v1");
            assertThat(told.getList("[0].data.services", String.class)).containsExactly(old.service());

            look();
            assertThat(asked(coordinator(), old).getString("services[0].assuranceAskedAt"))
                    .as("not again in the same period")
                    .isEqualTo(at);

            assertThat(inbox(old).getInt("assuranceAsked")).isEqualTo(1);
            assertThat(inbox(fresh).getMap("")).doesNotContainKey("assuranceAsked");
            assertThat(assure(providerOf(fresh.organisation()), old).statusCode())
                    .as("the listing of another organisation")
                    .isEqualTo(404);
            assertThat(assure(providerOf(old.organisation()), old).statusCode()).isEqualTo(200);
            assertThat(inbox(old).getMap("")).doesNotContainKey("assuranceAsked");
            assertThat(asked(providerOf(old.organisation()), old).getList("services"))
                    .isEmpty();
            country.importDirectory();
            look();
            assertThat(asked(coordinator(), old).getList("services"))
                    .as("an older document does not take the assurance back")
                    .isEmpty();
        }
    }

    @Test
    void whoCannotBeAskedHoldsUpNobodyElse_andIsAskedOnceItCanBe() {
        try (Mechanism country = new Mechanism("QK")) {
            Map<String, Object> old = Map.of(
                    "assured_date", LocalDate.now(ZoneOffset.UTC).minusDays(181).toString());
            Provider broken = country.provider("LEGAL", old, Map.of());
            Provider other = country.provider("LEGAL", old, Map.of());
            country.importDirectory();
            String stream = "assurance-" + broken.organisation();
            run("insert into stream (id, category, version, last_recorded_at) values ('" + stream
                    + "', 'assurance', 1, now())");
            run("insert into event (id, stream_id, version, type, schema_version, data, metadata, recorded_at)"
                    + " select nextval('event_id'), '" + stream + "', 1, 'directory.of-a-later-release', 1,"
                    + " '{}'::bytea, metadata, now() from event limit 1");
            look();
            await(
                    () -> asked(providerOf(other.organisation()), other),
                    listed -> listed.getInt("services.size()") == 1);
            assertThat(asked(providerOf(broken.organisation()), broken).getList("services"))
                    .isEmpty();

            run("delete from event where stream_id = '" + stream + "'");
            run("update stream set version = 0 where id = '" + stream + "'");
            await(
                    () -> asked(providerOf(broken.organisation()), broken),
                    listed -> listed.getInt("services.size()") == 1);
        }
    }

    private static Response assure(String token, Provider provider) {
        return as(token)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .post("/directory/services/" + provider.service() + "/assurance");
    }

    private static JsonPath inbox(Provider of) {
        return as(providerOf(of.organisation())).get("/referrals?role=inbox").jsonPath();
    }

    private static JsonPath asked(String token, Provider of) {
        return as(token)
                .get("/directory/services?assuranceAskedOf=" + of.organisation())
                .jsonPath();
    }

    private interface Looking {
        JsonPath now();
    }

    private static JsonPath await(Looking looking, Predicate<JsonPath> shows) {
        Instant end = Instant.now().plus(Mechanism.PATIENCE);
        JsonPath found = looking.now();
        while (!shows.test(found)) {
            assertThat(Instant.now()).as("in vain: %s", found.prettify()).isBefore(end);
            pause();
            found = looking.now();
        }
        return found;
    }

    /** The look that comes every hour comes now, and is over. */
    private void look() {
        run("update deadline set due_at = now(), not_before = now() where stream_id = 'assurance-all'");
        Instant end = Instant.now().plus(Mechanism.PATIENCE);
        while (run("select 1 from deadline where stream_id = 'assurance-all' and due_at > now() + interval '1 min'")
                == 0) {
            assertThat(Instant.now()).as("the look comes").isBefore(end);
            pause();
        }
    }

    private int run(String sql) {
        return pool.query(sql).execute().await().atMost(Duration.ofSeconds(10)).size();
    }
}
