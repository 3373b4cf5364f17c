package org.passerelle.identification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.identification.Identification.post;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;

/** Whoever keeps a case says where the person must not be sent; nobody else learns it, not by any other answer either. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("safety")
class AvoidanceTest {

    private static final String FEARED = "BI-NG";

    @Inject
    Pool pool;

    private final Identification identification = new Identification();
    private final String feared = UUID.randomUUID().toString();

    private Map<String, Object> danger() {
        return Map.of(
                "places",
                List.of(FEARED),
                "organisations",
                List.of(Map.of("organisationId", feared, "why", "employs-suspect")));
    }

    private Response avoid(String code, Object what) {
        return post(identification.asFieldWorker(), "/cases/" + code + "/avoidance", what);
    }

    private JsonPath read(String code) {
        return identification
                .asCaseWorker()
                .get("/cases/" + code + "/avoidance")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    @Test
    void itIsSaidReadAndLiftedByWhoKeepsTheCase() {
        String code = identification.detect();
        avoid(code, danger()).then().statusCode(201);
        JsonPath said = read(code);
        assertThat(said.getList("places.place")).containsExactly(FEARED);
        assertThat(said.getList("organisations.organisationId")).containsExactly(feared);
        assertThat(said.getList("organisations.why")).containsExactly("employs-suspect");
        assertThat(said.getString("organisations[0].by")).contains("field-worker");
        assertThat(said.getString("organisations[0].at")).isNotBlank();

        Response bySomebodyWhoMaySayItOnly = post(
                identification.asFieldWorker(),
                "/cases/" + code + "/avoidance/lifting",
                Map.of("organisations", List.of(feared)));
        assertThat(bySomebodyWhoMaySayItOnly.statusCode()).isEqualTo(403);
        post(
                        identification.asCaseWorker(),
                        "/cases/" + code + "/avoidance/lifting",
                        Map.of("organisations", List.of(feared)))
                .then()
                .statusCode(201);
        assertThat(read(code).getList("organisations")).isEmpty();
        assertThat(read(code).getList("places")).hasSize(1);
        assertThat(identification
                        .asCaseWorker()
                        .get("/cases/" + code + "/access")
                        .jsonPath()
                        .getList("looks.fields"))
                .contains("avoidance");
    }

    @Test
    void itIsSaidWithANeedAndWithAPackage() {
        String code = identification.detect();
        post(
                        identification.asFieldWorker(),
                        "/cases/" + code + "/needs",
                        Map.of("service", "LEGAL", "urgency", "normal", "place", "BI-BM", "avoid", danger()))
                .then()
                .statusCode(201);
        assertThat(read(code).getList("places.place")).containsExactly(FEARED);
        Map<String, String> leg = Map.of("name", "a", "service", "MEDICAL", "urgency", "normal", "place", "BI-BM");
        post(
                        identification.asFieldWorker(),
                        "/cases/" + code + "/packages",
                        Map.of(
                                "legs",
                                List.of(
                                        leg,
                                        Map.of("name", "b", "service", "LEGAL", "urgency", "normal", "place", "BI-BM")),
                                "avoid",
                                Map.of("places", List.of("BI-GI"))))
                .then()
                .statusCode(201);
        assertThat(read(code).getList("places.place")).containsExactly(FEARED, "BI-GI");
    }

    @Test
    void whatIsWrongIsNamed() {
        String code = identification.detect();
        for (Map<String, Object> empty : List.<Map<String, Object>>of(
                Map.of(), Map.of("places", List.of()), Map.of("places", List.of(), "organisations", List.of()))) {
            Response nothing = avoid(code, empty);
            assertThat(nothing.statusCode()).isEqualTo(422);
            assertThat(nothing.jsonPath().getString("type")).endsWith("avoidance-of-nothing");
        }
        assertThat(avoid(code, Map.of("places", List.of(FEARED), "organisations", List.of()))
                        .statusCode())
                .isEqualTo(201);
        Response place = avoid(code, Map.of("places", List.of("Ngozi")));
        assertThat(place.statusCode()).isEqualTo(422);
        assertThat(place.asString()).contains("places").doesNotContain("Ngozi");
        assertThat(avoid(code, Map.of("organisations", List.of(Map.of("organisationId", feared))))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void nobodyElseReadsIt_andNoOtherAnswerSaysIt() {
        String code = identification.detect();
        identification.consent(code);
        avoid(code, danger()).then().statusCode(201);
        for (String role : List.of("coordinator", "local-coordinator", "provider", "auditor", "police-investigator")) {
            assertThat(identification
                            .as(role, UUID.randomUUID().toString())
                            .get("/cases/" + code + "/avoidance")
                            .statusCode())
                    .as(role)
                    .isIn(403, 404);
        }
        for (String path : List.of("/cases/" + code + "?masked=false", "/cases")) {
            assertThat(identification.asCaseWorker().get(path).asString())
                    .as(path)
                    .doesNotContain(FEARED, feared);
        }
    }

    @Test
    void itLiesNowhereInTheClear() {
        String code = identification.detect();
        avoid(code, danger()).then().statusCode(201);
        StringBuilder stored = new StringBuilder();
        pool.preparedQuery("select data from event where stream_id = $1")
                .execute(Tuple.of("case-" + code))
                .await()
                .indefinitely()
                .forEach(row -> stored.append(((Buffer) row.getValue("data")).toString(StandardCharsets.UTF_8)));
        assertThat(stored.toString())
                .contains("revision", "$sealed")
                .doesNotContain(FEARED)
                .doesNotContain(feared)
                .doesNotContain("suspect");
        pool.query("select body from receipt")
                .execute()
                .await()
                .indefinitely()
                .forEach(row -> assertThat(((Buffer) row.getValue("body")).toString(StandardCharsets.UTF_8))
                        .doesNotContain(feared));
    }
}
