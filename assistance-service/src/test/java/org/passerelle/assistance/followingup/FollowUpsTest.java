package org.passerelle.assistance.followingup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.passerelle.assistance.Mechanism.as;
import static org.passerelle.assistance.Mechanism.once;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.assistance.Mechanism;
import org.passerelle.assistance.publishing.Topic;
import org.passerelle.edge.testkit.LocalBackends;

@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("road")
class FollowUpsTest {
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

    private String followUps() {
        return "/plans/" + mechanism.caseCode + "/follow-ups";
    }

    private String scheduled(Instant dueAt) {
        return once(mechanism.asCaseWorker())
                .body(Map.of("dueAt", dueAt.toString(), "kind", "visit"))
                .post(followUps())
                .then()
                .statusCode(201)
                .extract()
                .path("followUpId");
    }

    private String state(String followUp) {
        return mechanism
                .asCaseWorker()
                .get("/plans/" + mechanism.caseCode)
                .jsonPath()
                .getString("followUps.find { it.followUpId == '" + followUp + "' }.state");
    }

    @Test
    void a_follow_up_comes_due_once_stands_on_the_worklist_and_is_done() {
        String followUp = scheduled(Instant.now().plusMillis(1_500));
        Mechanism.await(() -> state(followUp).equals("DUE"));
        mechanism
                .asCaseWorker()
                .get("/plans?due=true")
                .then()
                .body("plans.caseCode", contains(mechanism.caseCode))
                .body("plans[0].followUpsDue", equalTo(1));

        once(mechanism.asCaseWorker())
                .body(Map.of("outcome", "needs-more-help", "note", "wants to learn to sew"))
                .post(followUps() + "/" + followUp + "/outcome")
                .then()
                .statusCode(201);
        assertThat(state(followUp)).isEqualTo("DONE");
        mechanism.asCaseWorker().get("/plans?due=true").then().body("plans.size()", equalTo(0));

        try (Topic topic = new Topic(kafka, mechanism.caseCode)) {
            topic.await(5);
            assertThat(topic.settled().stream().map(Topic.Heard::type))
                    .containsExactly(
                            "passerelle.assistance.plan-opened.v1",
                            "passerelle.assistance.service-agreed.v1",
                            "passerelle.assistance.follow-up-scheduled.v1",
                            "passerelle.assistance.follow-up-due.v1",
                            "passerelle.assistance.follow-up-done.v1");
        }
    }

    @Test
    void one_that_was_done_early_does_not_come_due() throws InterruptedException {
        String followUp = scheduled(Instant.now().plusMillis(2_500));
        once(mechanism.asCaseWorker())
                .body(Map.of("outcome", "safe"))
                .post(followUps() + "/" + followUp + "/outcome")
                .then()
                .statusCode(201);
        Thread.sleep(3_500);
        assertThat(state(followUp)).isEqualTo("DONE");
    }

    @Test
    void the_past_an_unknown_one_and_a_second_outcome_are_refused() {
        once(mechanism.asCaseWorker())
                .body(Map.of("dueAt", Instant.now().minusSeconds(1).toString()))
                .post(followUps())
                .then()
                .statusCode(422)
                .body("errors[0].field", equalTo("dueAt"));
        once(mechanism.asCaseWorker())
                .body(Map.of("outcome", "safe"))
                .post(followUps() + "/" + UUID.randomUUID() + "/outcome")
                .then()
                .statusCode(404);
        String followUp = scheduled(Instant.now().plusSeconds(3_600));
        once(mechanism.asCaseWorker())
                .body(Map.of("outcome", "safe"))
                .post(followUps() + "/" + followUp + "/outcome")
                .then()
                .statusCode(201);
        once(mechanism.asCaseWorker())
                .body(Map.of("outcome", "declined"))
                .post(followUps() + "/" + followUp + "/outcome")
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:passerelle:problem:follow-up-already-done"));
        once(mechanism.asCaseWorker())
                .body(Map.of("outcome", "stable"))
                .post(followUps() + "/" + followUp + "/outcome")
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("outcome"));
    }

    @Test
    void only_the_owning_organisation_follows_up() {
        once(mechanism.asShelter())
                .body(Map.of("dueAt", Instant.now().plusSeconds(3_600).toString()))
                .post(followUps())
                .then()
                .statusCode(403);
        once(as("case-worker", mechanism.shelter))
                .body(Map.of("dueAt", Instant.now().plusSeconds(3_600).toString()))
                .post(followUps())
                .then()
                .statusCode(404);
    }
}
