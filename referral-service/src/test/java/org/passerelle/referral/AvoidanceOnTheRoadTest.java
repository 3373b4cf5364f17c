package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.openOffer;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.Interleaving;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.WhyAvoided;
import org.passerelle.referral.referring.AvoidanceTold;
import org.passerelle.referral.referring.AvoidanceTold.AvoidedOrganisation;
import org.passerelle.referral.referring.CaseAvoidances;
import org.passerelle.referral.referring.ReferralStream;

/** What a case avoids, from the topic to those who may read of it and those who must not. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
@Tag("safety")
class AvoidanceOnTheRoadTest {

    private static final String UNSAFE =
            "Le trafiquant a une emprise là où se trouve, ou peut se trouver, le service, ou dans son organisation.";

    @Inject
    Pool pool;

    @Inject
    CaseAvoidances avoidances;

    private static String consented(Mechanism country) {
        country.importDirectory();
        String code = country.newCase();
        country.consent(code, null, List.of("services"));
        return code;
    }

    private static Map<String, String> reach(String organisation) {
        return Map.of(organisation, "trafficker-reach");
    }

    private static Provider other(Provider one, Provider two, String service) {
        return one.service().equals(service) ? two : one;
    }

    private static String inbox(Provider provider) {
        Response inbox = as(Mechanism.providerOf(provider.organisation())).get("/referrals?role=inbox");
        assertThat(inbox.statusCode()).isEqualTo(200);
        return inbox.asString();
    }

    @Test
    void aDangerThatIsLearntTakesTheOfferBack_andIsToldToNobodyButWhoKeepsTheCase() {
        try (Mechanism country = new Mechanism("SA")) {
            Provider one = country.provider("SAFE_SHELTER");
            Provider two = country.provider("SAFE_SHELTER");
            String code = consented(country);
            Stated need = country.need(code, "SAFE_SHELTER", "urgent", Duration.ofDays(3));
            String asked = (String) openOffer(country.awaitOffer(need.id())).get("serviceId");
            Provider feared = one.service().equals(asked) ? one : two;
            Provider next = other(one, two, asked);

            country.avoid(code, 1, List.of(), reach(feared.organisation()));
            JsonPath moved = country.awaitReferral(
                    country.caseWorker(),
                    need.id(),
                    referral ->
                            next.service().equals(referral.getString("offers.find { it.state == 'open' }.serviceId")));
            assertThat(moved.getList("tasks")).isEmpty();

            JsonPath owners = as(country.caseWorker())
                    .get("/referrals/" + need.id() + "/routing")
                    .jsonPath();
            assertThat(owners.getString(
                            "decisions[0].leftOut.find { it.serviceId == '" + feared.service() + "' }.explanation"))
                    .isEqualTo(UNSAFE);
            Response coordination = as(Mechanism.coordinator()).get("/referrals/" + need.id() + "/routing");
            assertThat(coordination.statusCode()).isEqualTo(200);
            assertThat(coordination.asString()).contains("out.conditions").doesNotContain("unsafe", "trafiquant");
            String toTheFeared = inbox(feared)
                    + as(Mechanism.providerOf(feared.organisation()))
                            .get("/referrals/" + need.id())
                            .asString();
            assertThat(toTheFeared).doesNotContain("unsafe", "circumstances", "avoid");
            assertThat(stored("referral-" + need.id())).doesNotContain("unsafe", "trafficker");
            assertThat(stored("avoidance-" + code))
                    .contains("revision", "$sealed")
                    .doesNotContain(feared.organisation())
                    .doesNotContain("trafficker");

            Response chosen = country.change(
                    country.caseWorker(),
                    need.id(),
                    "choice",
                    Map.of("serviceId", feared.service(), "reason", "person-asked"));
            assertThat(chosen.statusCode()).isEqualTo(422);
            assertThat(chosen.jsonPath().getString("type")).endsWith("not-to-be-overridden");

            country.avoid(code, 2, List.of(), Map.of());
            Mechanism.await(() -> country.change(
                                    country.caseWorker(),
                                    need.id(),
                                    "choice",
                                    Map.of("serviceId", feared.service(), "reason", "person-asked"))
                            .statusCode()
                    == 200);
        }
    }

    @Test
    void aNeedThatIsStatedAfterTheDangerGoesNowhereNearIt() {
        try (Mechanism country = new Mechanism("SB")) {
            Provider shelter = country.provider("SAFE_SHELTER");
            String code = consented(country);
            country.avoid(code, 1, List.of(country.place), Map.of());
            Stated need = country.need(code, "SAFE_SHELTER", "urgent", Duration.ofDays(3));
            country.awaitReferral(
                    country.caseWorker(),
                    need.id(),
                    referral -> referral.getString("state").equals("gap"));
            assertThat(as(country.caseWorker())
                            .get("/referrals/" + need.id() + "/routing")
                            .jsonPath()
                            .getString("decisions[0].leftOut.find { it.serviceId == '" + shelter.service()
                                    + "' }.explanation"))
                    .isEqualTo(UNSAFE);
        }
    }

    @Test
    void whereSomebodyHasAcceptedATaskAsksTheCaseWorker_andNobodyElseHearsOfIt() {
        try (Mechanism country = new Mechanism("SC")) {
            Provider shelter = country.provider("SAFE_SHELTER");
            String code = consented(country);
            Stated need = country.need(code, "SAFE_SHELTER", "urgent", Duration.ofDays(3));
            String offer = (String) openOffer(country.awaitOffer(need.id())).get("offerId");
            String provider = Mechanism.providerOf(shelter.organisation());
            country.ok(provider, need, "acceptance", Map.of("offerId", offer));
            country.avoid(code, 1, List.of(), Map.of(shelter.organisation(), "employs-suspect"));
            country.awaitReferral(
                    country.caseWorker(),
                    need.id(),
                    referral -> referral.getList("tasks").equals(List.of("placement-to-review")));
            assertThat(country.state(need)).isEqualTo("accepted");
            assertThat(as(provider).get("/referrals/" + need.id()).asString()).doesNotContain("placement-to-review");
        }
    }

    @Test
    void aDangerWhereThePersonIsHasToBeDecidedInTime_andThePlacementStandsUntilAnotherIsKnown() {
        try (Mechanism country = new Mechanism("SG")) {
            Provider shelter = country.provider("SAFE_SHELTER");
            String code = consented(country);
            Stated need = country.need(code, "SAFE_SHELTER", "emergency", Duration.ofHours(24));
            String offer = (String) openOffer(country.awaitOffer(need.id())).get("offerId");
            String provider = Mechanism.providerOf(shelter.organisation());
            country.ok(provider, need, "acceptance", Map.of("offerId", offer));
            country.ok(provider, need, "first-contact", Map.of());
            Map<String, Object> itsStep =
                    as(provider).get("/referrals/" + need.id()).jsonPath().getMap("nextStep");
            assertThat(country.change(country.caseWorker(), need.id(), "placement/review", Map.of())
                            .jsonPath()
                            .getString("title"))
                    .isEqualTo("Rien n’est apparu qui parle contre ce placement");

            country.avoid(code, 1, List.of(), reach(shelter.organisation()));
            JsonPath feared = awaitTasks(country, need, List.of("placement-to-review"));
            assertThat(feared.getString("decision.step")).isEqualTo("decision");
            assertThat(feared.getString("decision.of")).isEqualTo(country.owner);

            // 6, then 6 seconds: reminder, supervisor
            String above = Tokens.of("jefa", List.of("supervisor"), country.owner);
            Mechanism.await(() -> told(above, "told=supervisor").contains(need.id()));
            String theirs = Tokens.of("jefa", List.of("supervisor"), shelter.organisation());
            assertThat(told(theirs, "told=supervisor")).as("not theirs to know").isEmpty();
            assertThat(told(Mechanism.coordinator(), "role=all&told=supervisor&limit=200"))
                    .contains(need.id());
            Response coordination = as(Mechanism.coordinator()).get("/referrals/" + need.id());
            assertThat(coordination.jsonPath().getString("decision.told"))
                    .as("that, and not why")
                    .isIn("supervisor", "coordinator");
            assertThat(coordination.asString()).doesNotContain("placement-to-review");
            String coordinates = Tokens.of("jefe", List.of("coordinator"), shelter.organisation());
            Map<String, Object> listed = as(coordinates)
                    .get("/referrals?role=all&state=in-progress&limit=200")
                    .jsonPath()
                    .getMap("referrals.find { it.referralId == '" + need.id() + "' }");
            assertThat(listed)
                    .as("in the list of the coordination that is feared")
                    .containsEntry("provider", shelter.organisation())
                    .doesNotContainKey("decision");
            for (String feareds : List.of(provider, theirs)) {
                JsonPath seen = as(feareds).get("/referrals/" + need.id()).jsonPath();
                assertThat(seen.getMap("")).doesNotContainKey("decision");
                assertThat(seen.getMap("nextStep")).as("as if nothing was").isEqualTo(itsStep);
                assertThat(country.change(feareds, need.id(), "placement/review", Map.of())
                                .statusCode())
                        .isIn(403, 404);
            }

            country.ok(country.caseWorker(), need, "placement/review", Map.of("note", "une note secrète"));
            awaitTasks(country, need, List.of());
            assertThat(stored("referral-" + need.id()))
                    .contains("\"dangers\":{\"$sealed\"")
                    .doesNotContain("secrète", "trafficker");
            country.avoid(code, 2, List.of(country.place), reach(shelter.organisation()));
            awaitTasks(country, need, List.of("placement-to-review"));
            country.avoid(code, 3, List.of(), reach(shelter.organisation()));
            awaitTasks(country, need, List.of());
            assertThat(country.state(need)).isEqualTo("in-progress");
        }
    }

    /** The tasks, and with them the clock of what they ask; they are read one after the other. */
    private static JsonPath awaitTasks(Mechanism country, Stated need, List<String> tasks) {
        return country.awaitReferral(
                country.caseWorker(),
                need.id(),
                r -> r.getList("tasks").equals(tasks) && tasks.isEmpty() == (r.getMap("decision") == null));
    }

    private static List<String> told(String token, String query) {
        return as(token).get("/referrals?" + query).jsonPath().getList("referrals.referralId");
    }

    @Test
    void nobodyIsOfferedWhatIsAvoidedBeforeTheAppend() throws Exception {
        nobodyIsOffered("SD", (feared, place) -> danger(List.of(), List.of(feared.organisation())));
    }

    /** Which its service says by a site alone. */
    @Test
    void norWhereItIsAvoidedBeforeTheAppend() throws Exception {
        nobodyIsOffered("SG", (feared, place) -> danger(List.of(place), List.of()));
    }

    private void nobodyIsOffered(String name, BiFunction<Provider, String, AvoidanceTold> avoided) throws Exception {
        try (Mechanism country = new Mechanism(name)) {
            Provider one = country.provider("LEGAL");
            Provider two = country.provider("LEGAL");
            country.locate(one, name + "-A");
            country.locate(two, name + "-B");
            String code = consented(country);
            Stated need = country.need(code, "LEGAL", "normal", Duration.ofDays(14));
            String asked = (String) openOffer(country.awaitOffer(need.id())).get("serviceId");
            Provider feared = other(one, two, asked);
            Response late = Interleaving.of(
                    pool,
                    tx -> danger(tx, need, avoided.apply(feared, feared.equals(one) ? name + "-A" : name + "-B")),
                    () -> country.change(
                            country.caseWorker(),
                            need.id(),
                            "choice",
                            Map.of("serviceId", feared.service(), "reason", "person-asked")));
            assertThat(late.statusCode()).as(late.asString()).isEqualTo(422);
            assertThat(inbox(feared)).doesNotContain(need.id());
        }
    }

    /** It is kept while the referral's stream is locked, so that the choice that was permitted waits there. */
    private void danger(SqlConnection tx, Stated need, AvoidanceTold danger) {
        tx.preparedQuery("select from stream where id = $1 for update")
                .execute(Tuple.of(ReferralStream.of(new ReferralId(UUID.fromString(need.id())))
                        .text()))
                .chain(() -> avoidances.record(tx, new CaseCode(need.caseCode()), danger, Metadata.system("test")))
                .await()
                .indefinitely();
    }

    private static AvoidanceTold danger(List<String> places, List<String> organisations) {
        return new AvoidanceTold(
                1,
                places.stream().map(PlaceCode::new).toList(),
                organisations.stream()
                        .map(one -> new AvoidedOrganisation(OrganisationId.of(one), WhyAvoided.RUN_BY_SUSPECT))
                        .toList(),
                Instant.now());
    }

    @Test
    void whatCannotBeOpenedIsOfferedToNobody() {
        try (Mechanism country = new Mechanism("SE")) {
            country.provider("SAFE_SHELTER");
            String code = consented(country);
            Stated before = country.need(code, "SAFE_SHELTER", "urgent", Duration.ofDays(3));
            country.awaitOffer(before.id());
            country.avoidUnreadably(code, 1);
            Mechanism.await(() -> text("select count(*)::text from parked_record where key = '" + code + "'")
                            .compareTo("0")
                    > 0);
            country.need(code, "SAFE_SHELTER", "urgent", Duration.ofDays(3));
            assertThat(text("select count(*)::text from offer_view o join referral_view r using (referral_id)"
                            + " where r.case_code = '" + code + "'"))
                    .isEqualTo("1");
        }
    }

    @Test
    void aWhatIfSaysTheSame() {
        try (Mechanism country = new Mechanism("SF")) {
            Provider shelter = country.provider("SAFE_SHELTER");
            country.importDirectory();
            JsonPath would = as(country.caseWorker())
                    .body(Map.of(
                            "service",
                            "SAFE_SHELTER",
                            "place",
                            country.place,
                            "avoid",
                            Map.of(
                                    "places",
                                    List.of(country.place),
                                    "organisations",
                                    List.of(Map.of(
                                            "organisationId", shelter.organisation(), "why", "run-by-suspect")))))
                    .post("/routing/what-ifs")
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            assertThat(would.getList("kept")).isEmpty();
            assertThat(would.getList("leftOut.find { it.serviceId == '" + shelter.service() + "' }.reasons.code"))
                    .containsExactly("out.unsafe", "out.conflict");
        }
    }

    private String stored(String stream) {
        StringBuilder all = new StringBuilder();
        pool.preparedQuery("select data from event where stream_id = $1")
                .execute(Tuple.of(stream))
                .await()
                .indefinitely()
                .forEach(row -> all.append(((Buffer) row.getValue("data")).toString(StandardCharsets.UTF_8)));
        return all.toString();
    }

    private String text(String sql) {
        return pool.query(sql)
                .execute()
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getString(0);
    }
}
