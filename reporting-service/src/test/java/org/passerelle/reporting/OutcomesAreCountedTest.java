package org.passerelle.reporting;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;

/** From what the police and other countries say to the numbers, over the real topics. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("ledger")
class OutcomesAreCountedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Of this test alone. */
    private static final String RANGE = "?from=2019-03&to=2019-05";

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    @SuppressWarnings("NullAway.Init")
    OutcomesAreCountedTest() {}

    private static Instant in(String month) {
        return Instant.parse(month + "-15T12:00:00Z");
    }

    private static int total(String register, String step) {
        return TopicsAndTokens.get("/outcomes" + RANGE, "statistician", null)
                .then()
                .statusCode(200)
                .extract()
                .path("registers.find { it.register == '" + register + "' }.steps.find { it.step == '" + step
                        + "' }.total");
    }

    private static void awaitTotal(String register, String step, int total) throws InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        while (total(register, step) != total) {
            assertThat(Instant.now())
                    .as("%s %s: %s", register, step, total(register, step))
                    .isBefore(until);
            Thread.sleep(50);
        }
    }

    @Test
    void investigations_and_hand_overs_are_counted_once_for_a_step_and_told_to_no_timeline() throws Exception {
        String code = TopicsAndTokens.newCode();
        Map<String, String> investigation =
                Map.of("referralId", UUID.randomUUID().toString(), "step", "investigation");
        Map<String, String> ended = Map.of("referralId", investigation.get("referralId"), "step", "discontinued");
        String handOver = UUID.randomUUID().toString();
        String arrival = UUID.randomUUID().toString();
        try (TopicsAndTokens topics = new TopicsAndTokens(bootstrapServers)) {
            var referral = topics.service("referral");
            referral.publish("investigation-reported", code, investigation, in("2019-03"));
            referral.publish(
                    "investigation-reported", code, investigation, in("2019-03").plusSeconds(60));
            referral.publish("investigation-reported", code, investigation, in("2019-04"));
            referral.publish("investigation-reported", code, ended, in("2019-05"));
            var identification = topics.service("identification");
            for (String step : new String[] {"requested", "sent", "arrived", "accepted"}) {
                identification.publish(
                        "hand-over-moved", code, Map.of("handOverId", handOver, "step", step), in("2019-03"));
            }
            for (String step : new String[] {"arrived", "expired"}) {
                identification.publish(
                        "arrival-moved", arrival, Map.of("handOverId", arrival, "step", step), in("2019-04"));
            }
        }
        awaitTotal("investigations", "discontinued", 1);
        awaitTotal("hand-overs", "accepted", 1);
        awaitTotal("arrivals", "expired", 1);

        assertThat(total("investigations", "opened")).isEqualTo(1);
        assertThat(total("investigations", "continued")).isEqualTo(1);
        assertThat(total("hand-overs", "sent")).isEqualTo(1);
        assertThat(total("hand-overs", "declined")).isZero();
        assertThat(TopicsAndTokens.get("/outcomes/csv" + RANGE, "auditor", null)
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString())
                .contains("investigations,opened,2019-03,2019-05,0,11\r\n");
        TopicsAndTokens.get("/cases/" + code + "/timeline", "auditor", null)
                .then()
                .statusCode(404);
    }

    @Test
    void they_are_for_those_who_count_and_name_the_field_that_is_wrong() {
        given().get("/outcomes").then().statusCode(401);
        TopicsAndTokens.get("/outcomes", "provider", ToldCase.SHELTER).then().statusCode(403);
        TopicsAndTokens.get("/outcomes/csv", "field-worker", ToldCase.OWNER)
                .then()
                .statusCode(403);
        assertThat(TopicsAndTokens.get("/outcomes?to=soon", "operator", null)
                        .then()
                        .statusCode(400)
                        .extract()
                        .<String>path("errors[0].field"))
                .isEqualTo("to");
    }
}
