package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.coordinator;
import static org.passerelle.referral.Mechanism.openOffer;
import static org.passerelle.referral.Mechanism.providerOf;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;

/** What becomes of a need when the directory or the consent changes under it. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
class ChangesOnTheRoadTest {

    private static final List<String> SERVICES = List.of("services");

    @Inject
    Pool pool;

    @Test
    void whoWaitsIsRoutedAgainByItselfWhenTheDirectoryChanges() {
        try (Mechanism country = new Mechanism("XH")) {
            String code = country.newCase();
            country.consent(code, null, SERVICES);
            List<Stated> needs = List.of(
                    country.need(code, "ASSISTED_VOLUNTARY_RETURN", "normal", Duration.ofDays(14)),
                    country.need(code, "ASSISTED_VOLUNTARY_RETURN", "normal", Duration.ofDays(15)),
                    country.need(code, "ASSISTED_VOLUNTARY_RETURN", "urgent", Duration.ofDays(3)));
            for (Stated need : needs) {
                country.awaitReferral(
                        country.caseWorker(),
                        need.id(),
                        r -> r.getString("state").equals("gap"));
            }
            Provider one = country.provider("ASSISTED_VOLUNTARY_RETURN");
            country.importDirectory();
            for (Stated need : needs) {
                JsonPath offered = country.awaitOffer(need.id());
                assertThat(openOffer(offered).get("organisation")).isEqualTo(one.organisation());
                assertThat(as(country.caseWorker())
                                .get("/referrals/" + need.id() + "/routing")
                                .jsonPath()
                                .getString("decisions[0].trigger"))
                        .isEqualTo("directory-changed");
            }
            assertThat(as(coordinator())
                            .get("/gaps?place=" + country.place)
                            .jsonPath()
                            .getList("gaps.closedAt"))
                    .hasSize(3)
                    .doesNotContainNull();
        }
    }

    @Test
    void aUnitGivenBackGoesToWhoWaitsForIt_andAProviderSaysInOneLineWhatItCanTake() {
        try (Mechanism country = new Mechanism("XG")) {
            Provider shelter = country.provider("INTERPRETATION", Map.of(), Map.of("organization_type", "NGO"));
            country.importDirectory();
            String capacity = "/directory/services/" + shelter.service() + "/capacity";
            String provider = providerOf(shelter.organisation());
            declare(provider, capacity + "/line", "text/plain", "1/12").then().statusCode(200);
            String code = country.newCase();
            country.consent(code, null, SERVICES);
            Stated first = country.need(code, "INTERPRETATION", "normal", Duration.ofDays(14));
            JsonPath offered = country.awaitOffer(first.id());
            Stated second = country.need(code, "INTERPRETATION", "normal", Duration.ofDays(14));
            country.awaitReferral(
                    country.caseWorker(), second.id(), r -> r.getString("state").equals("gap"));
            assertThat(as(country.caseWorker())
                            .get("/referrals/" + second.id() + "/routing")
                            .jsonPath()
                            .getString("decisions[0].leftOut.find { it.serviceId == '" + shelter.service()
                                    + "' }.explanation"))
                    .isEqualTo("Le service n’a plus de capacité libre.");
            JsonPath full = as(country.caseWorker()).get(capacity).jsonPath();
            assertThat(List.of(
                            full.getInt("declared"),
                            full.getInt("maximum"),
                            full.getInt("free"),
                            full.getInt("held"),
                            full.getInt("taken"),
                            full.getInt("waiting")))
                    .containsExactly(1, 12, 0, 1, 0, 1);

            country.change(
                            provider,
                            first.id(),
                            "decline",
                            Map.of("offerId", openOffer(offered).get("offerId"), "reason", "other"))
                    .then()
                    .statusCode(200);
            country.awaitOffer(second.id());
            assertThat(as(country.caseWorker())
                            .get("/referrals/" + second.id() + "/routing")
                            .jsonPath()
                            .getString("decisions[0].trigger"))
                    .isEqualTo("unit-returned");
            assertThat(as(country.caseWorker()).get(capacity).jsonPath().getInt("waiting"))
                    .isZero();

            Stated third = country.need(code, "INTERPRETATION", "normal", Duration.ofDays(14));
            country.awaitReferral(
                    country.caseWorker(), third.id(), r -> r.getString("state").equals("gap"));
            declare(provider, capacity, "application/json", "{\"available\": 2}")
                    .then()
                    .statusCode(200);
            country.awaitOffer(third.id());
            declare(provider, capacity, "application/json", "{\"available\": 13}")
                    .then()
                    .statusCode(422);
            declare(provider, capacity + "/line", "text/plain", "beaucoup")
                    .then()
                    .statusCode(400);
            declare(
                            providerOf(java.util.UUID.randomUUID().toString()),
                            capacity,
                            "application/json",
                            "{\"available\": 5}")
                    .then()
                    .statusCode(404);
            assertThat(as(country.caseWorker()).get(capacity).jsonPath().getInt("free"))
                    .isZero();
        }
    }

    private static Response declare(String token, String path, String type, String body) {
        return as(token)
                .header("Idempotency-Key", java.util.UUID.randomUUID().toString())
                .contentType(type)
                .body(body)
                .post(path);
    }

    @Test
    void lookingAgainInVainAddsNothing() {
        try (Mechanism country = new Mechanism("XI")) {
            String code = country.newCase();
            country.consent(code, null, SERVICES);
            Stated need = country.need(code, "REINTEGRATION", "normal", Duration.ofDays(14));
            JsonPath gap = country.awaitReferral(
                    country.caseWorker(), need.id(), r -> r.getString("state").equals("gap"));
            country.provider("FOOD");
            country.importDirectory();
            awaitCount(
                    0,
                    "select count(*) from deadline where name = 'look-again' or stream_id = 'directory-all' and name <>"
                            + " 'settled'");
            assertThat(as(country.caseWorker())
                            .get("/referrals/" + need.id())
                            .jsonPath()
                            .getLong("version"))
                    .isEqualTo(gap.getLong("version"));
        }
    }

    @Test
    void consentThatRunsOutTakesBackWhatWasOffered_andMakesWhatWasAcceptedTheSendersDecision() {
        try (Mechanism country = new Mechanism("XJ")) {
            Provider legal = country.provider("LEGAL");
            Provider food = country.provider("FOOD");
            Provider medical = country.provider("MEDICAL");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, List.of(medical.organisation()), SERVICES);
            Instant end = Instant.now().plusSeconds(12);
            country.consent(code, List.of(legal.organisation(), food.organisation()), SERVICES, end);
            Stated offered = country.need(code, "LEGAL", "normal", Duration.ofDays(14));
            Stated accepted = country.need(code, "FOOD", "normal", Duration.ofDays(14));
            Stated covered = country.need(code, "MEDICAL", "normal", Duration.ofDays(14));
            country.awaitOffer(offered.id());
            country.awaitOffer(covered.id());
            Response yes = country.change(
                    providerOf(food.organisation()),
                    accepted.id(),
                    "acceptance",
                    Map.of(
                            "offerId",
                            openOffer(country.awaitOffer(accepted.id())).get("offerId")));
            assertThat(yes.statusCode()).as(yes.asString()).isEqualTo(200);
            assertThat(Instant.now()).as("the consent still stood").isBefore(end);

            JsonPath withdrawn = country.awaitReferral(
                    country.caseWorker(),
                    offered.id(),
                    r -> r.getString("state").equals("waiting"));
            assertThat(Instant.parse(withdrawn.getString("offers[0].answeredAt")))
                    .isAfterOrEqualTo(end.truncatedTo(ChronoUnit.MILLIS));
            assertThat(withdrawn.getString("offers[0].reason")).isEqualTo("consent-expired");
            assertThat(withdrawn.getList("tasks")).isEqualTo(List.of("no-consented-recipient"));
            as(providerOf(legal.organisation()))
                    .get("/referrals/" + offered.id())
                    .then()
                    .statusCode(404);
            JsonPath stopped =
                    as(country.caseWorker()).get("/referrals/" + accepted.id()).jsonPath();
            assertThat(stopped.getString("state")).isEqualTo("accepted");
            assertThat(stopped.getList("tasks")).isEqualTo(List.of("consent-ended-while-serving"));
            assertThat(as(country.caseWorker())
                            .get("/referrals/" + covered.id())
                            .jsonPath()
                            .getString("state"))
                    .isEqualTo("offered");
        }
    }

    @Test
    void consentThatWasWithdrawnHasNoClockAnyMore() {
        try (Mechanism country = new Mechanism("XK")) {
            String code = country.newCase();
            String clocks = "select count(*) from deadline where stream_id = 'consent-" + code + "'";
            String consent = country.consent(code, null, SERVICES, Instant.now().plus(Duration.ofDays(90)));
            awaitCount(1, clocks);
            country.withdraw(code, consent);
            awaitCount(0, clocks);
        }
    }

    /**
     * The declining organisation's request has looked at the consents; then a withdrawal is committed, which finds nothing
     * to take back, and only then the request's own change.
     */
    @Test
    void consentWithdrawnWhileANeedIsReroutedTakesTheNewOfferBack() throws Exception {
        try (Mechanism country = new Mechanism("XL")) {
            Provider one = country.provider("MHPSS");
            Provider two = country.provider("MHPSS");
            country.importDirectory();
            String code = country.newCase();
            Map<String, String> consents = Map.of(
                    one.organisation(), country.consent(code, List.of(one.organisation()), SERVICES),
                    two.organisation(), country.consent(code, List.of(two.organisation()), SERVICES));
            Stated need = country.need(code, "MHPSS", "normal", Duration.ofDays(14));
            Map<String, Object> offer = openOffer(country.awaitOffer(need.id()));
            String first = (String) offer.get("organisation");
            String second = first.equals(one.organisation()) ? two.organisation() : one.organisation();

            CompletableFuture<Response> declined;
            SqlConnection held = pool.getConnection().await().indefinitely();
            try {
                held.query("begin; select 1 from stream where id = 'referral-" + need.id() + "' for update")
                        .execute()
                        .await()
                        .indefinitely();
                declined = CompletableFuture.supplyAsync(() -> country.change(
                        providerOf(first),
                        need.id(),
                        "decline",
                        Map.of("offerId", offer.get("offerId"), "reason", "no-capacity")));
                awaitCount(
                        1,
                        "select count(*) from pg_stat_activity where datname = current_database() and"
                                + " wait_event_type = 'Lock'");
                pool.query("update case_consent set withdrawn = true where consent_id = '" + consents.get(second) + "'")
                        .execute()
                        .await()
                        .indefinitely();
            } finally {
                held.query("rollback").execute().await().indefinitely();
                held.close().await().indefinitely();
            }
            Response answer = declined.get(20, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
            JsonPath after =
                    as(country.caseWorker()).get("/referrals/" + need.id()).jsonPath();
            assertThat(after.getList("offers.state")).containsExactly("declined", "withdrawn");
            assertThat(after.getString("offers[1].organisation")).isEqualTo(second);
            assertThat(after.getString("offers[1].reason")).isEqualTo("consent-withdrawn");
            assertThat(after.getString("state")).isEqualTo("waiting");
        }
    }

    private void awaitCount(long wanted, String sql) {
        Instant end = Instant.now().plus(Mechanism.PATIENCE);
        while (pool.query(sql)
                        .execute()
                        .await()
                        .indefinitely()
                        .iterator()
                        .next()
                        .getLong(0)
                != wanted) {
            assertThat(Instant.now()).as(sql).isBefore(end);
            Mechanism.pause();
        }
    }
}
