package org.passerelle.assistance.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.passerelle.assistance.Mechanism.as;
import static org.passerelle.assistance.Mechanism.once;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.assistance.Mechanism;
import org.passerelle.edge.testkit.LocalBackends;

@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("road")
class PlansTest {
    @ConfigProperty(name = "kafka.bootstrap.servers")
    String kafka;

    @Inject
    Pool pool;

    private Mechanism mechanism;

    @BeforeEach
    void open() {
        mechanism = new Mechanism(kafka);
    }

    @AfterEach
    void close() {
        mechanism.close();
    }

    /** What a caller who makes up a position would send. */
    private static String unsigned(String position) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(position.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void an_accepted_offer_opens_the_plan_and_another_extends_it() {
        mechanism.withShelterAgreed();
        String medical = UUID.randomUUID().toString();
        mechanism.referrals.publish("referral-requested", mechanism.caseCode, mechanism.requested(medical, "MEDICAL"));
        mechanism.referrals.publish(
                "offer-accepted",
                mechanism.caseCode,
                mechanism.accepted(medical, UUID.randomUUID().toString(), mechanism.clinic, "MEDICAL"));
        mechanism
                .awaitPlan(plan -> plan.jsonPath().getList("services").size() == 2)
                .then()
                .header("Cache-Control", "no-store")
                .body("stage", equalTo("OPEN"))
                .body("owner", equalTo(mechanism.owner))
                .body("services.service", contains("SAFE_SHELTER", "MEDICAL"))
                .body("services.organisation", contains(mechanism.shelter, mechanism.clinic))
                .body("openReferrals", equalTo(2));
    }

    @Test
    void an_event_that_arrives_twice_has_one_effect() {
        mechanism.identification.publish("case-detected", mechanism.caseCode, mechanism.detected());
        var accepted = mechanism.accepted(mechanism.referral, mechanism.offer, mechanism.shelter, "SAFE_SHELTER");
        long sequence = mechanism.referrals.publish("offer-accepted", mechanism.caseCode, accepted);
        mechanism.referrals.again(sequence, "offer-accepted", mechanism.caseCode, accepted);
        // The same fact under a new sequence, as after a restore of the sender.
        mechanism.referrals.publish("offer-accepted", mechanism.caseCode, accepted);
        mechanism.referrals.publish(
                "referral-completed", mechanism.caseCode, mechanism.completed(mechanism.referral, mechanism.shelter));
        mechanism
                .awaitPlan(plan -> "completed".equals(plan.jsonPath().getString("services[0].ended")))
                .then()
                .body("services", hasSize(1));
    }

    @Test
    void a_provider_sees_its_own_services_only_and_a_stranger_nothing() {
        mechanism.withShelterAgreed();
        String medical = UUID.randomUUID().toString();
        mechanism.referrals.publish(
                "offer-accepted",
                mechanism.caseCode,
                mechanism.accepted(medical, UUID.randomUUID().toString(), mechanism.clinic, "MEDICAL"));
        mechanism.awaitPlan(plan -> plan.jsonPath().getList("services").size() == 2);
        String plan = "/plans/" + mechanism.caseCode;

        mechanism
                .asShelter()
                .get(plan)
                .then()
                .statusCode(200)
                .body("services.service", contains("SAFE_SHELTER"))
                .body("openReferrals", nullValue())
                .body("followUps", nullValue());

        String stranger = UUID.randomUUID().toString();
        String refused = as("provider", stranger)
                .get(plan)
                .then()
                .statusCode(404)
                .extract()
                .asString();
        assertThat(as("case-worker", stranger).get(plan).asString()).isEqualTo(refused);
        assertThat(as("provider", mechanism.owner).get(plan).statusCode()).isEqualTo(404);
        for (String unknown : List.of(Mechanism.newCaseCode(), "no-code", "1".repeat(300))) {
            assertThat(mechanism
                            .asCaseWorker()
                            .get("/plans/" + unknown)
                            .then()
                            .statusCode(404)
                            .extract()
                            .asString())
                    .isEqualTo(refused);
        }
        as("field-worker", mechanism.owner).get(plan).then().statusCode(403);
    }

    @Test
    void what_is_withheld_from_an_organisation_is_withheld_from_its_coordinators_too() {
        mechanism.withShelterAgreed();
        String feared = UUID.randomUUID().toString();
        String plan = "/plans/" + mechanism.caseCode;
        as("coordinator", feared).get(plan).then().statusCode(200);
        String consent = consent(List.of(feared));
        Mechanism.await(() -> as("coordinator", feared).get(plan).statusCode() == 404);
        assertThat(coordinated(feared)).doesNotContain(mechanism.caseCode);
        assertThat(coordinated(mechanism.clinic)).contains(mechanism.caseCode);
        mechanism.asShelter().get(plan).then().statusCode(200);

        mechanism.identification.publish("consent-withdrawn", mechanism.caseCode, Map.of("consentId", consent));
        String fearsToo = consent("cross-border", List.of(mechanism.clinic));
        Mechanism.await(() -> as("coordinator", mechanism.clinic).get(plan).statusCode() == 404);
        as("coordinator", feared).get(plan).then().statusCode(404);
        mechanism.identification.publish("consent-withdrawn", mechanism.caseCode, Map.of("consentId", fearsToo));
        consent(List.of(mechanism.clinic));
        Mechanism.await(() -> as("coordinator", mechanism.clinic).get(plan).statusCode() == 404);
        Mechanism.await(() -> as("coordinator", feared).get(plan).statusCode() == 200);
        String looks = "/cases/" + mechanism.caseCode + "/access";
        as("auditor", feared).get(looks).then().statusCode(200);
        as("auditor", mechanism.clinic).get(looks).then().statusCode(404);

        String again = consent(List.of(feared));
        consent(List.of(mechanism.clinic));
        mechanism.identification.publish("consent-withdrawn", mechanism.caseCode, Map.of("consentId", again));
        String last = UUID.randomUUID().toString();
        consent("cross-border", List.of(last));
        Mechanism.await(() -> as("coordinator", last).get(plan).statusCode() == 404);
        as("coordinator", feared).get(plan).then().statusCode(404);
        consent(List.of(mechanism.clinic));
        Mechanism.await(() -> as("coordinator", feared).get(plan).statusCode() == 200);
    }

    @Test
    void while_a_consent_cannot_be_processed_nobody_coordinates_the_case() {
        mechanism.withShelterAgreed();
        String plan = "/plans/" + mechanism.caseCode;
        as("coordinator", mechanism.clinic).get(plan).then().statusCode(200);
        mechanism.identification.publish("consent-recorded", mechanism.caseCode, Map.of("scopes", List.of()));
        Mechanism.await(() -> as("coordinator", mechanism.clinic).get(plan).statusCode() == 404);
        assertThat(coordinated(mechanism.clinic)).doesNotContain(mechanism.caseCode);
        mechanism.asCaseWorker().get(plan).then().statusCode(200);
    }

    private String consent(List<String> withheldFrom) {
        return consent("services", withheldFrom);
    }

    private String consent(String scope, List<String> withheldFrom) {
        String id = UUID.randomUUID().toString();
        mechanism.identification.publish(
                "consent-recorded",
                mechanism.caseCode,
                Map.of(
                        "consentId",
                        id,
                        "scopes",
                        List.of(scope),
                        "recipients",
                        Map.of("any", true, "organisations", List.of()),
                        "withheldFrom",
                        Map.of("authorities", false, "organisations", withheldFrom)));
        return id;
    }

    private static List<String> coordinated(String organisation) {
        return as("coordinator", organisation)
                .queryParam("limit", 200)
                .get("/plans")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("plans.caseCode");
    }

    @Test
    void a_case_without_an_agreed_service_has_no_plan_to_see() {
        mechanism.identification.publish("case-detected", mechanism.caseCode, mechanism.detected());
        mechanism.referrals.publish(
                "referral-requested", mechanism.caseCode, mechanism.requested(mechanism.referral, "MEDICAL"));
        Mechanism.await(() -> stored(mechanism.caseCode) == 2);
        mechanism.asCaseWorker().get("/plans/" + mechanism.caseCode).then().statusCode(404);
        mechanism.asCaseWorker().get("/plans").then().statusCode(200).body("plans", hasSize(0));
    }

    @Test
    void the_worklist_shows_each_reader_what_is_theirs_earliest_follow_up_first() {
        mechanism.withShelterAgreed();
        try (Mechanism second = new Mechanism(kafka)) {
            second.referrals.publish(
                    "offer-accepted",
                    second.caseCode,
                    Map.of(
                            "referralId", second.referral,
                            "offerId", second.offer,
                            "organisation", mechanism.shelter,
                            "service", "FOOD",
                            "requestedBy", mechanism.owner));
            Mechanism.await(() ->
                    mechanism.asCaseWorker().get("/plans/" + second.caseCode).statusCode() == 200);
            once(mechanism.asCaseWorker())
                    .body(Map.of("dueAt", Instant.now().plusSeconds(86_400).toString()))
                    .post("/plans/" + second.caseCode + "/follow-ups")
                    .then()
                    .statusCode(201);

            mechanism
                    .asCaseWorker()
                    .get("/plans")
                    .then()
                    .statusCode(200)
                    .body("plans.caseCode", contains(second.caseCode, mechanism.caseCode))
                    .body("plans[1].openReferrals", equalTo(1))
                    .body("next", nullValue());
            mechanism.asCaseWorker().get("/plans?due=true").then().body("plans", hasSize(0));
            mechanism
                    .asShelter()
                    .get("/plans")
                    .then()
                    .body("plans", hasSize(2))
                    .body("plans[0].services.service", contains("FOOD"))
                    .body("plans[0].followUpsDue", nullValue())
                    .body("plans[0].nextFollowUpAt", nullValue());
            as("provider", mechanism.clinic).get("/plans").then().body("plans", hasSize(0));

            Set<String> paged = new HashSet<>();
            String next = null;
            do {
                var page = mechanism
                        .asCaseWorker()
                        .queryParam("limit", 1)
                        .queryParams(next == null ? Map.of() : Map.of("after", next))
                        .get("/plans")
                        .jsonPath();
                paged.addAll(page.getList("plans.caseCode"));
                next = page.getString("next");
            } while (next != null);
            assertThat(paged).containsExactlyInAnyOrder(mechanism.caseCode, second.caseCode);
            mechanism
                    .asCaseWorker()
                    .queryParam("after", unsigned(Instant.EPOCH + " 0000-0000-0000"))
                    .get("/plans")
                    .then()
                    .statusCode(422)
                    .body("errors[0].field", equalTo("after"));
        }
    }

    @Test
    void every_look_at_a_plan_is_recorded() {
        mechanism.withShelterAgreed();
        long before = looks(mechanism.caseCode);
        mechanism.asShelter().get("/plans/" + mechanism.caseCode).then().statusCode(200);
        mechanism.asShelter().get("/plans").then().statusCode(200);
        assertThat(looks(mechanism.caseCode)).isEqualTo(before + 2);
    }

    @Test
    void what_cannot_be_understood_parks_its_case_and_no_other() {
        mechanism.referrals.publish("offer-accepted", mechanism.caseCode, Map.of("referralId", mechanism.referral));
        try (Mechanism other = new Mechanism(kafka)) {
            other.withShelterAgreed();
            mechanism.referrals.publish(
                    "offer-accepted",
                    mechanism.caseCode,
                    mechanism.accepted(mechanism.referral, mechanism.offer, mechanism.shelter, "SAFE_SHELTER"));
            Mechanism.await(() ->
                    count("select count(*) from parked_record where key = $1", Tuple.of(mechanism.caseCode)) == 2);
            mechanism.asCaseWorker().get("/plans/" + mechanism.caseCode).then().statusCode(404);
        }
    }

    private long stored(String caseCode) {
        return count("select count(*) from event where stream_id = $1", Tuple.of("plan-" + caseCode));
    }

    private long looks(String caseCode) {
        return count(
                "select count(*) from event where type = 'access.case-read'"
                        + " and convert_from(data, 'UTF8') like '%' || $1::text || '%'",
                Tuple.of(caseCode));
    }

    private long count(String sql, Tuple parameters) {
        return pool.preparedQuery(sql)
                .execute(parameters)
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }
}
