package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.await;
import static org.passerelle.referral.Mechanism.openOffer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;

/** What a person said, and could not be read at first, is heard when an operator tries again. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("safety")
class HeardAfterAllTest {

    private static final String CONSENTS = "consent-of-identification";
    private static final String NEEDS = "referral-of-identification";
    private static final String OPERATOR = Tokens.of("operator-1", List.of("operator"), null);

    @Inject
    Pool pool;

    @Inject
    ObjectMapper json;

    private static List<String> waiting(String consumer, String code) {
        return as(OPERATOR)
                .get("/operations/parked/" + consumer + "/" + code)
                .jsonPath()
                .getList("event.id");
    }

    private static void awaitWaiting(String code, int records) {
        await(() -> waiting(CONSENTS, code).size() == records);
        await(() -> waiting(NEEDS, code).size() == records);
    }

    private static void retry(String consumer, String code) {
        JsonPath retried = as(OPERATOR)
                .post("/operations/parked/" + consumer + "/" + code + "/retry")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        assertThat(retried.getLong("remaining")).as(retried.prettify()).isZero();
    }

    /** As by a release that can read it: any service, but for these organisations. */
    private void makeReadable(String code, String... withheld) throws JsonProcessingException {
        Map<String, Object> consent = new HashMap<>();
        consent.put("consentId", UUID.randomUUID().toString());
        consent.put("scopes", List.of("services"));
        consent.put("recipients", Map.of("any", true, "organisations", List.of()));
        consent.put("withheldFrom", Map.of("authorities", false, "organisations", List.of(withheld)));
        assertThat(pool.preparedQuery("update parked_record p set event ="
                                + " convert_to(jsonb_set(convert_from(event, 'UTF8')::jsonb, '{data}', $2::text::jsonb)::text,"
                                + " 'UTF8') where key = $1 and number = (select min(number) from parked_record f"
                                + " where f.consumer = p.consumer and f.key = p.key)")
                        .execute(Tuple.of(code, json.writeValueAsString(consent)))
                        .await()
                        .indefinitely()
                        .rowCount())
                .isEqualTo(2);
    }

    private static Object offerOf(Mechanism country, Stated need) {
        return openOffer(as(country.caseWorker()).get("/referrals/" + need.id()).jsonPath())
                .get("offerId");
    }

    @Test
    void whoeverIsAskedKeepsTheOfferThatThePersonStillAgreesTo() throws JsonProcessingException {
        try (Mechanism country = new Mechanism("VH")) {
            country.provider("SAFE_SHELTER");
            country.provider("SAFE_SHELTER");
            country.importDirectory();
            String code = country.newCase();
            String before = country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "SAFE_SHELTER", "normal", Duration.ofDays(14));
            Object offer = openOffer(country.awaitOffer(need.id())).get("offerId");

            country.unreadableConsent(code);
            country.withdraw(code, before);
            awaitWaiting(code, 2);
            makeReadable(code);
            retry(CONSENTS, code);
            assertThat(offerOf(country, need)).isEqualTo(offer);
            retry(NEEDS, code);
            assertThat(offerOf(country, need)).isEqualTo(offer);
            JsonPath referral =
                    as(country.caseWorker()).get("/referrals/" + need.id()).jsonPath();
            assertThat(referral.getList("offers.state")).containsExactly("open");
        }
    }

    @Test
    void anOfferToWhomItIsWithheldFromIsTakenBackOnceThatIsHeard_whicheverConsumerIsTriedFirst()
            throws JsonProcessingException {
        Map<String, List<String>> orders = Map.of("VJ", List.of(CONSENTS, NEEDS), "VL", List.of(NEEDS, CONSENTS));
        for (String name : orders.keySet()) {
            try (Mechanism country = new Mechanism(name)) {
                Provider one = country.provider("SAFE_SHELTER");
                Provider two = country.provider("SAFE_SHELTER");
                country.importDirectory();
                String code = country.newCase();
                country.consent(code, null, List.of("services"));
                Stated need = country.need(code, "SAFE_SHELTER", "normal", Duration.ofDays(14));
                String asked = (String) openOffer(country.awaitOffer(need.id())).get("organisation");
                Provider other = one.organisation().equals(asked) ? two : one;

                country.unreadableConsent(code);
                awaitWaiting(code, 1);
                makeReadable(code, asked);
                Objects.requireNonNull(orders.get(name)).forEach(consumer -> retry(consumer, code));
                JsonPath referral =
                        as(country.caseWorker()).get("/referrals/" + need.id()).jsonPath();
                assertThat(referral.getList("offers.state")).containsExactlyInAnyOrder("withdrawn", "open");
                assertThat(openOffer(referral)).containsEntry("organisation", other.organisation());
            }
        }
    }

    @Test
    void aNeedThatFoundNobodyMeanwhileIsRoutedOnceAllIsHeard() throws JsonProcessingException {
        try (Mechanism country = new Mechanism("VK")) {
            country.provider("SAFE_SHELTER");
            country.importDirectory();
            String code = country.newCase();
            country.unreadableConsent(code);
            Stated need = country.need(code, "SAFE_SHELTER", "normal", Duration.ofDays(14));
            await(() -> waiting(CONSENTS, code).size() == 1);
            await(() -> waiting(NEEDS, code).size() == 2);
            makeReadable(code);
            retry(NEEDS, code);
            assertThat(country.state(need)).as("something is unheard still").isEqualTo("waiting");
            retry(CONSENTS, code);
            assertThat(country.state(need)).isEqualTo("offered");
        }
    }
}
