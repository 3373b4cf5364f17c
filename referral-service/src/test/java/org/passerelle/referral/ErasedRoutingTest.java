package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.coordinator;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Recorded;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.referring.Referral;
import org.passerelle.referral.referring.ReferralCommand;
import org.passerelle.referral.referring.ReferralEvent;
import org.passerelle.referral.referring.ReferralStream;

/** What routing said of each service is read while the person's keys exist, by who may, and by nobody afterwards. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
@Tag("erasure")
class ErasedRoutingTest {

    /** That a service was left out or kept, and why, as decisions hold it. */
    private static final String A_VERDICT = "\"(out|kept)\\.";

    @Inject
    Pool pool;

    @Inject
    EventStore store;

    @Inject
    StreamKind<ReferralCommand, Referral, ReferralEvent> referrals;

    private static Map<String, Object> terms(String taxonomy, String code, int free) {
        return Map.of(
                "attributes",
                List.of(Map.of("taxonomy_term", Map.of("taxonomy", "passerelle-" + taxonomy, "code", code))),
                "capacities",
                List.of(Map.of(
                        "available",
                        free,
                        "unit",
                        Map.of("name", "lit"),
                        "updated",
                        Instant.now().toString())));
    }

    private static Provider shelter(Mechanism country, String taxonomy, String code, int free) {
        return country.provider("SAFE_SHELTER", terms(taxonomy, code, free), Map.of("organization_type", "NGO"));
    }

    private static Stated bedThatNobodyHas(Mechanism country, String code) {
        country.consent(code, null, List.of("services"));
        Stated bed = country.need(code, "SAFE_SHELTER", "urgent", Duration.ofDays(3), List.of("pregnant"));
        country.awaitReferral(
                country.caseWorker(),
                bed.id(),
                referral -> referral.getString("state").equals("gap"));
        return bed;
    }

    @Test
    void whatIsSaidOfServicesIsSealedAndErased_andWhoWaitsForABedStillGetsIt() {
        try (Mechanism country = new Mechanism("QE")) {
            Provider noPregnancies = shelter(country, "excludes", "pregnant", 3);
            Provider full = shelter(country, "admits", "pregnant", 0);
            country.importDirectory();
            String code = country.newCase();
            Stated bed = bedThatNobodyHas(country, code);
            assertThat(waiting(bed)).as("the list of those who wait").containsExactly(full.service());

            JsonPath told = routing(country, bed);
            assertThat(told.getString("decisions[0].leftOut.find { it.serviceId == '" + noPregnancies.service()
                            + "' }.explanation"))
                    .isEqualTo("Le service ne peut pas accueillir dans une situation indiquée avec le besoin.");
            assertThat(told.getString("decisions[0].erased")).isNull();

            as(coordinator())
                    .header("Idempotency-Key", UUID.randomUUID().toString())
                    .body(Map.of("available", 1))
                    .post("/directory/services/" + full.service() + "/capacity")
                    .then()
                    .statusCode(200);
            country.awaitOffer(bed.id());
            assertThat(country.change(
                                    country.caseWorker(),
                                    bed.id(),
                                    "choice",
                                    Map.of("serviceId", noPregnancies.service(), "reason", "person-asked"))
                            .statusCode())
                    .as("a person knows better than the directory")
                    .isEqualTo(200);
            assertThat(stored(bed))
                    .as("the log holds what was offered to whom, and nothing of why")
                    .contains("referral.need-routed", "referral.service-chosen", "$sealed")
                    .doesNotContainPattern(A_VERDICT)
                    .doesNotContain("pregnant");

            assertThat(country.change(
                                    country.caseWorker(),
                                    bed.id(),
                                    "cancellation",
                                    Map.of("reason", "no-longer-needed"))
                            .statusCode())
                    .isEqualTo(200);
            country.erase(code);
            awaitErased(code);

            // whoever opened the keys a moment before may use them for as long as an erasure takes to be everywhere
            Mechanism.await(() ->
                    routing(country, bed).getList("decisions.erased").stream().allMatch(Boolean.TRUE::equals));
            List<Map<String, Object>> decisions = routing(country, bed).getList("decisions");
            assertThat(decisions)
                    .hasSizeGreaterThanOrEqualTo(3)
                    .allSatisfy(decision -> assertThat(decision)
                            .containsEntry("erased", true)
                            .containsEntry("kept", List.of())
                            .containsEntry("leftOut", List.of())
                            .containsKeys("at", "trigger")
                            .doesNotContainKey("weights"));
            assertThat(replayed(bed)).doesNotContainPattern("(out|kept)\\.").doesNotContain("PREGNANT");
            assertThat(waiting(bed)).isEmpty();
            assertThat(everyRowOf(code, bed))
                    .as("every row of every table that names the case or the referral")
                    .contains("offer_view", "referral_view")
                    .doesNotContainPattern("(out|kept)\\.[a-z]")
                    .doesNotContainIgnoringCase("pregnan");
        }
    }

    /** The news that ends the needs has a consumer of its own, which may wait for an operator. */
    @Test
    void whoIsErasedWaitsForNoBed_alsoWhereTheNeedDidNotEnd() {
        try (Mechanism country = new Mechanism("QI")) {
            Provider full = shelter(country, "admits", "pregnant", 0);
            country.importDirectory();
            String code = country.newCase();
            Stated bed = bedThatNobodyHas(country, code);
            assertThat(waiting(bed)).containsExactly(full.service());
            country.erase(code);
            awaitErased(code);
            Mechanism.await(() -> waiting(bed).isEmpty());
            assertThat(country.state(bed)).as("the need itself").isEqualTo("gap");
        }
    }

    @Test
    void aDecisionOfBeforeIsStillToldAndHoldsUpNoErasure() {
        try (Mechanism country = new Mechanism("QO")) {
            Provider shelter = country.provider("SAFE_SHELTER");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated bed = country.need(code, "SAFE_SHELTER", "urgent", Duration.ofDays(3));
            country.awaitOffer(bed.id());
            String before = "{\"about\":{\"referral\":\"" + bed.id() + "\",\"caseCode\":\"" + code
                    + "\",\"requestedBy\":\"" + country.owner + "\",\"service\":\"SAFE_SHELTER\",\"place\":\""
                    + country.place
                    + "\"},\"trigger\":\"need-stated\",\"ranking\":{\"kept\":[],\"leftOut\":[{\"service\":\""
                    + shelter.service() + "\",\"organisation\":\"" + shelter.organisation()
                    + "\",\"reasons\":[{\"code\":\"out.circumstances\",\"args\":[]}]}],\"otherTypes\":4,"
                    + "\"consentStands\":false},\"at\":\"2026-11-20T13:00:00Z\"}";
            pool.preparedQuery(
                            "insert into event (id, stream_id, version, type, schema_version, data, metadata, recorded_at)"
                                    + " select nextval('event_id'), stream_id, version + 1, 'referral.need-routed', 1,"
                                    + " convert_to($2, 'UTF8'), metadata, recorded_at from event"
                                    + " where stream_id = $1 order by version desc limit 1")
                    .execute(Tuple.of("referral-" + bed.id(), before))
                    .await()
                    .indefinitely();
            assertThat(routing(country, bed).getString("decisions[0].leftOut[0].reasons[0].code"))
                    .isEqualTo("out.circumstances");
            country.erase(code);
            awaitErased(code);
            assertThat(routing(country, bed).getString("decisions[0].leftOut[0].reasons[0].code"))
                    .as("what was stored in the clear stays so")
                    .isEqualTo("out.circumstances");
        }
    }

    private static JsonPath routing(Mechanism country, Stated need) {
        return as(country.caseWorker())
                .get("/referrals/" + need.id() + "/routing")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private void awaitErased(String code) {
        long end = System.nanoTime() + Mechanism.PATIENCE.toNanos();
        while (rows("select subject from erasure where subject = $1", Tuple.of(code), row -> row.getString(0))
                .isEmpty()) {
            assertThat(System.nanoTime()).as("erased").isLessThan(end);
            Mechanism.pause();
        }
    }

    private List<String> waiting(Stated need) {
        return rows(
                "select service_id from waiting_list where referral_id = $1::uuid",
                Tuple.of(UUID.fromString(need.id())),
                row -> row.getUUID(0).toString());
    }

    private String stored(Stated need) {
        return String.join(
                "\n",
                rows(
                        "select type || ' ' || convert_from(data, 'UTF8') from event where stream_id = $1 order by version",
                        Tuple.of("referral-" + need.id()),
                        row -> row.getString(0)));
    }

    /** The events as whoever has the keys that are left reads them. */
    private String replayed(Stated need) {
        List<Recorded<ReferralEvent>> history = store.history(referrals, ReferralStream.of(ReferralId.of(need.id())))
                .await()
                .indefinitely();
        StringBuilder all = new StringBuilder();
        history.forEach(one -> all.append(
                        new String(ReferralStream.TYPES.encode(one.event()).data(), StandardCharsets.UTF_8))
                .append('\n'));
        return all.toString();
    }

    private String everyRowOf(String code, Stated need) {
        StringBuilder all = new StringBuilder();
        for (String table : rows(
                "select quote_ident(tablename) from pg_tables where schemaname = current_schema()",
                Tuple.tuple(),
                row -> row.getString(0))) {
            List<String> found = new ArrayList<>(rows(
                    "select t::text from " + table + " t where t::text like $1 or t::text like $2",
                    Tuple.of("%" + code + "%", "%" + need.id() + "%"),
                    row -> row.getString(0)));
            found.forEach(row -> all.append(table).append(' ').append(row).append('\n'));
        }
        return all.append(stored(need)).toString();
    }

    private <T> List<T> rows(String sql, Tuple values, Function<Row, T> read) {
        List<T> found = new ArrayList<>();
        pool.preparedQuery(sql)
                .execute(values)
                .await()
                .atMost(Duration.ofSeconds(20))
                .forEach(row -> found.add(read.apply(row)));
        return found;
    }
}
