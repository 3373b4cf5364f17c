package org.passerelle.identification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.identification.Identification.post;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;

/** The dry run names those whose time of keeping is over, and nobody else; it erases nobody. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@TestProfile(RetentionTest.OneYear.class)
@Tag("erasure")
class RetentionTest {

    /** A country that keeps for a year. */
    public static class OneYear implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "passerelle.retention.after-closing", "P1Y", "passerelle.retention.legal-basis", "Loi n° 1/28");
        }
    }

    @Inject
    Pool pool;

    private final Identification identification = new Identification();

    private String closed(int yearsAgo) {
        String code = identification.detect();
        identification
                .change(
                        identification.asCaseWorker(),
                        "/cases/" + code + "/closure",
                        code,
                        Map.of("reason", "client_request"))
                .then()
                .statusCode(201);
        pool.query("update case_list set closed_at = closed_at - interval '" + yearsAgo + " years' where case_code = '"
                        + code + "'")
                .execute()
                .await()
                .indefinitely();
        return code;
    }

    private JsonPath dryRun(String role, String organisation) {
        return identification
                .as(role, organisation)
                .get("/retention")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private List<String> ended() {
        return dryRun("supervisor", identification.owner).getList("cases.caseCode");
    }

    @Test
    void namesThoseWhoseTimeIsOverAndWhy() {
        String over = closed(2);
        String kept = closed(0);
        String open = identification.detect();

        JsonPath run = dryRun("supervisor", identification.owner);
        assertThat(run.getString("afterClosing")).isEqualTo("P1Y");
        assertThat(run.getString("legalBasis")).isEqualTo("Loi n° 1/28");
        assertThat(run.<String>getList("cases.caseCode")).contains(over).doesNotContain(kept, open);
        assertThat(dryRun("auditor", identification.owner).<String>getList("cases.caseCode"))
                .contains(over);
        assertThat(dryRun("supervisor", UUID.randomUUID().toString()).<String>getList("cases.caseCode"))
                .isEmpty();
        identification
                .as("case-worker", identification.owner)
                .get("/retention")
                .then()
                .statusCode(403);
    }

    @Test
    void saysWhoIsHeldAndForgetsTheErased() {
        String code = closed(2);
        var supervisor = "/cases/" + code;
        String hold = post(
                        identification.as("supervisor", identification.owner),
                        supervisor + "/holds",
                        Map.of("basis", "Tribunal, RP 12/2026"))
                .then()
                .statusCode(201)
                .extract()
                .path("holdId");
        assertThat(dryRun("supervisor", identification.owner)
                        .getBoolean("cases.find { it.caseCode == '" + code + "' }.held"))
                .isTrue();
        post(
                        identification.as("supervisor", identification.owner),
                        supervisor + "/holds/" + hold + "/lifting",
                        Map.of())
                .then()
                .statusCode(201);
        assertThat(dryRun("supervisor", identification.owner)
                        .getBoolean("cases.find { it.caseCode == '" + code + "' }.held"))
                .isFalse();

        post(
                        identification.asCaseWorker(),
                        supervisor + "/erasure/request",
                        Map.of("reason", "retention-ended", "legalBasis", "Loi n° 1/28"))
                .then()
                .statusCode(201);
        assertThat(ended()).contains(code);
        post(identification.as("supervisor", identification.owner), supervisor + "/erasure/approval", Map.of())
                .then()
                .statusCode(201);
        assertThat(ended()).doesNotContain(code);
    }
}
