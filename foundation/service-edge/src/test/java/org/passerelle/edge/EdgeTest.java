package org.passerelle.edge;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Patience;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.edge.testkit.TryItPage;

@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
class EdgeTest {

    private static final String RED = "{\"colour\":\"red\"}";

    @Inject
    Pool pool;

    @Inject
    Denials denials;

    private final String jar = UUID.randomUUID().toString();

    private static RequestSpecification asOperator() {
        return given().auth()
                .oauth2(Tokens.of("operator-1", List.of("operator"), null))
                .header("Accept-Language", "en")
                .contentType(ContentType.JSON);
    }

    private Response create(String key, String body) {
        return asOperator().header("Idempotency-Key", jar + key).body(body).post("/jars/" + jar);
    }

    @Test
    void noBrowserKeepsRunsFramesOrGuessesAnAnswer() {
        create("k1", RED).then().statusCode(201);
        for (Response answer : List.of(
                asOperator().get("/jars/" + jar),
                given().get("/jars/" + jar),
                asOperator().get("/jars/" + UUID.randomUUID()))) {
            answer.then()
                    .header("Cache-Control", "no-store")
                    .header("Content-Security-Policy", containsString("default-src 'none'"))
                    .header("Content-Security-Policy", containsString("frame-ancestors 'none'"))
                    .header("Cross-Origin-Opener-Policy", "same-origin")
                    .header("Cross-Origin-Resource-Policy", "same-origin")
                    .header("Access-Control-Allow-Origin", nullValue());
        }
        for (Response answer :
                List.of(asOperator().get("/jars/" + jar), given().get("/openapi"), given().get("/try/"))) {
            assertThat(answer.headers().getValues("X-Content-Type-Options")).containsExactly("nosniff");
            assertThat(answer.headers().getValues("Referrer-Policy")).containsExactly("same-origin");
            assertThat(answer.header("Strict-Transport-Security")).contains("max-age=31536000", "includeSubDomains");
        }
        for (String path : List.of("/openapi", "/try/", "/try/index.html")) {
            assertThat(given().get(path).headers().getValues("Content-Security-Policy"))
                    .as(path)
                    .containsExactly("frame-ancestors 'none'");
        }
        given().request("TRACE", "/jars/" + jar).then().statusCode(405);
    }

    @Test
    void createsAndTellsTheVersion() {
        create("k1", RED)
                .then()
                .statusCode(201)
                .header("ETag", "\"1\"")
                .header("Location", containsString("/sample/jars/" + jar))
                .body("coins", equalTo(1));
    }

    @Test
    void aRepeatGetsTheFirstAnswerAndHasNoSecondEffect() {
        create("k1", RED).then().statusCode(201);
        asOperator()
                .header("Idempotency-Key", jar + "k2")
                .body(RED)
                .post("/jars/" + jar + "/coins")
                .then()
                .statusCode(200);
        create("k1", RED).then().statusCode(201).header("ETag", "\"1\"").body("coins", equalTo(1));
        asOperator().get("/jars/" + jar).then().statusCode(200).body("coins", equalTo(2));
    }

    @Test
    void aKeyReusedForAnotherRequestIsRefused() {
        create("k1", RED).then().statusCode(201);
        create("k1", "{\"colour\":\"blue\"}")
                .then()
                .statusCode(422)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:passerelle:problem:idempotency-key-reused"));
    }

    /** Sets have another order in every JVM, and a repeat may come after a restart. */
    @Test
    void theOrderOfASetMakesNoOtherRequest() {
        create("k1", "{\"colour\":\"red\",\"marks\":[\"a\",\"b\",\"c\",\"d\"]}")
                .then()
                .statusCode(201);
        create("k1", "{\"marks\":[\"d\",\"c\",\"b\",\"a\"],\"colour\":\"red\"}")
                .then()
                .statusCode(201);
        create("k1", "{\"colour\":\"red\",\"marks\":[\"a\"]}").then().statusCode(422);
    }

