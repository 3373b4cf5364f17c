package org.passerelle.identification;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.TokenBattery;

@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("tokens")
class TokensTest extends TokenBattery {

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    TokensTest() {
        super("case-worker", "/cases");
    }

    @Override
    protected void remove(String organisation, String subject) {
        tell(broker, "member-removed", organisation, subject);
    }

    @Override
    protected void suspend(String organisation) {
        tell(broker, "organisation-suspended", organisation, null);
    }
}
