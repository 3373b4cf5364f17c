package org.passerelle.assistance.closing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.passerelle.assistance.Mechanism.as;
import static org.passerelle.assistance.Mechanism.once;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.Map;
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
class ClosureTest {
    @ConfigProperty(name = "kafka.bootstrap.servers")
    String kafka;

    private Mechanism mechanism;

    @BeforeEach
    void open() {
        mechanism = new Mechanism(kafka).withShelterAgreed();
    }

    @AfterEach
    void close() {
        mechanism.close();
    }

    private Response closure(String reason, String version) {
        return once(mechanism.asCaseWorker())
                .header("If-Match", version)
                .body(Map.of("reason", reason))
                .post("/plans/" + mechanism.caseCode + "/closure");
    }

    private String version() {
        return mechanism.asCaseWorker().get("/plans/" + mechanism.caseCode).header("ETag");
    }

    private void complete(String referral, String organisation) {
        mechanism.referrals.publish(
                "referral-completed", mechanism.caseCode, mechanism.completed(referral, organisation));
    }

    @Test
    void a_plan_with_an_open_referral_refuses_to_close_whether_it_was_answered_or_not() {
        String unanswered = UUID.randomUUID().toString();
        mechanism.referrals.publish("referral-requested", mechanism.caseCode, mechanism.requested(unanswered, "LEGAL"));
        mechanism.awaitPlan(plan -> plan.jsonPath().getInt("openReferrals") == 2);
        closure("plan_completed", version())
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:passerelle:problem:referral-open"))
                .body("title", containsString("2"));
        complete(mechanism.referral, mechanism.shelter);
        mechanism.awaitPlan(plan -> plan.jsonPath().getInt("openReferrals") == 1);
        closure("plan_completed", version()).then().statusCode(409);
        mechanism.referrals.publish(
                "referral-cancelled",
                mechanism.caseCode,
                Map.of("referralId", unanswered, "reason", "no-longer-needed", "requestedBy", mechanism.owner));
        mechanism.awaitPlan(plan -> plan.jsonPath().getInt("openReferrals") == 0);
        closure("plan_completed", version()).then().statusCode(201);
    }

    @Test
    void a_gap_does_not_keep_the_plan_open_even_when_its_clock_runs_out_later() {
        String unmet = UUID.randomUUID().toString();
        mechanism.referrals.publish("referral-requested", mechanism.caseCode, mechanism.requested(unmet, "LEGAL"));
        mechanism.referrals.publish(
                "service-gap-found",
                mechanism.caseCode,
                Map.of("referralId", unmet, "service", "LEGAL", "place", "BI-BM", "requestedBy", mechanism.owner));
        mechanism.referrals.publish(
                "case-worker-task-raised",
                mechanism.caseCode,
                Map.of("referralId", unmet, "reason", "need-clock-overdue", "requestedBy", mechanism.owner));
        complete(mechanism.referral, mechanism.shelter);
        mechanism.awaitPlan(plan -> plan.jsonPath().getInt("openReferrals") == 0);
        closure("plan_completed", version()).then().statusCode(201);
    }

    @Test
    void closing_needs_the_version_that_was_read() {
        complete(mechanism.referral, mechanism.shelter);
        mechanism.awaitPlan(plan -> plan.jsonPath().getInt("openReferrals") == 0);
        once(mechanism.asCaseWorker())
                .body(Map.of("reason", "plan_completed"))
                .post("/plans/" + mechanism.caseCode + "/closure")
                .then()
                .statusCode(428);
        closure("plan_completed", "\"1\"").then().statusCode(412);
        closure("finished", version()).then().statusCode(400).body("errors[0].field", equalTo("reason"));
        once(as("provider", mechanism.shelter))
                .header("If-Match", version())
                .body(Map.of("reason", "plan_completed"))
                .post("/plans/" + mechanism.caseCode + "/closure")
                .then()
                .statusCode(403);
        closure("plan_completed", version()).then().statusCode(201);
        mechanism
                .asCaseWorker()
                .get("/plans/" + mechanism.caseCode)
                .then()
                .body("stage", equalTo("CLOSED"))
                .body("closure", equalTo("plan_completed"));
        once(mechanism.asCaseWorker())
                .body(Map.of("dueAt", Instant.now().plusSeconds(60).toString()))
                .post("/plans/" + mechanism.caseCode + "/follow-ups")
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:passerelle:problem:plan-not-open"));
    }

    @Test
    void closing_drops_the_follow_ups_that_were_still_to_be_made_and_a_new_service_opens_the_plan_again() {
        once(mechanism.asCaseWorker())
                .body(Map.of("dueAt", Instant.now().plusSeconds(3_600).toString()))
                .post("/plans/" + mechanism.caseCode + "/follow-ups")
                .then()
                .statusCode(201);
        complete(mechanism.referral, mechanism.shelter);
        mechanism.awaitPlan(plan -> plan.jsonPath().getInt("openReferrals") == 0);
        closure("lost_contact", version()).then().statusCode(201);
        mechanism
                .asCaseWorker()
                .get("/plans/" + mechanism.caseCode)
                .then()
                .body("followUps.state", contains("DROPPED"));

        String medical = UUID.randomUUID().toString();
        mechanism.referrals.publish(
                "offer-accepted",
                mechanism.caseCode,
                mechanism.accepted(medical, UUID.randomUUID().toString(), mechanism.clinic, "MEDICAL"));
        Response reopened =
                mechanism.awaitPlan(plan -> plan.jsonPath().getList("services").size() == 2);
        assertThat(reopened.jsonPath().getString("stage")).isEqualTo("OPEN");
        assertThat(reopened.jsonPath().getString("closure")).isNull();
    }

    @Test
    void a_closed_case_closes_its_plan_when_its_last_referral_has_ended() {
        mechanism.identification.publish("case-closed", mechanism.caseCode, Map.of("reason", "transferred"));
        complete(mechanism.referral, mechanism.shelter);
        mechanism
                .awaitPlan(plan -> "CLOSED".equals(plan.jsonPath().getString("stage")))
                .then()
                .body("closure", equalTo("transferred"));
    }
}
