package org.passerelle.assistance.publishing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.assistance.Mechanism.once;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.assistance.Mechanism;
import org.passerelle.contracts.PublishedEvents;
import org.passerelle.edge.testkit.LocalBackends;

@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("road")
class PublishedPlansTest {
    @ConfigProperty(name = "kafka.bootstrap.servers")
    String kafka;

    @Test
    void a_whole_plan_is_told_in_order_by_contract_and_without_a_word_of_its_notes() {
        try (Mechanism mechanism = new Mechanism(kafka).withShelterAgreed();
                Topic topic = new Topic(kafka, mechanism.caseCode)) {
            String plan = "/plans/" + mechanism.caseCode;
            once(mechanism.asShelter())
                    .body(Map.of(
                            "referralId",
                            mechanism.referral,
                            "deliveredAt",
                            Instant.now().toString(),
                            "note",
                            "Espérance wept"))
                    .post(plan + "/deliveries")
                    .then()
                    .statusCode(201);
            String followUp = once(mechanism.asCaseWorker())
                    .body(Map.of("dueAt", Instant.now().plusSeconds(3_600).toString(), "kind", "telephone"))
                    .post(plan + "/follow-ups")
                    .path("followUpId");
            once(mechanism.asCaseWorker())
                    .body(Map.of("outcome", "safe", "note", "Espérance sings"))
                    .post(plan + "/follow-ups/" + followUp + "/outcome")
                    .then()
                    .statusCode(201);
            mechanism.referrals.publish(
                    "referral-completed",
                    mechanism.caseCode,
                    mechanism.completed(mechanism.referral, mechanism.shelter));
            String version = mechanism
                    .awaitPlan(it -> it.jsonPath().getInt("openReferrals") == 0)
                    .header("ETag");
            once(mechanism.asCaseWorker())
                    .header("If-Match", version)
                    .body(Map.of("reason", "plan_completed"))
                    .post(plan + "/closure")
                    .then()
                    .statusCode(201);

            topic.await(7);
            List<Topic.Heard> told = topic.settled();
            assertThat(told.stream().map(event -> event.type().substring("passerelle.assistance.".length())))
                    .containsExactly(
                            "plan-opened.v1",
                            "service-agreed.v1",
                            "service-delivered.v1",
                            "follow-up-scheduled.v1",
                            "follow-up-done.v1",
                            "service-ended.v1",
                            "plan-closed.v1");
            for (Topic.Heard event : told) {
                assertThat(PublishedEvents.violations(event.type(), event.data()))
                        .isEmpty();
                assertThat(event.key()).isEqualTo(mechanism.caseCode);
                assertThat(event.subject()).isEqualTo(mechanism.caseCode);
                assertThat(event.data().toString()).doesNotContain("Espérance");
            }
        }
    }
}
