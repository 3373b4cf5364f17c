package org.passerelle.identification;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.passerelle.edge.testkit.Tokens;

/** The service as its users call it. */
final class Identification {

    /** Organisations of one test, so that tests do not meet. */
    final String owner = UUID.randomUUID().toString();

    final String shelter = UUID.randomUUID().toString();

    static final String DETECTION = """
            {"found": {"at": "2025-11-20T10:00:00Z", "place": "BI-BM", "exactPlace": "Derrière la gare", "how": "ngo"},
             "person": {"givenName": "Espérance", "familyName": "Ndayizeye", "age": 24, "sex": "Feminine",
                        "phone": "+25779000000", "citizenships": ["BI"], "languages": ["run"]},
             "immediateDanger": "no", "account": "Un récit."}""";

    static final String CONSENT = """
            {"scopes": ["services"], "recipients": {"any": true, "organisations": []},
             "withheldFrom": {"authorities": false, "organisations": []}, "validUntil": null,
             "obtainedFrom": "person", "language": "run"}""";

    static final String NEED = """
            {"service": "SAFE_SHELTER", "urgency": "urgent", "place": "BI-BM"}""";

    RequestSpecification as(String role, String organisation) {
        return given().auth()
                .oauth2(Tokens.of(role + "-" + organisation.substring(0, 8), List.of(role), organisation))
                .header("Accept-Language", "en")
                .contentType(ContentType.JSON);
    }

    RequestSpecification asFieldWorker() {
        return as("field-worker", owner);
    }

    RequestSpecification asCaseWorker() {
        return as("case-worker", owner);
    }

    /** A command with a key of its own. */
    static Response post(RequestSpecification who, String path, Object body) {
        return who.header("Idempotency-Key", UUID.randomUUID().toString())
                .body(body)
                .post(path);
    }

    /** A command on the version read last. */
    Response change(RequestSpecification who, String path, String caseCode, Object body) {
        return post(who.header("If-Match", version(caseCode)), path, body);
    }

    String version(String caseCode) {
        return asCaseWorker()
                .get("/cases/" + caseCode)
                .then()
                .statusCode(200)
                .extract()
                .header("ETag");
    }

    String detect() {
        return post(asFieldWorker(), "/cases", DETECTION)
                .then()
                .statusCode(201)
                .extract()
                .path("caseCode");
    }

    String consent(String caseCode) {
        return post(asFieldWorker(), "/cases/" + caseCode + "/consents", CONSENT)
                .then()
                .statusCode(201)
                .extract()
                .path("consentId");
    }

    String need(String caseCode) {
        return post(asFieldWorker(), "/cases/" + caseCode + "/needs", NEED)
                .then()
                .statusCode(201)
                .extract()
                .path("needId");
    }

    static Map<String, Object> screening(Map<String, String> answers) {
        return Map.of("instrument", "three-element", "version", 1, "answers", answers);
    }
}
