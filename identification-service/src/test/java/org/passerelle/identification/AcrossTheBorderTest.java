package org.passerelle.identification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.identification.Identification.post;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.Interleaving;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.identification.arriving.keeping.Arrivals;
import org.passerelle.identification.casefile.CaseCommand.RecordConsent;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.consenting.Consent;
import org.passerelle.identification.consenting.ConsentId;
import org.passerelle.identification.consenting.Scope;

/** What the other country's system does not take, and what the desk sees of all that has come. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(value = NeighbouringCountry.class, restrictToAnnotatedClass = true)
@Tag("crossborder")
class AcrossTheBorderTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    Pool pool;

    @Inject
    EventStore store;

    @Inject
    Arrivals arrivals;

    private final Identification identification = new Identification();

    private record Left(String code, String consent, String handOver) {

        String file() {
            return "/cases/" + code + "/hand-overs/" + handOver + "/file";
        }
    }

    private Left handOver(String country, String means) {
        String code = identification.detect();
        String consent =
                created("/cases/" + code + "/consents", """
                {"scopes": ["cross-border"], "recipients": {"any": false}, "withheldFrom": {"authorities": false},
                 "obtainedFrom": "person", "language": "run", "handOver": {"to": "%s", "facts": ["identity"]}}""".formatted(country)).getString("consentId");
        String handOver = created("/cases/" + code + "/hand-overs", """
                {"to": "%s", "means": "%s"}""".formatted(country, means))
                .getString("handOverId");
        return new Left(code, consent, handOver);
    }

    private JsonPath created(String path, String body) {
        return post(identification.asCaseWorker(), path, body)
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
    }

    private void withdraw(Left left) {
        identification
                .change(
                        identification.asCaseWorker(),
                        "/cases/" + left.code() + "/consents/" + left.consent() + "/withdrawal",
                        left.code(),
                        "{}")
                .then()
                .statusCode(201);
    }

    private String notTaken(Left left) {
        return identification
                .asCaseWorker()
                .get("/cases/" + left.code() + "/hand-overs")
                .jsonPath()
                .getString("handOvers[0].withdrawalNotTaken");
    }

    private void run(String sql) {
        pool.query(sql).execute().await().indefinitely();
    }

    private boolean is(Left left, String condition) {
        return pool.query("select count(*) from exchange_out where kind = 'withdrawal' and hand_over_id = '"
                                + left.handOver() + "' and " + condition)
                        .execute()
                        .await()
                        .indefinitely()
                        .iterator()
                        .next()
                        .getLong(0)
                == 1;
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(end);
            Thread.sleep(50);
        }
    }

    private List<String> unheard(String role) {
        return identification
                .as(role, identification.owner)
                .get("/cases?withdrawalUnheard=true")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("cases.caseCode");
    }

    @Test
    void aWithdrawalThatNobodyUnderstandsIsToldAgainEveryDayAndIsOnTheOwnersList() throws Exception {
        Left carried = handOver("RW", "file");
        identification.asCaseWorker().get(carried.file()).then().statusCode(200);
        Left notUnderstood = handOver("UG", "file");
        identification.asCaseWorker().get(notUnderstood.file()).then().statusCode(200);
        withdraw(carried);
        withdraw(notUnderstood);
        until(() -> "hand-over-only-carried".equals(notTaken(carried)));
        until(() -> "exchange-content".equals(notTaken(notUnderstood)));
        for (Left left : List.of(carried, notUnderstood)) {
            assertThat(is(
                            left,
                            "given_up is null and next_try_at between clock_timestamp() + interval '23 hours'"
                                    + " and clock_timestamp() + interval '25 hours'"))
                    .as("asked again tomorrow, and not before")
                    .isTrue();
        }
        run("update exchange_out set tries = 0, next_try_at = clock_timestamp() where hand_over_id = '"
                + notUnderstood.handOver() + "'");
        until(() -> is(notUnderstood, "tries = 1"));

        assertThat(unheard("case-worker")).as("since today").isEmpty();
        run("update exchange_out set begun_at = begun_at - interval '25 hours' where hand_over_id = '"
                + notUnderstood.handOver() + "'");
        assertThat(unheard("case-worker")).containsExactly(notUnderstood.code());
        assertThat(new Identification()
                        .asCaseWorker()
                        .get("/cases?withdrawalUnheard=true")
                        .jsonPath()
                        .getList("cases"))
                .as("of nobody else's")
                .isEmpty();
        run("delete from exchange_out where hand_over_id = '" + notUnderstood.handOver() + "'");
        assertThat(unheard("case-worker")).as("once it is heard").isEmpty();
    }

    @Test
    void afterTheTimeOfItsHandOverAWithdrawalIsTriedEveryFewHours() throws Exception {
        Left left = handOver("UG", "file");
        identification.asCaseWorker().get(left.file()).then().statusCode(200);
        withdraw(left);
        until(() -> notTaken(left) != null);
        // As where a partner was taken out of the configuration: nothing is asked of anybody.
        run("update exchange_out set tries = 0, country = 'TZ', begun_at = begun_at - interval '8 days',"
                + " next_try_at = clock_timestamp() where hand_over_id = '" + left.handOver() + "'");
        until(() -> "hand-over-no-partner".equals(notTaken(left)));
        assertThat(is(
                        left,
                        "next_try_at between clock_timestamp() + interval '5 hours'"
                                + " and clock_timestamp() + interval '6 hours'"))
                .isTrue();
    }

    /** As an installation says that counts a file for less long than ours. */
    @Test
    void thatItHasExpiredThereIsATaskUntilSomebodySaysThatItIsSeenTo() {
        Left left = handOver("RW", "file");
        String file = identification.asCaseWorker().get(left.file()).asString();
        assertThat(failed()).isEmpty();
        String answer = NeighbouringCountry.expired(UUID.fromString(left.handOver()), file);
        assertThat(carried(answer)).isEqualTo("stopped");
        assertThat(carried(answer)).as("again").isEqualTo("stopped");
        assertThat(failed()).containsExactly(left.code());
        assertThat(why(left)).isEqualTo("expired");
        assertThat(new Identification()
                        .asCaseWorker()
                        .get("/cases?handOverFailed=true")
                        .jsonPath()
                        .getList("cases"))
                .as("of nobody else's")
                .isEmpty();
        acknowledge(left);
        assertThat(failed()).isEmpty();
        assertThat(why(left)).isNull();
        acknowledge(left);
    }

    private void acknowledge(Left left) {
        post(
                        identification.asCaseWorker(),
                        "/cases/" + left.code() + "/hand-overs/" + left.handOver() + "/acknowledgement",
                        "")
                .then()
                .statusCode(200);
    }

    private String carried(String file) {
        return identification
                .asCaseWorker()
                .contentType("application/jose")
                .body(file.getBytes(StandardCharsets.US_ASCII))
                .post("/cross-border/imports")
                .then()
                .statusCode(200)
                .extract()
                .path("state");
    }

    private String why(Left left) {
        return identification
                .asCaseWorker()
                .get("/cases/" + left.code() + "/hand-overs")
                .jsonPath()
                .getString("handOvers[0].failedBecause");
    }

    private List<String> failed() {
        return identification
                .asCaseWorker()
                .get("/cases?handOverFailed=true")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("cases.caseCode");
    }

    /** It sees whose clock has run out, and no case. */
    @Test
    void theCoordinationSeesForWhomTheDeskHasLetItsClockRun() {
        UUID waits = UUID.randomUUID();
        assertThat(carried(NeighbouringCountry.handOver(waits))).isEqualTo("waiting");
        String coordination = UUID.randomUUID().toString();
        String mine = "arrivals.find { it.handOverId == '" + waits + "' }";
        JsonPath seen = identification
                .as("coordinator", coordination)
                .get("/arrivals?limit=200")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        assertThat(seen.getString("desk")).isEqualTo(NeighbouringCountry.desk());
        assertThat(seen.getString(mine + ".nextStep.step")).isEqualTo("answer");
        assertThat(seen.getString(mine + ".nextStep.urgency")).isEqualTo("urgent");
        assertThat(Duration.between(
                        Instant.parse(seen.getString(mine + ".arrivedAt")),
                        Instant.parse(seen.getString(mine + ".nextStep.by"))))
                .isEqualTo(Duration.ofHours(6));
        identification
                .as("coordinator", coordination)
                .get("/arrivals/" + waits)
                .then()
                .statusCode(403);
        for (String role : List.of("case-worker", "supervisor")) {
            identification.as(role, coordination).get("/arrivals").then().statusCode(404);
        }
        String opened = post(
                        identification.as("case-worker", NeighbouringCountry.desk()),
                        "/arrivals/" + waits + "/acceptance",
                        "{\"place\": \"BI-BM\"}")
                .then()
                .statusCode(201)
                .extract()
                .path("caseCode");
        assertThat(identification
                        .as("coordinator", coordination)
                        .get("/arrivals?limit=200")
                        .asString())
                .contains(waits.toString())
                .doesNotContain(opened);
    }

    @Test
    void whatIsWithheldBeforeTheFileLeavesIsNotGivenOut() throws Exception {
        Left left = handOver("RW", "file");
        String police = Tokens.of(
                "police-" + identification.owner.substring(0, 8),
                List.of("case-worker", "police-investigator"),
                identification.owner);
        RequestSpecification who = RestAssured.given().auth().oauth2(police);
        Response refused =
                Interleaving.of(pool, tx -> withholdFromAuthorities(tx, left.code()), () -> who.get(left.file()));
        assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(404);
        assertThat(identification
                        .asCaseWorker()
                        .get("/cases/" + left.code() + "/hand-overs")
                        .jsonPath()
                        .getString("handOvers[0].state"))
                .isEqualTo("requested");
    }

    private void withholdFromAuthorities(SqlConnection tx, String code) {
        Consent consent = new Consent(
                new ConsentId(UUID.randomUUID()),
                Set.of(Scope.SERVICES),
                new Consent.Recipients(true, Set.of()),
                new Consent.WithheldFrom(true, Set.of()),
                null,
                Consent.ObtainedFrom.PERSON,
                new Language("run"),
                Instant.now());
        store.handleIn(
                        tx,
                        CaseStream.KIND,
                        CaseStream.of(CaseCode.parse(code)),
                        new RecordConsent(consent),
                        Metadata.system("test"))
                .await()
                .indefinitely();
    }

    @Test
    void whatWasTakenBackHidesNobodyWhoWaits() {
        for (int i = 0; i < 3; i++) {
            String code = identification.detect();
            run(
                    "insert into arrival (hand_over_id, country, state, arrived_at, until_at, remind_at, step_at, case_code,"
                            + " withdrawn_at) values (gen_random_uuid(), 'RW', 'accepted', clock_timestamp(),"
                            + " clock_timestamp(), clock_timestamp(), clock_timestamp(), '" + code
                            + "', '2020-01-0" + (i + 1) + "')");
        }
        UUID waits = UUID.randomUUID();
        run("insert into arrival (hand_over_id, country, state, arrived_at, until_at, remind_at, step_at) values ('"
                + waits + "', 'RW', 'waiting', '2020-01-01', clock_timestamp() + interval '1 hour', '2020-01-01',"
                + " '2020-01-01')");
        assertThat(lines(1)).extracting(line -> line.handOverId().value()).containsExactly(waits);
        assertThat(lines(3)).extracting(Arrivals.Line::state).containsExactly("accepted", "accepted", "waiting");
        assertThat(lines(3).get(2).handOverId().value()).isEqualTo(waits);
        run("delete from arrival where country = 'RW' and (hand_over_id = '" + waits
                + "' or withdrawn_at < '2020-02-01')");
    }

    private List<Arrivals.Line> lines(int limit) {
        return arrivals.list(limit).await().indefinitely();
    }
}
