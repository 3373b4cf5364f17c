package org.passerelle.identification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.passerelle.identification.Identification.post;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;

/** An organisation finds whom it found before, by words that lie nowhere. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("erasure")
class PersonSearchTest {

    @Inject
    Pool pool;

    private final Identification identification = new Identification();

    private Response search(String role, String organisation, Map<String, String> sought) {
        return identification.as(role, organisation).body(sought).post("/searches/persons");
    }

    private List<String> found(Map<String, String> sought) {
        return search("case-worker", identification.owner, sought)
                .then()
                .statusCode(200)
                .header("Cache-Control", equalTo("no-store"))
                .extract()
                .path("cases.caseCode");
    }

    private long number(String sql) {
        return pool.query(sql)
                .execute()
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    private long rows(String code) {
        return number("select count(*) from person_token where case_code = '" + code + "'");
    }

    @Test
    void findsWithoutAccentsInAnyOrderAtOnce() {
        String code = identification.detect();
        assertThat(found(Map.of("name", "NDAYIZEYE esperance"))).containsExactly(code);
        assertThat(found(Map.of("phone", "00257 79 00 00 00"))).containsExactly(code);
        assertThat(found(Map.of("name", "Espérance", "phone", "+25779000000"))).containsExactly(code);
        assertThat(found(Map.of("name", "Espérance Uwimana"))).isEmpty();
        assertThat(found(Map.of("name", "Espér Ndayi"))).as("parts of words").isEmpty();
        assertThat(found(Map.of("name", "Espérance", "birthDate", "2001-02-03")))
                .as("a birth date that was never said")
                .isEmpty();
    }

    @Test
    void aBirthDateHelps() {
        String code = post(
                        identification.asFieldWorker(),
                        "/cases",
                        Identification.DETECTION.replace("\"age\": 24", "\"birthDate\": \"2001-02-03\""))
                .then()
                .statusCode(201)
                .extract()
                .path("caseCode");
        identification.detect();
        assertThat(found(Map.of("name", "Espérance", "birthDate", "2001-02-03")))
                .containsExactly(code);
        assertThat(found(Map.of("name", "Espérance Ndayizeye"))).hasSize(2);
    }

    @Test
    void ofAnotherOrganisationsCasesNothingIsTold() {
        identification.detect();
        Map<String, String> sought = Map.of("name", "Espérance Ndayizeye", "phone", "+25779000000");
        search("case-worker", identification.shelter, sought)
                .then()
                .statusCode(200)
                .body("cases", empty())
                .body("more", equalTo(false));
        search("coordinator", identification.owner, sought).then().statusCode(403);
        search("provider", identification.owner, sought).then().statusCode(403);
        assertThat(number("select count(distinct token) - count(distinct (owner, token)) from person_token"))
                .as("no token of one organisation is one of another's")
                .isZero();
    }

    @Test
    void nobodyGoesThroughTheNames() {
        for (Map<String, String> wide : List.of(
                Map.<String, String>of(),
                Map.of("name", "Espérance"),
                Map.of("name", "Espérance espérance"),
                Map.of("birthDate", "2001-02-03"),
                Map.of("name", "a b c d e f g h i j k l m"))) {
            search("case-worker", identification.owner, wide)
                    .then()
                    .statusCode(422)
                    .body("type", equalTo("urn:passerelle:problem:search-too-wide"));
        }
        search("case-worker", identification.owner, Map.of("phone", "079000000"))
                .then()
                .statusCode(422)
                .body("type", equalTo("urn:passerelle:problem:phone-malformed"));
    }

    @Test
    void everySearchIsRecordedAndNothingThatWasSought() {
        String code = identification.detect();
        String word = "Zz" + UUID.randomUUID().toString().replace("-", "");
        found(Map.of("name", "Espérance Ndayizeye"));
        found(Map.of("name", "Espérance " + word));
        String mine = "convert_from(metadata, 'UTF8') like '%" + identification.owner
                + "%' and type = 'access.case-read'" + " and convert_from(data, 'UTF8') like '%person.search%'";
        assertThat(number("select count(*) from event where " + mine)).isEqualTo(2);
        assertThat(number("select count(*) from event where " + mine + " and convert_from(data, 'UTF8') like '%" + code
                        + "%'"))
                .isEqualTo(1);
        assertThat(number("select count(*) from event where convert_from(data, 'UTF8') ilike '%" + word + "%'"))
                .isZero();
    }

    @Test
    void anErasedPersonIsNotFoundAndHasNoRowLeft() {
        String code = identification.detect();
        assertThat(rows(code)).isEqualTo(3);
        identification
                .change(
                        identification.asCaseWorker(),
                        "/cases/" + code + "/closure",
                        code,
                        Map.of("reason", "client_request"))
                .then()
                .statusCode(201);
        assertThat(found(Map.of("name", "Espérance Ndayizeye"))).containsExactly(code);
        post(
                        identification.asCaseWorker(),
                        "/cases/" + code + "/erasure/request",
                        Map.of("reason", "person-request", "legalBasis", "Loi n° 1/28, article 17"))
                .then()
                .statusCode(201);
        post(identification.as("supervisor", identification.owner), "/cases/" + code + "/erasure/approval", Map.of())
                .then()
                .statusCode(201);
        assertThat(rows(code)).as("in the same transaction").isZero();
        assertThat(found(Map.of("name", "Espérance Ndayizeye"))).isEmpty();
    }

    @Test
    void theIndexOfOlderEventsIsMadeAnew() throws InterruptedException {
        String code = identification.detect();
        pool.query("delete from person_token where case_code = '" + code + "'")
                .execute()
                .await()
                .indefinitely();
        assertThat(found(Map.of("name", "Espérance Ndayizeye"))).isEmpty();
        identification
                .as("operator", identification.owner)
                .body(Map.of("acceptDifferences", true))
                .post("/operations/projections/person_index/rebuild")
                .then()
                .statusCode(200);
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (found(Map.of("name", "Espérance Ndayizeye")).isEmpty()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(100);
        }
        assertThat(rows(code)).isEqualTo(3);
    }
}