    @Test
    void whatExistsIsNotMadeAgain() {
        create("k1", RED).then().statusCode(201);
        create("k2", RED).then().statusCode(409).body("type", equalTo("urn:passerelle:problem:already-exists"));
        asOperator().get("/jars/" + jar).then().body("coins", equalTo(1));
    }

    @Test
    void ofTwoImportsAtOnceTheSecondIsAskedToTryAgain() {
        create("k1", RED).then().statusCode(201);
        asOperator()
                .header("Idempotency-Key", jar + "k2")
                .body(RED)
                .post("/jars/" + jar + "/import")
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:passerelle:problem:changed-meanwhile"));
    }

    @Test
    void aPostWithoutKeyIsRefused() {
        asOperator()
                .body(RED)
                .post("/jars/" + jar)
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("Idempotency-Key"));
    }

    @Test
    void aChangeNeedsTheCurrentVersion() {
        create("k1", RED).then().statusCode(201);
        asOperator()
                .header("Idempotency-Key", jar + "k2")
                .body(RED)
                .post("/jars/" + jar + "/change")
                .then()
                .statusCode(428);
        asOperator()
                .header("Idempotency-Key", jar + "k2")
                .header("If-Match", "\"7\"")
                .body(RED)
                .post("/jars/" + jar + "/change")
                .then()
                .statusCode(412)
                .body("currentVersion", equalTo(1));
        asOperator()
                .header("Idempotency-Key", jar + "k2")
                .header("If-Match", "\"1\"")
                .body(RED)
                .post("/jars/" + jar + "/change")
                .then()
                .statusCode(200)
                .header("ETag", "\"2\"");
    }

    @Test
    void badInputNamesTheFieldAndChangesNothing() {
        create("k1", "{\"colour\":\"red\",\"size\":3}")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("errors[0].field", equalTo("size"));
        create("k1", "{\"colour\":\" \"}").then().statusCode(400).body("errors[0].field", equalTo("colour"));
        create("k1", "{\"colour\":\"red\",\"weight\":{\"grams\":\"many\"}}")
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("weight.grams"));
        create("k1", "{\"colour\":\"red\",\"weight\":{\"grams\":0}}")
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("weight.grams"));
        create("k1", "{\"colour\":").then().statusCode(400).contentType("application/problem+json");
        asOperator().get("/jars/" + jar).then().body("coins", equalTo(0));
    }

    @Test
    void aRefusalIsToldInTheLanguageOfTheReader() {
        create("k1", RED);
        for (String key : List.of("k2", "k3")) {
            asOperator().header("Idempotency-Key", jar + key).body(RED).post("/jars/" + jar + "/coins");
        }
        asOperator()
                .header("Idempotency-Key", jar + "k4")
                .body(RED)
                .post("/jars/" + jar + "/coins")
                .then()
                .statusCode(409)
                .body("title", equalTo("The jar is full (3)"));
        asOperator()
                .header("Accept-Language", "de")
                .header("Idempotency-Key", jar + "k4")
                .body(RED)
                .post("/jars/" + jar + "/coins")
                .then()
                .statusCode(409);
    }

    @Test
    void withoutALoginNothing() {
        given().get("/jars/" + jar)
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .body("title", equalTo("Connectez-vous"));
        given().auth()
                .oauth2("not-a-token")
                .get("/jars/" + jar)
                .then()
                .statusCode(401)
                .contentType("application/problem+json");
    }

    @Test
    void aRoleThatMayNeverIsForbiddenAndAnUndecidedEndpointIsDeniedToAll() {
        given().auth()
                .oauth2(Tokens.of("provider-1", List.of("provider"), "o1"))
                .get("/jars/" + jar)
                .then()
                .statusCode(403)
                .contentType("application/problem+json");
        asOperator().get("/jars/" + jar + "/forgotten").then().statusCode(403);
    }

    @Test
    void anErrorShowsNothingOfItsMessage() {
        asOperator()
                .get("/jars/" + jar + "/broken")
                .then()
                .statusCode(500)
                .contentType("application/problem+json")
                .body(not(containsString("Aline")));
    }

    @Test
    void theTryItPageSendsTheTokenWithEveryOperationButThePublicOnes() {
        TryItPage.sendsTheTokenWithEveryOperation("/sample/jars/{jar}/public");
    }

    @Test
    void unknownAddressesAndMethodsAreProblemsToo() {
        asOperator().get("/nowhere").then().statusCode(404).contentType("application/problem+json");
        asOperator().delete("/jars/" + jar).then().statusCode(405).contentType("application/problem+json");
    }

    @Test
    void everyReadIsRecorded() {
        long before = recordedReads();
        asOperator().get("/jars/" + jar).then().statusCode(200);
        assertThat(recordedReads()).isEqualTo(before + 1);
    }

    private long recordedReads() {
        return pool.query("select count(*) from event where type = 'access.case-read'")
                .execute()
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    @Test
    void anOperatorAuditsTheLog() {
        create("k1", RED).then().statusCode(201);
        asOperator().get("/operations/audit").then().statusCode(200).body("sound", equalTo(true));
        asOperator().get("/operations/status").then().statusCode(200);
    }

    @Test
    void refusalsAreCountedPerCallerAndMinute() {
        String subject = "stranger-" + UUID.randomUUID();
        RequestSpecification stranger = given().auth().oauth2(Tokens.of(subject, List.of("statistician"), null));
        for (int i = 0; i < 3; i++) {
            given().spec(stranger).get("/jars/" + jar).then().statusCode(403);
        }
        List<Map<String, Integer>> refused = written(subject, 3);
        assertThat(sum(refused)).isEqualTo(3);
        assertThat(refused.size()).isBetween(1, 2);
    }

    @Test
    void whatSomebodyTriesBesideIsCountedAsWhatItIs() {
        String subject = "prober-" + UUID.randomUUID();
        RequestSpecification prober = asSystem(subject);
        for (int one = 0; one < 5; one++) {
            given().spec(prober).get("/jars/" + jar + one).then().statusCode(200);
        }
        Patience.until(() -> looks(subject) == 5);
        given().spec(prober).get("/jars/" + jar + "another").then().statusCode(429);
        given().spec(prober)
                .header("Passerelle-Purpose", "curiosity")
                .get("/jars/" + jar)
                .then()
                .statusCode(400);
        List<Map<String, Integer>> refused = written(subject, 2);
        assertThat(sum(refused)).isEqualTo(2);
        assertThat(refused.stream().flatMap(one -> one.keySet().stream()))
                .containsExactlyInAnyOrder("too-many-requests", "bad-input");
    }

    @Test
    void aTokenThatIsNoneIsCountedAsNobodys() {
        int before = sum(written("\"subject\":\"nobody\"", 0));
        given().auth().oauth2("no.token.atall").get("/jars/" + jar).then().statusCode(401);
        assertThat(sum(written("\"subject\":\"nobody\"", before + 1))).isEqualTo(before + 1);
        given().get("/jars/" + jar).then().statusCode(401);
        assertThat(sum(written("\"subject\":\"nobody\"", before + 1)))
                .as("who has yet to log in tries nothing")
                .isEqualTo(before + 1);
    }

    /** At the turn of a minute the service writes some of them itself, perhaps just now. */
    private List<Map<String, Integer>> written(String by, int atLeast) {
        Patience.until(() -> {
            denials.write(Instant.MAX).await().indefinitely();
            return sum(refusals(by)) >= atLeast;
        });
        return refusals(by);
    }

    private static int sum(List<Map<String, Integer>> refused) {
        return refused.stream()
                .flatMap(one -> one.values().stream())
                .mapToInt(Integer::intValue)
                .sum();
    }

    /** What and how often, for each record. */
    private List<Map<String, Integer>> refusals(String by) {
        List<Map<String, Integer>> refused = new ArrayList<>();
        for (var row : pool.preparedQuery("select convert_from(data, 'UTF8') as data from event"
                        + " where type = 'access.requests-refused' and convert_from(metadata, 'UTF8') like $1")
                .execute(Tuple.of("%" + by + "%"))
                .await()
                .indefinitely()) {
            refused.add(JsonPath.from(row.getString("data")).getMap("refused"));
        }
        return refused;
    }

    @Test
    void aPurposeThatIsNoneIsRefused() {
        asOperator()
                .header("Passerelle-Purpose", "curiosity")
                .get("/jars/" + jar)
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("Passerelle-Purpose"));
    }

    private static RequestSpecification asSystem(String subject) {
        return given().auth()
                .oauth2(Tokens.of(subject, List.of("partner-system", "auditor"), null))
                .header("Accept-Language", "en");
    }

    @Test
    void whoLooksAtTooManyDifferentCasesIsRefusedAndToldToTheAuditor() {
        String subject = "system-" + UUID.randomUUID();
        for (int one = 0; one < 5; one++) {
            asSystem(subject).get("/jars/" + jar + one).then().statusCode(200);
        }
        // The same ones again are no harvest, however often.
        Patience.until(() -> looks(subject) == 5);
        asSystem(subject).get("/jars/" + jar + "0").then().statusCode(200);
        Patience.until(() -> looks(subject) == 6);
        for (int again = 0; again < 2; again++) {
            Response refused = asSystem(subject).get("/jars/" + jar + "another");
            refused.then()
                    .statusCode(429)
                    .contentType("application/problem+json")
                    .body("type", equalTo("urn:passerelle:problem:too-many-cases"));
            assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(3_000, 3_600);
        }
        asSystem(subject).get("/jars/" + jar + "4").then().statusCode(200);
        Patience.until(() -> alarms(subject).size() == 1);
        assertThat(alarms(subject)).containsExactly("opened 5");
        asOperator().get("/access-alarms").then().statusCode(200);
        given().auth()
                .oauth2(Tokens.of("worker", List.of("case-worker"), null))
                .get("/access-alarms")
                .then()
                .statusCode(403);
    }

    @Test
    void whatIsListedCountsApart() {
        String subject = "system-" + UUID.randomUUID();
        for (int page = 0; page < 2; page++) {
            asSystem(subject)
                    .get("/jars?names=" + String.join(",", jar + page + "a", jar + page + "b", jar + page + "c"))
                    .then()
                    .statusCode(200);
        }
        Patience.until(() -> looks(subject) == 2);
        asSystem(subject).get("/jars?names=" + jar + "d," + jar + "e").then().statusCode(429);
        asSystem(subject).get("/jars/" + jar).then().statusCode(200);
    }

    private long looks(String subject) {
        return pool.preparedQuery("select count(*) from person_look where account = $1")
                .execute(Tuple.of(Memberships.account(Tokens.issuer(), subject)))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    private List<String> alarms(String subject) {
        JsonPath alarms = asSystem("auditor").get("/access-alarms?limit=200").jsonPath();
        return alarms.getList(
                "alarms.findAll { it.subject == '" + subject + "' }.collect { it.kind + ' ' + it.limit }");
    }

    @Test
    void whatWillGoSaysSo() {
        given().get("/jars/" + jar + "/public")
                .then()
                .statusCode(200)
                .header("Deprecation", equalTo("@1795305600"))
                .header("Sunset", equalTo("Wed, 30 Jun 2027 00:00:00 GMT"));
        given().get("/openapi?format=json")
                .then()
                .body("paths.'/sample/jars/{jar}/public'.get.deprecated", equalTo(true))
                .body("paths.'/sample/jars/{jar}/broken'.get.deprecated", equalTo(null));
        asOperator().get("/jars/" + jar).then().header("Deprecation", equalTo(null));
    }
}
