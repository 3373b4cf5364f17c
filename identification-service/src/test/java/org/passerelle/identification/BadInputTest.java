package org.passerelle.identification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.passerelle.identification.Identification.CONSENT;
import static org.passerelle.identification.Identification.DETECTION;
import static org.passerelle.identification.Identification.NEED;
import static org.passerelle.identification.Identification.post;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;

/** Every bad input is a problem that names the field and repeats nothing of what was sent. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
class BadInputTest {

    private final Identification identification = new Identification();

    @Test
    void aDetectionMustMakeSense() {
        refused(DETECTION.replace("BI-BM", "Bujumbura"), "found.place", 422);
        refused(DETECTION.replace("BI-BM", "XX-BM"), "found.place", 422);
        refused(DETECTION.replace("\"place\": \"BI-BM\", ", ""), "found.place", 400);
        refused(
                DETECTION.replace(
                        "2025-11-20T10:00:00Z", Instant.now().plusSeconds(3600).toString()),
                "found.at",
                422);
        refused(DETECTION.replace("2025-11-20T10:00:00Z", "hier"), "found.at", 400);
        refused(DETECTION.replace("\"ngo\"", "\"radio\""), "found.how", 400);
        refused(DETECTION.replace("24", "240"), "person.age", 400);
        refused(DETECTION.replace("24", "-1"), "person.age", 400);
        refused(DETECTION.replace("Feminine", "Woman"), "person.sex", 400);
        refused(DETECTION.replace("+25779000000", "79 00 00 00"), "person.phone", 422);
        refused(DETECTION.replace("[\"BI\"]", "[\"ZZ\"]"), "person.citizenships[0]", 422);
        refused(DETECTION.replace("[\"run\"]", "[\"kirundi\"]"), "person.languages[0]", 422);
        refused(DETECTION.replace("\"age\": 24", "\"birthDate\": \"2025-12-01\""), "person.birthDate", 422);
        refused(
                DETECTION.replace("\"immediateDanger\": \"no\"", "\"immediateDanger\": \"maybe\""),
                "immediateDanger",
                400);
        refused(DETECTION.replace("Espérance", "E".repeat(201)), "person.givenName", 400);
        refused(DETECTION.replace("familyName", "surname"), "person.surname", 400);
    }

    @Test
    void aTypingErrorInACodeIsToldFromACaseOneMayNotSee() {
        String code = identification.detect();
        String typo = code.substring(0, 13) + (code.charAt(13) == '9' ? '0' : (char) (code.charAt(13) + 1));
        identification
                .asCaseWorker()
                .get("/cases/" + typo)
                .then()
                .statusCode(422)
                .body("title", equalTo("This case code contains a typing error"))
                .body("errors[0].field", equalTo("caseCode"));
        identification
                .asCaseWorker()
                .get("/cases/12345")
                .then()
                .statusCode(422)
                .body("type", equalTo("urn:passerelle:problem:case-code-malformed"));
        identification
                .asCaseWorker()
                .get("/cases/" + code.replace("-", ""))
                .then()
                .statusCode(200);
    }

    @Test
    void refusalsSpeakFrenchUnlessAnotherLanguageIsAskedFor() {
        var french = RestAssured.given().auth().oauth2(Tokens.of("fr", List.of("case-worker"), identification.owner));
        french.get("/cases/12345").then().body("title", containsString("douze chiffres"));
    }

    @Test
    void aConsentMustMakeSense() {
        String path = "/cases/" + identification.detect() + "/consents";
        refused(path, CONSENT.replace("[\"services\"]", "[]"), "scopes", 400);
        refused(path, CONSENT.replace("\"services\"", "\"everything\""), "scopes[0]", 400);
        refused(
                path,
                CONSENT.replace("\"validUntil\": null", "\"validUntil\": \"2020-01-01T00:00:00Z\""),
                "validUntil",
                422);
        refused(
                path,
                CONSENT.replace(
                        "\"authorities\": false, \"organisations\": []",
                        "\"authorities\": false, \"organisations\": [\"" + identification.owner + "\"]"),
                "withheldFrom.organisations",
                422);
        refused(path, CONSENT.replace("\"language\": \"run\"", "\"language\": \"kirundi\""), "language", 422);
    }

    @Test
    void aNeedMustMakeSense() {
        String path = "/cases/" + identification.detect() + "/needs";
        refused(path, NEED.replace("SAFE_SHELTER", "HOTEL"), "service", 400);
        refused(path, NEED.replace("urgent", "now"), "urgency", 400);
        refused(path, NEED.replace("BI-BM", "BI"), "place", 422);
        refused(path, NEED.replace("BI-BM", "BI00600101"), "place", 422);
        refused(path, NEED.replace("BI-BM", "ZZ006001"), "place", 422);
        assertThat(post(identification.asFieldWorker(), path, NEED.replace("BI-BM", "BI006001"))
                        .statusCode())
                .isEqualTo(201);
        refused(path, "{\"service\": \"SAFE_SHELTER\", \"urgency\": \"urgent\"}", "place", 400);
    }

    @Test
    @Tag("screening")
    void aScreeningMustMakeSense() {
        String path = "/cases/" + identification.detect() + "/screenings";
        refused(path, Map.of("instrument", "delphi", "version", 1, "answers", Map.of()), "instrument", 422);
        refused(path, Map.of("instrument", "three-element", "version", 9, "answers", Map.of()), "version", 422);
        refused(path, Identification.screening(Map.of("ACT_FLYING", "yes")), "answers.ACT_FLYING", 422);
        refused(path, Identification.screening(Map.of("ACT_TRANSFER", "perhaps")), "answers.ACT_TRANSFER", 400);
    }

    @Test
    void aClosureNeedsItsVersionAndAKnownReason() {
        String code = identification.detect();
        post(identification.asCaseWorker(), "/cases/" + code + "/closure", Map.of("reason", "other"))
                .then()
                .statusCode(428);
        Response refused = identification.change(
                identification.asCaseWorker(), "/cases/" + code + "/closure", code, Map.of("reason", "bored"));
        refused.then().statusCode(400).body("errors.field", hasItem("reason"));
        identification
                .change(
                        identification.asCaseWorker(),
                        "/cases/" + code + "/closure",
                        code,
                        Map.of("reason", "not_a_victim"))
                .then()
                .statusCode(409)
                .body("type", containsString("not-yours-to-decide"));
    }

    @Test
    void aConsentNobodyGaveCannotBeWithdrawn() {
        String code = identification.detect();
        for (String consent : new String[] {UUID.randomUUID().toString(), "consent"}) {
            identification
                    .change(
                            identification.asCaseWorker(),
                            "/cases/" + code + "/consents/" + consent + "/withdrawal",
                            code,
                            Map.of())
                    .then()
                    .statusCode(404)
                    .body("type", containsString("consent-unknown"));
        }
    }

    @Test
    void aPageMarkOfSomebodyElsesIsRefused() {
        identification
                .asCaseWorker()
                .queryParam("after", "bm90aGluZw")
                .get("/cases")
                .then()
                .statusCode(422)
                .body("errors.field", hasItem("after"));
        identification
                .asCaseWorker()
                .queryParam("limit", 100_000)
                .get("/cases")
                .then()
                .statusCode(400);
    }

    private void refused(String detection, String field, int status) {
        refused("/cases", detection, field, status);
    }

    private void refused(String path, Object body, String field, int status) {
        Response response = post(identification.asFieldWorker(), path, body);
        assertThat(response.statusCode())
                .as("%s: %s", field, response.asString())
                .isEqualTo(status);
        assertThat(response.contentType()).contains("application/problem+json");
        assertThat(response.jsonPath().getList("errors.field", String.class)).contains(field);
        assertThat(response.asString()).doesNotContain("Espérance", "25779000000", "79 00 00 00");
    }
}
