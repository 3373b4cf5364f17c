package org.passerelle.referral;

import static org.passerelle.referral.Mechanism.as;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.TokenBattery;

@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
@Tag("tokens")
class TokensTest extends TokenBattery {

    TokensTest() {
        super("case-worker", "/referrals?role=outbox");
    }

    @Override
    protected void remove(String organisation, String subject) {
        post(
                organisation,
                "members/removal",
                Map.of("issuer", System.getProperty("passerelle.test.issuer"), "subject", subject));
    }

    @Override
    protected void suspend(String organisation) {
        post(organisation, "suspension", Map.of("reason", "security-incident"));
    }

    private static void post(String organisation, String what, Map<String, ?> body) {
        as(Mechanism.coordinator())
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(Map.of(
                        "organizations",
                        List.of(Map.of("id", organisation, "name", "Organisation " + organisation)),
                        "services",
                        List.of(),
                        "locations",
                        List.of(),
                        "service_at_locations",
                        List.of()))
                .post("/directory/imports")
                .then()
                .statusCode(200);
        as(Mechanism.coordinator())
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(body)
                .post("/directory/organisations/" + organisation + "/" + what)
                .then()
                .statusCode(200);
    }
}
