package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.await;
import static org.passerelle.referral.Mechanism.coordinator;
import static org.passerelle.referral.Mechanism.openOffer;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;

/** Somebody goes on holiday: what they have passes to whoever covers them, else it lies in the inbox. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
class AbsenceOnTheRoadTest {

    private static final String ISSUER = System.getProperty("passerelle.test.issuer");

    private final Mechanism country = new Mechanism("YD");

    @Inject
    Pool pool;

    private Provider legal = new Provider("", "");
    private String ana = "";
    private String luis = "";
    private String head = "";

    @SuppressWarnings("NullAway.Init")
    AbsenceOnTheRoadTest() {}

    @BeforeEach
    void anOrganisation() {
        legal = country.provider("LEGAL");
        country.importDirectory();
        for (String account : List.of("ana", "luis")) {
            post(coordinator(), "/members", Map.of("issuer", ISSUER, "subject", account, "roles", List.of("provider")))
                    .then()
                    .statusCode(200);
        }
        ana = Tokens.of("ana", List.of("provider"), legal.organisation());
        luis = Tokens.of("luis", List.of("provider"), legal.organisation());
        head = Tokens.of("head", List.of("supervisor"), legal.organisation());
    }

    @AfterEach
    void close() {
        country.close();
    }

    @Test
    void whatSomebodyHasPassesToTheirCover_andStaysThereUntilHandedBack() {
        Stated need = claimedByAna();
        away(ana, null, Duration.ofDays(14), "luis").then().statusCode(200);
        await(() -> "mine".equals(claim(luis, need)));
        assertThat(claimReason(luis, need)).isEqualTo("absence");
        assertThat(claim(ana, need)).isEqualTo("colleague");
        assertThat(as(country.caseWorker())
                        .get("/referrals/" + need.id())
                        .jsonPath()
                        .getString("claimReason"))
                .as("is not the sender's to know")
                .isNull();

        Stated other = offered();
        Response assigned =
                country.change(luis, other.id(), "assignment", Map.of("subject", "ana", "reason", "reassigned"));
        assigned.then().statusCode(200);
        assertThat(assigned.jsonPath().getString("passedTo.subject"))
                .as("handed to somebody who is away")
                .isEqualTo("luis");
        assertThat(claim(luis, other)).isEqualTo("mine");
        Response claimed = country.change(ana, offered().id(), "claim", Map.of());
        claimed.then().statusCode(409);
        assertThat(claimed.jsonPath().getString("type")).endsWith("away-oneself");

        post(ana, "/absences/end", Map.of()).then().statusCode(200);
        assertThat(claim(luis, need)).isEqualTo("mine");
        Response back =
                country.change(luis, need.id(), "assignment", Map.of("subject", "ana", "reason", "handed-over"));
        back.then().statusCode(200);
        assertThat(back.jsonPath().getString("passedTo")).isNull();
        assertThat(claim(ana, need)).isEqualTo("mine");
    }

    @Test
    void thoseWhoCoverEachOtherSendNothingRound() {
        Stated need = claimedByAna();
        away(luis, null, Duration.ofDays(3), "ana").then().statusCode(200);
        away(head, "ana", Duration.ofDays(3), "luis").then().statusCode(200);
        await(() -> "nobody".equals(claim(luis, need)));
        assertThat(claimReason(luis, need)).isEqualTo("absence");
        Response assigned = country.change(
                Tokens.of("eva", List.of("provider"), legal.organisation()),
                need.id(),
                "assignment",
                Map.of("subject", "ana", "reason", "reassigned"));
        assigned.then().statusCode(409);
        assertThat(assigned.jsonPath().getString("type")).endsWith("colleague-away");
        assertThat(claim(luis, need)).isEqualTo("nobody");
    }

    @Test
    void aCoverWhoLeftOrMayHaveNoneCoversNobody() {
        Stated need = claimedByAna();
        away(ana, null, Duration.ofDays(3), "luis").then().statusCode(200);
        await(() -> "mine".equals(claim(luis, need)));
        post(coordinator(), "/members/removal", Map.of("issuer", ISSUER, "subject", "luis"))
                .then()
                .statusCode(200);
        String eva = Tokens.of("eva", List.of("provider"), legal.organisation());
        await(() -> "nobody".equals(claim(eva, need)));
        country.change(eva, need.id(), "assignment", Map.of("subject", "ana", "reason", "reassigned"))
                .then()
                .statusCode(409);
        post(coordinator(), "/members", Map.of("issuer", ISSUER, "subject", "luis", "roles", List.of("supervisor")))
                .then()
                .statusCode(200);
        country.change(eva, need.id(), "assignment", Map.of("subject", "ana", "reason", "reassigned"))
                .then()
                .statusCode(409);
    }

    @Test
    void anAbsenceBeginsWhenItWasSaid_andCanBeChangedAndTakenBack() {
        Stated need = claimedByAna();
        Instant begins = Instant.now().plusSeconds(4);
        Map<String, Object> planned = Map.of(
                "from", begins.toString(), "until", begins.plusSeconds(3600).toString());
        declare(ana, version(), Map.of("until", begins.plusSeconds(9).toString(), "from", begins.toString()))
                .then()
                .statusCode(200);
        Response changed = declare(ana, version(), planned);
        changed.then().statusCode(200);
        assertThat(changed.jsonPath().getList("absences")).hasSize(1);
        assertThat(changed.jsonPath().getBoolean("absences[0].begun")).isFalse();
        assertThat(claim(ana, need)).isEqualTo("mine");
        await(() -> "nobody".equals(claim(luis, need)));
        assertThat(Instant.now()).isAfter(begins);
        assertThat(as(luis).get(path() + "/absences").jsonPath().getBoolean("absences[0].begun"))
                .isTrue();

        Response back = post(head, "/absences/end", Map.of("issuer", ISSUER, "subject", "ana"));
        back.then().statusCode(200);
        assertThat(back.jsonPath().getList("absences")).isEmpty();
        assertThat(back.jsonPath().getList("colleagues.subject")).containsExactly("ana", "luis");
        country.ok(ana, need, "claim", Map.of());
        away(ana, null, Duration.ofDays(1), "luis", Instant.now().plusSeconds(3))
                .then()
                .statusCode(200);
        post(ana, "/absences/end", Map.of()).then().statusCode(200);
        // longer than until it would have begun, and than the second look at a new claim
        Instant end = Instant.now().plusSeconds(16);
        await(() -> Instant.now().isAfter(end));
        assertThat(claim(ana, need)).isEqualTo("mine");
    }

    @Test
    void onlyASupervisorSpeaksForAnother_andNobodyOutsideHears() {
        Response another = away(luis, "ana", Duration.ofDays(1), null);
        another.then().statusCode(409);
        assertThat(another.jsonPath().getString("type")).endsWith("absence-of-another");
        Response cover = away(ana, null, Duration.ofDays(1), "nobody-known");
        cover.then().statusCode(422);
        assertThat(cover.jsonPath().getString("errors[0].field")).isEqualTo("cover");
        away(ana, null, Duration.ofDays(-1), null).then().statusCode(422);
        String elsewhere =
                Tokens.of("zoe", List.of("provider"), UUID.randomUUID().toString());
        as(elsewhere).get(path() + "/absences").then().statusCode(404);
        away(elsewhere, null, Duration.ofDays(1), null).then().statusCode(404);
        as(coordinator()).get(path() + "/absences").then().statusCode(403);
    }

    private String path() {
        return "/directory/organisations/" + legal.organisation();
    }

    @Test
    void nobodyTakesBackWhatTheyHaveNotSeen() {
        Instant now = Instant.now();
        Map<String, Object> two = Map.of("until", now.plus(Duration.ofDays(14)).toString(), "cover", colleague("luis"));
        String seen = version();
        declare(ana, seen, two).then().statusCode(200);
        declare(head, seen, of("ana", now, now.plus(Duration.ofDays(14))))
                .then()
                .statusCode(412);
        as(head).header("Idempotency-Key", UUID.randomUUID().toString())
                .body(of("ana", now, now.plus(Duration.ofDays(14))))
                .post(path() + "/absences")
                .then()
                .statusCode(428);
        Instant january = now.plus(Duration.ofDays(48));
        Response later = declare(head, version(), of("ana", january, january.plus(Duration.ofDays(10))));
        later.then().statusCode(409);
        assertThat(later.jsonPath().getString("type")).endsWith("absence-running");
        assertThat(later.jsonPath().getString("errors[0].field")).isEqualTo("from");
        Response slip = declare(head, version(), of("anna", now, now.plus(Duration.ofDays(3))));
        slip.then().statusCode(422);
        assertThat(slip.jsonPath().getString("errors[0].field")).isEqualTo("subject");
        assertThat(as(head).get(path() + "/absences").jsonPath().getList("absences.cover.subject"))
                .containsExactly("luis");
    }

    @Test
    void onlyWhoHasItHandsItOver_alsoToSomebodyAway() {
        post(coordinator(), "/members", Map.of("issuer", ISSUER, "subject", "paul", "roles", List.of("provider")))
                .then()
                .statusCode(200);
        Stated need = claimedByAna();
        away(luis, null, Duration.ofDays(3), "paul").then().statusCode(200);
        Map<String, Object> handed = Map.of("subject", "luis", "reason", "handed-over");
        Response refused = country.change(
                Tokens.of("paul", List.of("provider"), legal.organisation()), need.id(), "assignment", handed);
        refused.then().statusCode(409);
        assertThat(refused.jsonPath().getString("type")).endsWith("claimed-by-another");
        assertThat(claim(ana, need)).isEqualTo("mine");
        Response passed = country.change(ana, need.id(), "assignment", handed);
        passed.then().statusCode(200);
        assertThat(passed.jsonPath().getString("passedTo.subject")).isEqualTo("paul");
        assertThat(claimReason(ana, need)).isEqualTo("absence");
    }

    /** A look that is due sooner may be made by a clock by which nobody is away yet; one that is due later is too late. */
    @Test
    void anAbsenceWaitsForNoOtherLookAtWhatWasClaimed() {
        Stated need = claimedByAna();
        int moved = pool.preparedQuery("update deadline set due_at = now() + interval '1 hour',"
                        + " not_before = now() + interval '1 hour' where stream_id = $1 and name = 'claimant'")
                .execute(Tuple.of("referral-" + need.id()))
                .await()
                .indefinitely()
                .rowCount();
        assertThat(moved).isEqualTo(1);
        away(ana, null, Duration.ofDays(14), "luis").then().statusCode(200);
        await(() -> "mine".equals(claim(luis, need)));
    }

    @Test
    void whatWasDoneIsAnsweredAgainWhateverIsNow() {
        Stated need = offered();
        String seen = as(ana).get("/referrals/" + need.id()).header("ETag");
        String key = UUID.randomUUID().toString();
        Response claimed = send(ana, need, "claim", Map.of(), key, seen);
        claimed.then().statusCode(200);
        String claimedAt = claimed.header("ETag");
        Map<String, Object> toLuis = Map.of("subject", "luis", "reason", "handed-over");
        String again = UUID.randomUUID().toString();
        Response assigned = send(ana, need, "assignment", toLuis, again, claimedAt);
        assigned.then().statusCode(200);
        away(ana, null, Duration.ofDays(3), null).then().statusCode(200);
        away(luis, null, Duration.ofDays(3), null).then().statusCode(200);
        assertThat(send(ana, need, "claim", Map.of(), key, seen).asString()).isEqualTo(claimed.asString());
        assertThat(send(ana, need, "assignment", toLuis, again, claimedAt).asString())
                .isEqualTo(assigned.asString());
        country.change(ana, need.id(), "assignment", toLuis).then().statusCode(409);
    }

    private static Response send(
            String token, Stated need, String what, Map<String, ?> body, String key, String version) {
        return as(token)
                .header("Idempotency-Key", key)
                .header("If-Match", version)
                .body(body)
                .post("/referrals/" + need.id() + "/" + what);
    }

    private static Map<String, Object> of(String subject, Instant from, Instant until) {
        return Map.of("issuer", ISSUER, "subject", subject, "from", from.toString(), "until", until.toString());
    }

    private static Map<String, Object> colleague(String subject) {
        return Map.of("issuer", ISSUER, "subject", subject);
    }

    private String version() {
        return as(head).get(path() + "/absences").header("ETag");
    }

    private Response declare(String token, String version, Map<String, ?> absence) {
        return as(token)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .header("If-Match", version)
                .body(absence)
                .post(path() + "/absences");
    }

    private Response post(String token, String what, Map<String, ?> body) {
        return as(token)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(body)
                .post(path() + what);
    }

    private Response away(String token, @Nullable String whose, Duration length, @Nullable String cover) {
        return away(token, whose, length, cover, null);
    }

    private Response away(
            String token, @Nullable String whose, Duration length, @Nullable String cover, @Nullable Instant from) {
        Map<String, Object> body = new HashMap<>();
        body.put("until", Instant.now().plus(length).toString());
        if (whose != null) {
            body.put("issuer", ISSUER);
            body.put("subject", whose);
        }
        if (cover != null) {
            body.put("cover", colleague(cover));
        }
        if (from != null) {
            body.put("from", from.toString());
        }
        return declare(token, version(), body);
    }

    private Stated offered() {
        String code = country.newCase();
        country.consent(code, null, List.of("services"));
        Stated need = country.need(code, "LEGAL", "normal", Duration.ofDays(14));
        assertThat(openOffer(country.awaitOffer(need.id()))).isNotNull();
        return need;
    }

    private Stated claimedByAna() {
        Stated need = offered();
        country.ok(ana, need, "claim", Map.of());
        assertThat(claimReason(ana, need)).isEqualTo("claimed");
        return need;
    }

    private static String claim(String token, Stated need) {
        return as(token).get("/referrals/" + need.id()).jsonPath().getString("claim");
    }

    private static String claimReason(String token, Stated need) {
        return as(token).get("/referrals/" + need.id()).jsonPath().getString("claimReason");
    }
}
