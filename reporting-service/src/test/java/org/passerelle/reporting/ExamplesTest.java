package org.passerelle.reporting;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.passerelle.edge.testkit.ExamplesBattery;
import org.passerelle.edge.testkit.LocalBackends;

/** The whole road of a case, told by the three other services. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("examples")
class ExamplesTest extends ExamplesBattery {

    private static final String CASE = "4829-1370-6158";
    private static final String OWNER = "6a4b2c1e-58d3-4f0a-9c7e-2b1d3e5f7a90";

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    ExamplesTest() {
        super("reporting");
    }

    @BeforeEach
    void tell() throws InterruptedException {
        String code = TopicsAndTokens.newCode();
        isReally(CASE, code);
        isReally(OWNER, ToldCase.OWNER);
        try (TopicsAndTokens topics = new TopicsAndTokens(bootstrapServers)) {
            topics.publish(ToldCase.wholeRoad(code, Instant.parse("2026-11-20T10:00:00Z"))
                    .entries());
            TopicsAndTokens.awaitTimeline(code, 20);
        }
    }

    @Override
    protected Unreadable unreadable() {
        return new Unreadable("ledger-of-identification", "identification", "case-detected");
    }
}
