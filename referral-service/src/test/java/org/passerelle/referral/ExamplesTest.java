package org.passerelle.referral;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.passerelle.edge.testkit.ExamplesBattery;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;

/** The need of the story is that of identification-service's examples, which is played here. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("examples")
class ExamplesTest extends ExamplesBattery {

    private static final String CASE = "4829-1370-6158";
    private static final String NEED = "b7e1d0a4-92c6-4c1f-a5d3-7f8e9a0b1c2d";
    private static final String PROVIDER = "d3a1f5b7-0c2e-4a68-9b4d-5e6f7a8b9c0d";
    private static final String OWNER = "6a4b2c1e-58d3-4f0a-9c7e-2b1d3e5f7a90";

    /** Needs of the same case: of a bed each, of a package, and what the law has reported to the police. */
    private static final List<String> NEEDS = List.of(
            NEED,
            "c8f2e1b5-a3d7-4d20-b6e4-80910a2b3c4d",
            "d9a3f2c6-b4e8-4e31-97f5-91a20b3c4d5e",
            "e1b4a3d7-c5f9-4f42-a8f6-b2c31d4e5f60");

    private static final String PACKAGE = "fbc514e8-d60a-4053-b917-b3c42d5e6f70";
    private static final String REPORTED = "eab403d7-c5f9-4f42-a806-a2b31c4d5e6f";
    private static final String POLICE = "0cd625f9-e71b-4164-8a28-c4d53e6f7081";

    private static final String ASKED_BY_TELEPHONE = "41fa693d-2b5f-45a8-8e6c-0819a2b3c425";
    private static final String OFFER_BY_TELEPHONE = "520b7a4e-3c60-46b9-9f7d-192ab3c4d536";
    private static final String GIVEN_BY_ANOTHER = "631c8b5f-4d71-47ca-a08e-2a3bc4d5e647";
    private static final String LATE_OFFER = "742d9c60-5e82-48db-b19f-3b4cd5e6f758";

    private static final String FEARED = "853ead71-6f93-49ec-82a0-4c5de6f70869";

    private int referralsRead;
    private int declined;

    private final Mechanism country = new Mechanism("XZ", "12");

    ExamplesTest() {
        super("referral");
        isReally(OWNER, country.owner);
        real(PROVIDER);
        // of the absence, which is not to begin yet whenever this is played
        Instant begins = Instant.now().plus(Duration.ofDays(7)).truncatedTo(ChronoUnit.SECONDS);
        isReally("2026-11-30T06:00:00Z", begins.toString());
        isReally("2026-12-14T06:00:00Z", begins.plus(Duration.ofDays(14)).toString());
    }

    @Override
    protected void before(String operation) {
        switch (operation) {
            case "GET /referral/referrals/{id}" -> need(NEEDS.get(referralsRead++));
            case "GET /referral/packages/{id}" -> packageOfNeeds();
            case "POST /referral/referrals/{id}/decline" -> {
                if (declined++ > 0) {
                    askedByTelephone();
                }
            }
            case "POST /referral/referrals/{id}/release" -> saidYesTooLate();
            case "POST /referral/referrals/{id}/placement/review" -> somethingBecameKnown();
            case "POST /referral/referrals/{id}/investigation" -> reportedToThePolice();
            default -> {}
        }
    }

    private void need(String ofTheStory) {
        if (ofTheStory.equals(NEED)) {
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            isReally(CASE, code);
        }
        isReally(
                ofTheStory,
                country.need(real(CASE), "SAFE_SHELTER", "urgent", Duration.ofDays(3))
                        .id());
    }

    private void packageOfNeeds() {
        String doctor = UUID.randomUUID().toString();
        country.need(real(CASE), doctor, "MEDICAL", "urgent", Duration.ofDays(3), leg(List.of()));
        List<?> after = List.of(Map.of("needId", doctor, "until", "begun"));
        country.need(real(CASE), UUID.randomUUID().toString(), "MHPSS", "urgent", Duration.ofDays(3), leg(after));
    }

    private Map<String, Object> leg(List<?> after) {
        return Map.of("packageId", real(PACKAGE), "after", after, "together", List.of());
    }

    private void askedByTelephone() {
        country.provider("FOOD");
        country.importDirectory();
        Stated need = country.need(real(CASE), "FOOD", "normal", Duration.ofDays(14));
        isReally(ASKED_BY_TELEPHONE, need.id());
        isReally(OFFER_BY_TELEPHONE, offered(need).get("offerId").toString());
    }

    /** The sender had chosen somebody else, who gives the service. */
    private void saidYesTooLate() {
        Map<String, Provider> two = Stream.of(country.provider("LEGAL"), country.provider("LEGAL"))
                .collect(Collectors.toMap(Provider::organisation, provider -> provider));
        country.importDirectory();
        Stated need = country.need(real(CASE), "LEGAL", "normal", Duration.ofDays(14));
        Map<String, Object> first = offered(need);
        two.remove(first.get("organisation"));
        Provider other = two.values().iterator().next();
        country.ok(
                country.caseWorker(), need, "choice", Map.of("serviceId", other.service(), "reason", "better-suited"));
        country.ok(
                Mechanism.providerOf(other.organisation()),
                need,
                "acceptance",
                Map.of("offerId", offered(need).get("offerId")));
        Map<String, Object> call =
                Map.of("who", "Standard", "number", "+257 22 00 00 00", "at", "2025-11-20T10:00:00Z");
        country.ok(
                country.caseWorker(), need, "acceptance", Map.of("offerId", first.get("offerId"), "byTelephone", call));
        isReally(GIVEN_BY_ANOTHER, need.id());
        isReally(LATE_OFFER, first.get("offerId").toString());
    }

    /** Of the organisation where the person is. */
    private void somethingBecameKnown() {
        Provider shelter = country.provider("VOCATIONAL_LIVELIHOOD");
        country.importDirectory();
        Stated need = country.need(real(CASE), "VOCATIONAL_LIVELIHOOD", "normal", Duration.ofDays(14));
        country.ok(
                Mechanism.providerOf(shelter.organisation()),
                need,
                "acceptance",
                Map.of("offerId", offered(need).get("offerId")));
        country.avoid(real(CASE), 1, List.of(), Map.of(shelter.organisation(), "employs-suspect"));
        country.awaitReferral(
                country.caseWorker(),
                need.id(),
                referral -> referral.getList("tasks").contains("placement-to-review"));
        isReally(FEARED, need.id());
    }

    private Map<String, Object> offered(Stated need) {
        return Mechanism.openOffer(country.awaitOffer(need.id()));
    }

    private void reportedToThePolice() {
        Provider police = country.provider("POLICE", Map.of(), Map.of("organization_type", "LawEnforcement"));
        country.importDirectory();
        Stated need = country.reported(real(CASE), "POLICE", "normal", Duration.ofDays(14), "BI 2026-11-1");
        String offer =
                (String) Mechanism.openOffer(country.awaitOffer(need.id())).get("offerId");
        String officer = Tokens.of("officer", List.of("police-investigator"), police.organisation());
        country.change(officer, need.id(), "acceptance", Map.of("offerId", offer))
                .then()
                .statusCode(200);
        isReally(REPORTED, need.id());
        isReally(POLICE, police.organisation());
    }

    /** The directory as it was given out is taken in again. */
    @Override
    protected void send(String operation, String ofTheStory, RequestSpecification request) {
        if (operation.endsWith("/imports/tabular")) {
            request.body(Mechanism.as(Mechanism.coordinator())
                    .get("/directory/export/tabular")
                    .asByteArray());
        } else {
            super.send(operation, ofTheStory, request);
        }
    }

    @AfterEach
    void close() {
        country.close();
    }

    @Override
    protected Unreadable unreadable() {
        return new Unreadable("referral-of-identification", "identification", "need-stated");
    }
}
