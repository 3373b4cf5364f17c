package org.passerelle.identification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.passerelle.identification.Identification.post;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.screening.Instrument;
import org.passerelle.identification.screening.rest.Instruments;

@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
class AccessToCasesTest {

    @Inject
    Pool pool;

    @Inject
    Instruments instruments;

    private final Identification identification = new Identification();

    @Test
    void forbiddenAndUnknownLookTheSame() {
        String code = identification.detect();
        String elsewhere = UUID.randomUUID().toString();
        Response forbidden = identification.as("case-worker", elsewhere).get("/cases/" + code);
        Response unknown =
                identification.as("case-worker", elsewhere).get("/cases/" + CaseCode.numbered(1_234_567_890L));
        assertThat(forbidden.statusCode()).isEqualTo(404);
        assertThat(forbidden.asString()).isEqualTo(unknown.asString());
        forbidden.then().body("title", equalTo("Unknown, or your access has ended"));
        forbidden.then().body("detail", equalTo("Call the coordinator."));
        post(identification.as("case-worker", elsewhere), "/cases/" + code + "/needs", Identification.NEED)
                .then()
                .statusCode(404);
        identification.as("case-worker", elsewhere).get("/cases").then().body("cases.caseCode", not(hasItem(code)));
    }

    @Test
    void withoutTokenOrWithoutARoleNothingIsAnswered() {
        RestAssured.get("/cases").then().statusCode(401);
        identification
                .as("statistician", identification.owner)
                .get("/cases")
                .then()
                .statusCode(403);
    }

    @Test
    void aCoordinatorSeesCodesNeedsAndClocksButNoIdentity() {
        String code = identification.detect();
        identification.need(code);
        String coordination = UUID.randomUUID().toString();
        String seen = identification
                .as("coordinator", coordination)
                .get("/cases/" + code)
                .then()
                .statusCode(200)
                .body("caseCode", equalTo(code))
                .body("needs[0].service", equalTo("SAFE_SHELTER"))
                .body("person", nullValue())
                .extract()
                .asString();
        assertThat(seen).doesNotContain("Espérance", "Ndayizeye", "gare", "25779000000", "récit");
        identification
                .as("coordinator", coordination)
                .get("/cases")
                .then()
                .body("cases.find { it.caseCode == '" + code + "' }.openNeeds", equalTo(1))
                .body("cases.find { it.caseCode == '" + code + "' }.place", nullValue());
        post(identification.as("coordinator", coordination), "/cases/" + code + "/needs", Identification.NEED)
                .then()
                .statusCode(403);
    }

    @Test
    void whatIsWithheldFromAuthoritiesIsUnknownToPolice() {
        String code = post(
                        identification.as("police-investigator", identification.owner),
                        "/cases",
                        Identification.DETECTION)
                .path("caseCode");
        identification
                .as("police-investigator", identification.owner)
                .get("/cases/" + code)
                .then()
                .statusCode(200);
        post(
                        identification.asCaseWorker(),
                        "/cases/" + code + "/consents",
                        Identification.CONSENT.replace("\"authorities\": false", "\"authorities\": true"))
                .then()
                .statusCode(201);
        identification
                .as("police-investigator", identification.owner)
                .get("/cases/" + code)
                .then()
                .statusCode(404);
        identification
                .as("police-investigator", identification.owner)
                .get("/cases")
                .then()
                .body("cases.caseCode", not(hasItem(code)));
        identification.asCaseWorker().get("/cases/" + code).then().statusCode(200);
    }

    @Test
    @Tag("screening")
    void notIndicatedIsHiddenFromPolice() {
        String code = identification.detect();
        Map<String, String> answers = new HashMap<>();
        Instrument instrument = instruments.find("three-element", 1).orElseThrow();
        instrument.questionCodes().forEach(question -> answers.put(question, "no"));
        answers.put("SMUGGLING_ILLEGAL_ENTRY", "yes");
        answers.put("SMUGGLING_MATERIAL_BENEFIT", "yes");
        Response toPolice = post(
                identification.as("police-investigator", identification.owner),
                "/cases/" + code + "/screenings",
                Identification.screening(answers));
        toPolice.then()
                .statusCode(201)
                .body("outcomes.smuggling.outcome", equalTo("indicated"))
                .body("outcomes.trafficking", nullValue());
        assertThat(toPolice.asString()).doesNotContain("not-indicated", "trace");

        String seenByPolice = identification
                .as("police-investigator", identification.owner)
                .get("/cases/" + code)
                .asString();
        assertThat(seenByPolice).contains("indicated").doesNotContain("not-indicated", "not-met", "ACT_", "trace");
        identification
                .asCaseWorker()
                .get("/cases/" + code)
                .then()
                .body("screenings[0].outcomes.trafficking.outcome", equalTo("not-indicated"))
                .body("screenings[0].outcomes.trafficking.trace[0].text", containsString("not by this rule alone"))
                .body("screenings[0].answers.ACT_RECRUITMENT", equalTo("no"));
    }

