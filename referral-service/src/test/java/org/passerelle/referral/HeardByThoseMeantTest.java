package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.await;
import static org.passerelle.referral.Mechanism.openOffer;
import static org.passerelle.referral.Mechanism.providerOf;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;

/** Who is reminded hears of it: by subscription, and in a list of what their organisation sent and was asked. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
class HeardByThoseMeantTest {

    @Test
    void aStepThatIsNotTakenIsToldOnBothSides_andToTheSupervisorsOfBoth() {
        try (Mechanism country = new Mechanism("TA")) {
            Provider shelter = country.provider("SAFE_SHELTER");
            country.importDirectory();
            String sending = subscription(country.owner);
            String asked = subscription(shelter.organisation());
            String elsewhere = subscription(UUID.randomUUID().toString());
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "SAFE_SHELTER", "emergency", Duration.ofHours(24));
            String offer = (String) openOffer(country.awaitOffer(need.id())).get("offerId");

            String itsSupervisor = supervisor(shelter.organisation());
            JsonPath summary = as(itsSupervisor).get("/referrals/" + need.id()).jsonPath();
            assertThat(summary.getString("ageBand")).isEqualTo("18-20");
            assertThat(summary.getString("sex")).as("as its people see it").isNull();
            assertThat(referrals(itsSupervisor, "role=inbox")).containsExactly(need.id());
            country.change(itsSupervisor, need.id(), "acceptance", Map.of("offerId", offer))
                    .then()
                    .statusCode(404);

            country.ok(providerOf(shelter.organisation()), need, "acceptance", Map.of("offerId", offer));
            assertThat(as(itsSupervisor)
                            .get("/referrals/" + need.id())
                            .jsonPath()
                            .getString("sex"))
                    .isEqualTo("Feminine");
            // 6, then 6 seconds: reminder, supervisor
            await(() -> referrals(itsSupervisor, "told=supervisor").contains(need.id()));
            String itsSender = supervisor(country.owner);
            assertThat(referrals(itsSender, "told=supervisor")).containsExactly(need.id());
            assertThat(referrals(country.caseWorker(), "told=supervisor")).containsExactly(need.id());
            assertThat(referrals(supervisor(UUID.randomUUID().toString()), "told=supervisor"))
                    .isEmpty();
            assertThat(as(itsSupervisor).get("/referrals?role=outbox").statusCode())
                    .isEqualTo(200);

            for (String side : List.of(sending, asked)) {
                List<Map<String, Object>> overdue = overdue(side);
                assertThat(overdue).extracting(one -> one.get("told")).contains("reminder", "supervisor");
                assertThat(overdue)
                        .allSatisfy(one -> assertThat(one)
                                .containsEntry("step", "first-contact")
                                .containsEntry("organisation", shelter.organisation())
                                .hasSize(5));
            }
            assertThat(overdue(elsewhere)).isEmpty();

            // what the sender owes is the sender's alone
            country.ok(country.caseWorker(), need, "transfer", Map.of("reason", "no-longer-able"));
            await(() -> country.nextStep(need).equals("service"));
            await(() -> overdue(sending).stream()
                    .anyMatch(one -> one.get("organisation").equals(country.owner)));
            assertThat(overdue(asked)).noneMatch(one -> one.get("organisation").equals(country.owner));
            await(() -> referrals(itsSender, "told=supervisor").contains(need.id()));
            assertThat(referrals(itsSupervisor, "told=supervisor")).isEmpty();
            assertThat(referrals(itsSupervisor, "role=inbox&told=supervisor")).isEmpty();
        }
    }

    @Test
    void theSupervisorOfThePoliceSeesTheirInvestigations_untilThePersonWithholdsTheCase() {
        try (Mechanism country = new Mechanism("TB")) {
            Provider police = country.provider("POLICE", Map.of(), Map.of("organization_type", "LawEnforcement"));
            country.importDirectory();
            String officer = Tokens.of("inspectora", List.of("police-investigator"), police.organisation());
            String theirs = supervisor(police.organisation());
            String code = country.newCase();
            Stated need = country.reported(code, "POLICE", "normal", Duration.ofDays(14), "EC 2026-11-1");
            String offer = (String) openOffer(country.awaitOffer(need.id())).get("offerId");
            country.ok(officer, need, "acceptance", Map.of("offerId", offer));

            assertThat(investigations(theirs)).containsExactly(need.id());
            assertThat(investigations(supervisor(country.owner))).containsExactly(need.id());
            assertThat(investigations(supervisor(UUID.randomUUID().toString()))).isEmpty();
            assertThat(investigation(theirs, need)).isEqualTo(200);
            assertThat(referrals(theirs, "role=inbox")).containsExactly(need.id());

            country.withholdFromAuthorities(code);
            await(() -> investigation(officer, need) == 404);
            assertThat(investigation(theirs, need)).isEqualTo(404);
            assertThat(as(theirs).get("/referrals/" + need.id()).statusCode()).isEqualTo(404);
            assertThat(investigations(theirs)).isEmpty();
            assertThat(referrals(theirs, "role=inbox")).isEmpty();
            assertThat(investigations(supervisor(country.owner))).containsExactly(need.id());
        }
    }

    private static String supervisor(String organisation) {
        return Tokens.of("jefa", List.of("supervisor"), organisation);
    }

    private static List<String> referrals(String token, String query) {
        return as(token).get("/referrals?" + query).jsonPath().getList("referrals.referralId");
    }

    private static List<String> investigations(String token) {
        return as(token).get("/investigations").jsonPath().getList("investigations.referralId");
    }

    private static int investigation(String token, Stated need) {
        return as(token).get("/referrals/" + need.id() + "/investigation").statusCode();
    }

    /** The address of the events of a new subscription, with whoever may read them. */
    private static String subscription(String organisation) {
        return as(system(organisation))
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .body(Map.of("name", "Intranet"))
                        .post("/subscriptions")
                        .jsonPath()
                        .getString("subscriptionId")
                + " "
                + organisation;
    }

    private static List<Map<String, Object>> overdue(String subscription) {
        String[] whose = subscription.split(" ");
        return as(system(whose[1]))
                .get("/subscriptions/" + whose[0] + "/events?limit=1000")
                .jsonPath()
                .getList("findAll { it.type == 'passerelle.referral.step-overdue.v1' }.data");
    }

    private static String system(String organisation) {
        return Tokens.of("systeme", List.of("partner-system"), organisation);
    }
}
