package org.passerelle.identification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.passerelle.identification.Identification.post;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Patience;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.identification.codes.CaseCode;

/** Somebody without any relation to a case reads it in an emergency, and answers for it. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("members")
class EmergencyAccessTest {

    private static final String WHY = """
            {"reason": "danger-to-life", "text": "Espérance est aux urgences, sans connaissance."}""";

    @Inject
    Pool pool;

    private final Identification identification = new Identification();
    private final String hospital = UUID.randomUUID().toString();
    private final String coordination = UUID.randomUUID().toString();
    private String doctor = "doctor-" + hospital.substring(0, 8);

    private RequestSpecification loggedIn(String role, String who, String organisation, long secondsAgo) {
        String token = Tokens.odd(
                who,
                List.of(role),
                organisation,
                Map.of("auth_time", Instant.now().getEpochSecond() - secondsAgo));
        return RestAssured.given()
                .auth()
                .oauth2(token)
                .header("Accept-Language", "en")
                .contentType(ContentType.JSON);
    }

    private RequestSpecification asDoctor() {
        return loggedIn("provider", doctor, hospital, 10);
    }

    private RequestSpecification asSupervisor() {
        return identification.as("supervisor", identification.owner);
    }

    private static String path(String code) {
        return "/cases/" + code + "/emergency-access";
    }

    private String broken(String code) {
        return post(asDoctor(), path(code), WHY)
                .then()
                .statusCode(201)
                .body("caseCode", equalTo(code))
                .extract()
                .path("glassId");
    }

    @Test
    void aDoctorReadsWhatAnEmergencyNeedsAndNothingElse() {
        String code = identification.detect();
        identification.need(code);
        asDoctor().get(path(code)).then().statusCode(404);
        broken(code);
        String seen = asDoctor()
                .get(path(code))
                .then()
                .statusCode(200)
                .header("Cache-Control", equalTo("no-store"))
                .body("givenName", equalTo("Espérance"))
                .body("phone", equalTo("+25779000000"))
                .body("ownerOrganisation", equalTo(identification.owner))
                .body("openNeeds[0].service", equalTo("SAFE_SHELTER"))
                .extract()
                .asString();
        assertThat(seen).doesNotContain("gare", "récit", "screening", "provider");
        // One case and nothing beside it: not its file, not its slice, no list, nobody else.
        asDoctor().get("/cases/" + code + "/slice").then().statusCode(404);
        asDoctor().get("/cases/" + code).then().statusCode(403);
        asDoctor().get("/cases").then().statusCode(403);
        asDoctor().get(path(identification.detect())).then().statusCode(404);
        loggedIn("provider", "nurse-" + hospital, hospital, 10)
                .get(path(code))
                .then()
                .statusCode(404);
    }

    @Test
    void aLoginOfTheLastMinutesIsNeeded() {
        String code = identification.detect();
        for (RequestSpecification stale : List.of(
                loggedIn("provider", doctor, hospital, 600),
                loggedIn("provider", doctor, hospital, -600),
                identification.as("provider", hospital))) {
            post(stale, path(code), WHY)
                    .then()
                    .statusCode(401)
                    .header("WWW-Authenticate", containsString("insufficient_user_authentication"))
                    .body("type", equalTo("urn:passerelle:problem:login-again"));
        }
        asDoctor().get(path(code)).then().statusCode(404);
    }

    @Test
    void oneCaseAtATimeAndTheSameOneIsTheSame() {
        String code = identification.detect();
        String glass = broken(code);
        assertThat(broken(code)).isEqualTo(glass);
        post(asDoctor(), path(identification.detect()), WHY)
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:passerelle:problem:glass-open-elsewhere"));
    }

    @Test
    void afterAnHourItIsOver() {
        String code = identification.detect();
        String glass = broken(code);
        asDoctor().get(path(code)).then().statusCode(200);
        pool.preparedQuery("update glass set open_until = $2 where glass_id = $1")
                .execute(Tuple.of(
                        UUID.fromString(glass),
                        OffsetDateTime.now(ZoneOffset.UTC).minusSeconds(1)))
                .await()
                .indefinitely();
        Response over = asDoctor().get(path(code));
        Response unknown = asDoctor().get(path(CaseCode.numbered(1_234_567_890L).text()));
        assertThat(over.statusCode()).isEqualTo(404);
        assertThat(over.asString()).isEqualTo(unknown.asString());
    }

    @Test
    void theOwnerSeesItAtOnceAndEveryReadOfIt() {
        String code = identification.detect();
        String glass = broken(code);
        asSupervisor()
                .get("/emergency-accesses")
                .then()
                .statusCode(200)
                .body("accesses.find { it.glassId == '" + glass + "' }.review", equalTo("open"))
                .body("accesses.find { it.glassId == '" + glass + "' }.organisation", equalTo(hospital));
        identification
                .as("supervisor", hospital)
                .get("/emergency-accesses")
                .then()
                .body("accesses.glassId", not(hasItem(glass)));
        asSupervisor()
                .get("/emergency-accesses/" + glass)
                .then()
                .body("text", containsString("urgences"))
                .body("by", containsString(doctor));
        identification
                .as("coordinator", coordination)
                .get("/emergency-accesses/" + glass)
                .then()
                .statusCode(200)
                .body("reason", equalTo("danger-to-life"))
                .body("text", nullValue());
        asDoctor()
                .header("Passerelle-Purpose", "case-work")
                .get(path(code))
                .then()
                .statusCode(200);
        Patience.until(() -> looks(code).getList("looks.subject").contains(doctor));
        assertThat(looks(code).getString("looks.find { it.subject == '" + doctor + "' }.purpose"))
                .isEqualTo("break-glass");
        asDoctor()
                .header("Passerelle-Purpose", "break-glass")
                .get(path(code))
                .then()
                .statusCode(400);
    }

    private JsonPath looks(String code) {
        return asSupervisor().get("/cases/" + code + "/access?limit=200").jsonPath();
    }

    @Test
    void theReviewIsClosedBySomebodyElseAndEndsIt() {
        String code = identification.detect();
        String glass = broken(code);
        String review = "/emergency-accesses/" + glass + "/review";
        String justified = "{\"finding\": \"justified\", \"text\": \"L’hôpital a été rappelé.\"}";
        post(loggedIn("coordinator", doctor, coordination, 10), review, justified)
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:passerelle:problem:glass-reviewed-by-others"));
        post(loggedIn("coordinator", "head-" + hospital, hospital, 10), review, justified)
                .then()
                .statusCode(409);
        post(identification.as("supervisor", hospital), review, justified)
                .then()
                .statusCode(404);
        post(asSupervisor(), review, justified).then().statusCode(201);
        asDoctor().get(path(code)).then().statusCode(404);
        asSupervisor().get("/emergency-accesses").then().body("accesses.glassId", not(hasItem(glass)));
        asSupervisor()
                .get("/emergency-accesses?all=true&limit=200")
                .then()
                .body("accesses.find { it.glassId == '" + glass + "' }.review", equalTo("closed"));
        asSupervisor().get("/emergency-accesses/" + glass).then().body("reviewedBy", notNullValue());
    }

    @Test
    void aReviewThatNobodyClosesIsOverdue() {
        String glass = broken(identification.detect());
        pool.preparedQuery("update glass set review_by = $2 where glass_id = $1")
                .execute(Tuple.of(
                        UUID.fromString(glass),
                        OffsetDateTime.now(ZoneOffset.UTC).minusSeconds(1)))
                .await()
                .indefinitely();
        asSupervisor()
                .get("/emergency-accesses")
                .then()
                .body("accesses.find { it.glassId == '" + glass + "' }.review", equalTo("overdue"));
    }

    @Test
    void whatThePersonWithholdsStaysClosedInAnEmergencyToo() {
        String code = identification.detect();
        RequestSpecification police = loggedIn("police-investigator", "inspector-" + hospital, hospital, 10);
        post(police, path(code), WHY).then().statusCode(201);
        loggedIn("police-investigator", "inspector-" + hospital, hospital, 10)
                .get(path(code))
                .then()
                .statusCode(200);
        broken(code);
        withhold(code, true, List.of());
        loggedIn("police-investigator", "inspector-" + hospital, hospital, 10)
                .get(path(code))
                .then()
                .statusCode(404);
        post(loggedIn("police-investigator", "other-" + hospital, hospital, 10), path(code), WHY)
                .then()
                .statusCode(404);
        asDoctor().get(path(code)).then().statusCode(200);
        withhold(code, true, List.of(hospital));
        asDoctor().get(path(code)).then().statusCode(404);
        doctor = "another-" + doctor;
        post(asDoctor(), path(code), WHY).then().statusCode(404);
    }

    /** Also where nothing is broken: domain.md 10 says "every role". */
    @Test
    void whatIsWithheldFromAnOrganisationIsUnknownToItsCoordinators() {
        String code = identification.detect();
        RequestSpecification coordinator = identification.as("coordinator", coordination);
        coordinator.get("/cases/" + code).then().statusCode(200);
        withhold(code, false, List.of(coordination));
        identification
                .as("coordinator", coordination)
                .get("/cases/" + code)
                .then()
                .statusCode(404);
        identification
                .as("coordinator", coordination)
                .get("/cases?limit=200")
                .then()
                .statusCode(200)
                .body("cases.caseCode", not(hasItem(code)));
        identification.as("coordinator", hospital).get("/cases/" + code).then().statusCode(200);
    }

    private void withhold(String code, boolean authorities, List<String> organisations) {
        String from = organisations.isEmpty() ? "" : "\"" + String.join("\", \"", organisations) + "\"";
        post(
                        identification.asFieldWorker(),
                        "/cases/" + code + "/consents",
                        Identification.CONSENT.replace(
                                "{\"authorities\": false, \"organisations\": []}",
                                "{\"authorities\": " + authorities + ", \"organisations\": [" + from + "]}"))
                .then()
                .statusCode(201);
    }
}