    @Test
    void namesAreMaskedUntilTheyAreRevealedAndThatIsOnRecord() {
        String code = identification.detect();
        String masked = identification
                .asCaseWorker()
                .get("/cases/" + code)
                .then()
                .statusCode(200)
                .body("masked", equalTo(List.of("names", "contacts", "place", "story")))
                .body("person.sex", equalTo("Feminine"))
                .extract()
                .asString();
        assertThat(masked).doesNotContain("Espérance", "Ndayizeye", "gare", "25779000000", "récit");
        String names = identification
                .asCaseWorker()
                .get("/cases/" + code + "/revealed?fields=names")
                .then()
                .statusCode(200)
                .body("givenName", equalTo("Espérance"))
                .extract()
                .asString();
        assertThat(names).doesNotContain("gare", "25779000000", "récit");
        identification
                .asCaseWorker()
                .get("/cases/" + code + "/revealed?fields=contacts,place")
                .then()
                .body("phone", equalTo("+25779000000"))
                .body("exactPlace", equalTo("Derrière la gare"))
                .body("givenName", nullValue());
        identification.asCaseWorker().get("/cases/" + code + "/revealed").then().statusCode(422);
        identification
                .as("coordinator", UUID.randomUUID().toString())
                .get("/cases/" + code + "/revealed?fields=names")
                .then()
                .statusCode(403);
        identification
                .as("case-worker", UUID.randomUUID().toString())
                .get("/cases/" + code + "/revealed?fields=names")
                .then()
                .statusCode(404);
        identification
                .asCaseWorker()
                .get("/cases/" + code + "?masked=false")
                .then()
                .statusCode(200)
                .body("person.givenName", equalTo("Espérance"))
                .body("masked", nullValue());
        identification
                .asCaseWorker()
                .get("/cases/" + code + "?masked=no")
                .then()
                .body("person.givenName", nullValue());
        assertThat(looks(code)).contains("ALL masked", "revealed: names", "revealed: contacts, place", "ALL");
    }

    @Test
    void whoeverRecordedACaseReadsItWholeForADay() {
        String code = identification.detect();
        identification
                .asFieldWorker()
                .get("/cases/" + code)
                .then()
                .body("person.givenName", equalTo("Espérance"))
                .body("masked", nullValue());
        identification
                .asFieldWorker()
                .get("/cases/" + code + "?masked=true")
                .then()
                .body("person.givenName", nullValue());
        identification
                .as("supervisor", identification.owner)
                .get("/cases/" + code)
                .then()
                .statusCode(200)
                .body("person.givenName", nullValue());
    }

    /** What the records of reads say was given. */
    private List<String> looks(String code) {
        List<String> fields = new ArrayList<>();
        pool.preparedQuery("select convert_from(data, 'UTF8')::json ->> 'fields' as fields from event"
                        + " where type = 'access.case-read' and position(convert_to($1, 'UTF8') in data) > 0")
                .execute(Tuple.of(code))
                .await()
                .indefinitely()
                .forEach(row -> fields.add(row.getString("fields")));
        return fields;
    }

    @Test
    void everyReadIsRecordedBeforeItIsAnswered() {
        String code = identification.detect();
        long before = reads(code);
        identification.asCaseWorker().get("/cases/" + code).then().statusCode(200);
        assertThat(reads(code)).isEqualTo(before + 1);
        identification.asCaseWorker().get("/cases").then().statusCode(200);
        assertThat(reads(code)).isEqualTo(before + 2);
    }

    private long reads(String code) {
        return pool.preparedQuery("select count(*) from event where type = 'access.case-read'"
                        + " and position(convert_to($1, 'UTF8') in data) > 0")
                .execute(Tuple.of(code))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }
}
