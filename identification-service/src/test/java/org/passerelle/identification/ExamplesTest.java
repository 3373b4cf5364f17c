package org.passerelle.identification;

import static io.restassured.RestAssured.given;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.passerelle.edge.testkit.ExamplesBattery;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.OtherService;
import org.passerelle.edge.testkit.Patience;
import org.passerelle.edge.testkit.Tokens;

/** The provider of the story is the one of referral-service's examples, which is played here; so is a neighbouring country. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(value = NeighbouringCountry.class, restrictToAnnotatedClass = true)
@Tag("examples")
class ExamplesTest extends ExamplesBattery {

    private static final String CASE = "4829-1370-6158";
    private static final String NEED = "b7e1d0a4-92c6-4c1f-a5d3-7f8e9a0b1c2d";
    private static final String PROVIDER = "d3a1f5b7-0c2e-4a68-9b4d-5e6f7a8b9c0d";
    private static final String OWNER = "6a4b2c1e-58d3-4f0a-9c7e-2b1d3e5f7a90";

    /** Who answers for those whom another country hands over. */
    private static final String DESK = "8d5e7f90-1a2b-4c3d-9e4f-5a6b7c8d9e0f";

    /** The second hand-over to this country, which comes by itself: only the sender knows its id. */
    private static final String SENT = "f0e1d2c3-b4a5-4968-8776-655443322110";

    /** Not one that could be shown to anybody. */
    private static final String TICKET = "eyJhbGciOiJFUzI1NiIsInR5cCI6InBhc3NlcmVsbGUtc2xpY2Urand0In0.….…";

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    ExamplesTest() {
        super("identification");
        isReally(DESK, NeighbouringCountry.desk());
    }

    @Override
    protected void before(String operation) {
        if (operation.equals("GET /identification/cases/{caseCode}/slice")) {
            tell("offer-accepted", Map.of("referralId", real(NEED), "organisation", real(PROVIDER)));
        } else if (operation.equals("POST /identification/links/slice")) {
            isReally(TICKET, LinkTickets.signed(LinkTickets.key(), real(PROVIDER), real(CASE), real(NEED), Map.of()));
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

    @Override
    protected void send(String operation, String ofTheStory, RequestSpecification request) {
        if (operation.contains("/cross-border/")) {
            UUID handOver = UUID.randomUUID();
            String file = NeighbouringCountry.handOver(handOver);
            request.header("Passerelle-Proof", NeighbouringCountry.proof(file))
                    .body(file.getBytes(StandardCharsets.US_ASCII));
            if (operation.endsWith("/messages")) {
                isReally(SENT, handOver.toString());
            }
        } else {
            super.send(operation, ofTheStory, request);
        }
    }

    @Override
    protected Unreadable unreadable() {
        return new Unreadable("identification.onward-referrals", "referral", "onward-referral-agreed");
    }
}
