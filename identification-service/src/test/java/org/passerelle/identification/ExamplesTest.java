package org.passerelle.identification;

import static io.restassured.RestAssured.given;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.passerelle.edge.testkit.ExamplesBattery;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.OtherService;
import org.passerelle.edge.testkit.Patience;
import org.passerelle.edge.testkit.Tokens;

/** The provider of the story is the one of referral-service's examples, which is played here. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("examples")
class ExamplesTest extends ExamplesBattery {

    private static final String CASE = "4829-1370-6158";
    private static final String NEED = "b7e1d0a4-92c6-4c1f-a5d3-7f8e9a0b1c2d";
    private static final String PROVIDER = "d3a1f5b7-0c2e-4a68-9b4d-5e6f7a8b9c0d";
    private static final String OWNER = "6a4b2c1e-58d3-4f0a-9c7e-2b1d3e5f7a90";

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    ExamplesTest() {
        super("identification");
    }

    @Override
    protected void before(String operation) {
        if (operation.endsWith("/slice")) {
            tell("offer-accepted", Map.of("referralId", real(NEED), "organisation", real(PROVIDER)));
        } else if (operation.endsWith("/closure")) {
            tell(
                    "referral-completed",
                    Map.of("referralId", real(NEED), "organisation", real(PROVIDER), "outcome", "got-help"));
            Patience.until(() -> settled() != null);
        }
    }

    private void tell(String event, Map<String, String> data) {
        try (OtherService referral = new OtherService("referral", broker)) {
            referral.publish(event, real(CASE), data);
        }
    }

    private String settled() {
        return given().auth()
                .oauth2(Tokens.of("examples", List.of("case-worker"), real(OWNER)))
                .get("/cases/" + real(CASE))
                .jsonPath()
                .getString("needs[0].settled");
    }
}
