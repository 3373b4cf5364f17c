package org.passerelle.assistance;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.passerelle.edge.testkit.ExamplesBattery;
import org.passerelle.edge.testkit.LocalBackends;

/** The case and its referral are those of the two other services' examples, which are played here. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("examples")
class ExamplesTest extends ExamplesBattery {

    private static final String CASE = "4829-1370-6158";
    private static final String NEED = "b7e1d0a4-92c6-4c1f-a5d3-7f8e9a0b1c2d";
    private static final String OFFER = "9e8d7c6b-5a49-4382-a716-0f1e2d3c4b5a";
    private static final String PROVIDER = "d3a1f5b7-0c2e-4a68-9b4d-5e6f7a8b9c0d";
    private static final String OWNER = "6a4b2c1e-58d3-4f0a-9c7e-2b1d3e5f7a90";

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String kafka;

    private Mechanism mechanism;

    ExamplesTest() {
        super("assistance");
    }

    @BeforeEach
    void open() {
        mechanism = new Mechanism(kafka).withShelterAgreed();
        isReally(CASE, mechanism.caseCode);
        isReally(NEED, mechanism.referral);
        isReally(OFFER, mechanism.offer);
        isReally(PROVIDER, mechanism.shelter);
        isReally(OWNER, mechanism.owner);
        isReally("2026-11-22T08:00:00Z", Instant.now().minusSeconds(3600).toString());
        isReally("2026-12-06T09:00:00Z", Instant.now().plus(Duration.ofDays(14)).toString());
    }

    @AfterEach
    void close() {
        mechanism.close();
    }

    @Override
    protected void before(String operation) {
        if (operation.endsWith("/closure")) {
            mechanism.referrals.publish(
                    "referral-completed",
                    mechanism.caseCode,
                    mechanism.completed(mechanism.referral, mechanism.shelter));
            mechanism.awaitPlan(plan -> plan.jsonPath().getInt("openReferrals") == 0);
        }
    }

    @Override
    protected Unreadable unreadable() {
        return new Unreadable("plans-of-referrals", "referral", "offer-accepted");
    }
}
