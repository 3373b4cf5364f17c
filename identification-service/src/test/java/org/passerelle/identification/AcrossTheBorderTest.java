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
                    "insert into arrival (hand_over_id, country, state, arrived_at, until_at, case_code, withdrawn_at) values"
                            + " (gen_random_uuid(), 'RW', 'accepted', clock_timestamp(), clock_timestamp(), '" + code
                            + "', '2020-01-0" + (i + 1) + "')");
        }
        UUID waits = UUID.randomUUID();
        run("insert into arrival (hand_over_id, country, state, arrived_at, until_at) values ('" + waits
                + "', 'RW', 'waiting', '2020-01-01', clock_timestamp() + interval '1 hour')");
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
