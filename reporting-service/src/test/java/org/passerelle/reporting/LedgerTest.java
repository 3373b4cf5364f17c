package org.passerelle.reporting;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.TryItPage;
import org.passerelle.reporting.ledger.Entry;

/** From the three real topics to the timeline, the state as at a moment and the funnel. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("ledger")
class LedgerTest {
    private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
    private static final Duration WAIT = Duration.ofSeconds(10);

    @Inject
    Pool pool;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    private TopicsAndTokens topics;
    private final String code = TopicsAndTokens.newCode();
    private final ToldCase told = ToldCase.wholeRoad(code, START);

    @SuppressWarnings("NullAway.Init")
    LedgerTest() {}

    @BeforeEach
    void open() {
        topics = new TopicsAndTokens(bootstrapServers);
    }

    @AfterEach
    void close() {
        topics.close();
    }

    @Test
    void the_timeline_tells_the_whole_road_whatever_arrived_first() throws InterruptedException {
        topics.publish(told.arrivingAnyhow(new Random()));

        var timeline = TopicsAndTokens.awaitTimeline(code, 20);

        timeline.then()
                .header("Cache-Control", "no-store")
                .header("Content-Language", "en")
                .body("caseCode", equalTo(code))
                .body("entries", hasSize(20))
                .body("entries[0].what", containsString("A person was found (BI-BM"))
                .body("entries[0].organisation", equalTo(ToldCase.OWNER))
                .body("entries[7].what", equalTo("The provider declined: no capacity. The search goes on."))
                .body("entries[7].organisation", equalTo(ToldCase.CLINIC))
                .body("entries[19].type", equalTo("passerelle.identification.case-closed.v1"));
        assertThat(timeline.jsonPath().getList("entries.time", String.class)).isSorted();
    }

    @Test
    void the_state_is_that_of_the_moment_asked_for() throws InterruptedException {
        topics.publish(told.entries());
        TopicsAndTokens.awaitTimeline(code, 20);
        Instant offered = told.entries().get(6).time();

        state(offered.toString())
                .then()
                .statusCode(200)
                .body("at", equalTo(offered.toString()))
                .body("detected.place", equalTo("BI-BM"))
                .body("presumed.decidedBy", equalTo("NGO"))
                .body("consents", hasSize(1))
                .body("needs[0].status", equalTo("offered"))
                .body("needs[0].organisation", equalTo(ToldCase.CLINIC))
                .body("plan", nullValue())
                .body("entries", equalTo(7));
        state(START.toString())
                .then()
                .statusCode(200)
                .body("detected", nullValue())
                .body("entries", equalTo(0));
        TopicsAndTokens.get("/cases/" + code, "auditor", null)
                .then()
                .body("needs[0].status", equalTo("completed"))
                .body("plan.services[0].deliveries", equalTo(1))
                .body("closed.reason", equalTo("plan_completed"));
    }

    @Test
    void a_moment_that_is_none_or_has_not_come_is_refused_by_its_field() throws InterruptedException {
        topics.publish(told.of("identification"));
        TopicsAndTokens.awaitTimeline(code, 6);

        state("yesterday").then().statusCode(400).body("errors[0].field", equalTo("at"));
        state("2999-01-01T00:00:00Z").then().statusCode(422).body("errors[0].field", equalTo("at"));
    }

    @Test
    void any_interleaving_ends_in_the_same_ledger_and_the_same_milestones() throws InterruptedException {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> codes = new ArrayList<>();
        for (int round = 0; round < 8; round++) {
            String each = TopicsAndTokens.newCode();
            codes.add(each);
            topics.publish(ToldCase.wholeRoad(each, START).arrivingAnyhow(random));
        }
        List<List<String>> ledgers = new ArrayList<>();
        for (String each : codes) {
            TopicsAndTokens.awaitTimeline(each, 20);
            ledgers.add(rows(
                    "select recorded_at::text || type || coalesce(organisation, '') || coalesce(referral_id, '')"
                            + " || convert_from(data, 'UTF8') as line from ledger_entry where case_code = $1"
                            + " order by recorded_at",
                    each));
        }
        assertThat(new HashSet<>(ledgers)).as("seed %d", seed).hasSize(1);
        List<List<String>> milestones = new ArrayList<>();
        for (String each : codes) {
            milestones.add(rows(
                    "select (to_jsonb(m) - 'case_code')::text as line from case_milestones m where case_code = $1",
                    each));
        }
        assertThat(new HashSet<>(milestones)).as("seed %d", seed).hasSize(1);
        assertThat(milestones.getFirst().getFirst()).doesNotContain("null");
    }

    @Test
    void what_is_told_twice_is_kept_once_and_as_it_was_told() throws InterruptedException {
        Entry detected = told.entries().getFirst();
        long sequence = topics.service("identification")
                .publish("case-detected", code, TopicsAndTokens.data(detected), detected.time());
        topics.service("identification").again(sequence, "case-detected", code, TopicsAndTokens.data(detected));
        topics.service("identification").publish("victim-presumed", code, Map.of("decidedBy", "NGO"));
        TopicsAndTokens.awaitTimeline(code, 2);

        List<String> kept = rows(
                "select convert_from(data, 'UTF8') as line from ledger_entry where case_code = $1 order by sequence",
                code);

        assertThat(kept).hasSize(2);
        assertThat(kept.getFirst().getBytes(StandardCharsets.UTF_8).length)
                .isEqualTo(detected.data().getBytes(StandardCharsets.UTF_8).length);
    }

    @Test
    void what_a_need_says_of_the_person_is_not_kept_and_what_earlier_releases_kept_goes_with_the_erasure()
            throws InterruptedException {
        String need = told.entries().stream()
                .filter(entry -> entry.type().endsWith(".need-stated.v1"))
                .findFirst()
                .orElseThrow()
                .data();
        assertThat(need).contains("\"age\"", "\"child\"", "\"sex\"", "\"languages\"", "\"circumstances\"");
        topics.publish(told.of("identification"));
        TopicsAndTokens.awaitTimeline(code, 6);
        assertThat(theNeed()).doesNotContain("\"age\"", "\"child\"", "\"sex\"", "\"languages\"", "\"circumstances\"");
        rows(
                "update ledger_entry set data = convert_to((convert_from(data, 'UTF8')::jsonb"
                        + " || '{\"age\":16,\"child\":true,\"sex\":\"Feminine\",\"languages\":[\"fra\"],"
                        + "\"circumstances\":[\"pregnant\"]}')::text, 'UTF8') where case_code = $1"
                        + " and type = 'passerelle.identification.need-stated.v1' returning type as line",
                code);
        assertThat(theNeed()).contains("\"age\"", "\"circumstances\"");
        topics.service("identification")
                .publish(
                        "person-erased",
                        code,
                        Map.of("reason", "person-request", "erasedAt", START.toString(), "finalOn", "2026-12-20"));
        TopicsAndTokens.awaitTimeline(code, 7);

        assertThat(theNeed())
                .contains("urgency", "needId")
                .doesNotContain("\"age\"", "\"child\"", "\"sex\"", "\"languages\"", "\"circumstances\"");
    }

    private String theNeed() {
        return rows(
                        "select convert_from(data, 'UTF8') as line from ledger_entry where case_code = $1"
                                + " and type = 'passerelle.identification.need-stated.v1'",
                        code)
                .getFirst();
    }

    @Test
    void an_event_that_does_not_read_parks_its_case_and_no_other() throws InterruptedException {
        String other = TopicsAndTokens.newCode();
        topics.service("identification").publish("case-detected", code, Map.of("place", "BI-BM"));
        topics.service("identification").publish("victim-presumed", code, Map.of("decidedBy", "NGO"));
        topics.publish(ToldCase.wholeRoad(other, START).of("identification"));

        TopicsAndTokens.awaitTimeline(other, 6);

        assertThat(rows("select type as line from ledger_entry where case_code = $1", code))
                .isEmpty();
        assertThat(rows("select reason as line from parked_record where key = $1 order by seq", code))
                .hasSize(2);
    }

    @Test
    void only_those_whom_the_case_concerns_may_read_and_others_cannot_tell_it_exists() throws InterruptedException {
        topics.publish(told.entries());
        TopicsAndTokens.awaitTimeline(code, 20);

        for (String path : List.of("/cases/" + code, "/cases/" + code + "/timeline")) {
            assertThat(status(path, "case-worker", ToldCase.OWNER)).isEqualTo(200);
            assertThat(status(path, "field-worker", ToldCase.OWNER)).isEqualTo(200);
            assertThat(status(path, "supervisor", ToldCase.OWNER)).isEqualTo(200);
            assertThat(status(path, "coordinator", "c0000000-0000-4000-8000-000000000001"))
                    .isEqualTo(200);
            assertThat(status(path, "auditor", null)).isEqualTo(200);
            assertThat(status(path, "case-worker", ToldCase.SHELTER)).isEqualTo(404);
            assertThat(status(path, "supervisor", ToldCase.SHELTER)).isEqualTo(404);
            assertThat(status(path, "provider", ToldCase.SHELTER)).isEqualTo(403);
            assertThat(status(path, "statistician", null)).isEqualTo(403);
            given().get(path).then().statusCode(401);
        }
        String forbidden = TopicsAndTokens.get("/cases/" + code, "case-worker", ToldCase.SHELTER)
                .asString();
        String unknown = TopicsAndTokens.get("/cases/0000-0000-0000", "case-worker", ToldCase.SHELTER)
                .asString();
        assertThat(forbidden).isEqualTo(unknown);
    }

    @Test
    void what_is_withheld_from_an_organisation_is_withheld_from_every_role_in_it() throws InterruptedException {
        topics.publish(told.entries());
        TopicsAndTokens.awaitTimeline(code, 20);

        assertThat(status("/cases/" + code, "coordinator", ToldCase.CLINIC)).isEqualTo(404);
        assertThat(status("/cases/" + code, "auditor", ToldCase.CLINIC)).isEqualTo(404);
    }

    @Test
    void every_read_is_recorded_before_it_is_answered() throws InterruptedException {
        topics.publish(told.of("identification"));
        TopicsAndTokens.awaitTimeline(code, 6);
        int before = reads();

        TopicsAndTokens.get("/cases/" + code, "coordinator", null).then().statusCode(200);
        TopicsAndTokens.get("/cases/" + code, "case-worker", ToldCase.SHELTER)
                .then()
                .statusCode(404);

        assertThat(reads()).isEqualTo(before + 1);
    }

    @Test
    void the_funnel_counts_the_cohort_of_a_month_and_place() throws InterruptedException {
        String assisted = TopicsAndTokens.newCode();
        String found = TopicsAndTokens.newCode();
        Instant march = Instant.parse("2024-03-31T23:30:00Z");
        topics.publish(ToldCase.wholeRoad(assisted, march).arrivingAnyhow(new Random()));
        topics.publish(new ToldCase(found, march)
                .detected("EC-O")
                .need("n1")
                .requested("n1")
                .entries());
        TopicsAndTokens.awaitTimeline(assisted, 20);
        TopicsAndTokens.awaitTimeline(found, 3);

        TopicsAndTokens.get("/funnel?from=2024-01&to=2024-12", "statistician", null)
                .then()
                .statusCode(200)
                .body("total.detected", equalTo(2))
                .body("total.referred", equalTo(2))
                .body("total.screened", equalTo(1))
                .body("total.closed", equalTo(1))
                .body("months", hasSize(12))
                .body("months[2].month", equalTo("2024-03"))
                .body("months[2].cases.detected", equalTo(2))
                .body("places.place", equalTo(List.of("BI-BM", "EC-O")))
                .body("timeZone", equalTo("UTC"));
        TopicsAndTokens.get("/funnel?from=2024-03&to=2024-03&place=EC", "operator", null)
                .then()
                .body("total.detected", equalTo(1))
                .body("total.accepted", equalTo(0));
        TopicsAndTokens.get("/funnel?from=2024-04&to=2024-04", "supervisor", null)
                .then()
                .body("total.detected", equalTo(0));
    }

    @Test
    void the_funnel_names_the_field_that_is_wrong_and_is_for_some_roles_only() {
        for (String wrong : List.of("from=soon", "to=2026-13", "place=Gitega", "from=2026-05&to=2026-04")) {
            TopicsAndTokens.get("/funnel?" + wrong, "auditor", null)
                    .then()
                    .statusCode(400)
                    .body("errors[0].field", equalTo(wrong.substring(0, wrong.indexOf('='))));
        }
        assertThat(status("/funnel", "coordinator", null)).isEqualTo(200);
        assertThat(status("/funnel", "field-worker", ToldCase.OWNER)).isEqualTo(403);
        assertThat(status("/funnel", "provider", ToldCase.SHELTER)).isEqualTo(403);
        given().get("/funnel").then().statusCode(401);
    }

    @Test
    void the_try_it_page_sends_the_token() {
        TryItPage.sendsTheTokenWithEveryOperation();
    }

    private io.restassured.response.Response state(String at) {
        return TopicsAndTokens.get("/cases/" + code + "?at=" + at, "auditor", null);
    }

    private static int status(String path, String role, @org.jspecify.annotations.Nullable String organisation) {
        return TopicsAndTokens.get(path, role, organisation).statusCode();
    }

    private int reads() {
        return rows("select type as line from event where type = 'access.case-read' and $1 <> ''", code)
                .size();
    }

    private List<String> rows(String sql, String parameter) {
        var rows = pool.preparedQuery(sql).execute(Tuple.of(parameter)).await().atMost(WAIT);
        return StreamSupport.stream(rows.spliterator(), false)
                .map((Row row) -> row.getString("line"))
                .toList();
    }
}
