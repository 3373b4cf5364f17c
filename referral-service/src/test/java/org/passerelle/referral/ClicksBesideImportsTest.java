package org.passerelle.referral;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.coordinator;
import static org.passerelle.referral.Mechanism.providerOf;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.referral.Mechanism.Provider;

/** Whoever says what is free is heard: beside others, beside an import, with a unit and without a key. */
@Tag("directory")
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
class ClicksBesideImportsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WARDS = 6;

    private static Response imported(ObjectNode document) {
        return as(coordinator())
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(document.toString())
                .post("/directory/imports");
    }

    private static Response declared(String organisation, String service, Object body) {
        return as(providerOf(organisation))
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(body)
                .post("/directory/services/" + service + "/capacity");
    }

    /** As a telephone's gateway sends it: no key. */
    private static Response line(String organisation, String service, String text) {
        return given().auth()
                .oauth2(providerOf(organisation))
                .contentType("text/plain")
                .body(text)
                .post("/directory/services/" + service + "/capacity/line");
    }

    private static JsonPath capacity(String service) {
        return as(coordinator())
                .get("/directory/services/" + service + "/capacity")
                .jsonPath();
    }

    @Test
    void wardsOfOneHospitalAndAnImportInTheSameMomentAreAllHeard() throws Exception {
        try (Mechanism country = new Mechanism("WQ");
                ExecutorService threads = Executors.newFixedThreadPool(WARDS + 1)) {
            List<Provider> wards = new ArrayList<>();
            for (int ward = 0; ward < WARDS; ward++) {
                wards.add(country.provider("MEDICAL"));
            }
            String hospital = wards.getFirst().organisation();
            ObjectNode document = JSON.valueToTree(country.directory());
            document.withArray("services").forEach(service -> ((ObjectNode) service).put("organization_id", hospital));
            assertThat(imported(document).statusCode()).isEqualTo(200);
            for (int round = 1; round <= 5; round++) {
                int free = round;
                ((ObjectNode) document.get("organizations").get(0)).put("description", "Tour " + round);
                CyclicBarrier together = new CyclicBarrier(WARDS + 1);
                List<Callable<Response>> all = new ArrayList<>();
                for (Provider ward : wards) {
                    all.add(() -> {
                        together.await();
                        return declared(hospital, ward.service(), Map.of("available", free));
                    });
                }
                all.add(() -> {
                    together.await();
                    return imported(document);
                });
                for (Future<Response> answer : threads.invokeAll(all)) {
                    assertThat(answer.get().statusCode())
                            .as(answer.get().asString())
                            .isEqualTo(200);
                }
                for (Provider ward : wards) {
                    assertThat(capacity(ward.service()).getInt("declared")).isEqualTo(free);
                }
                assertThat(imported(document).jsonPath().getList("changes")).isEmpty();
            }
        }
    }

    @Test
    void aLineNeedsNoKey_andSentAgainIsARepeat() {
        try (Mechanism country = new Mechanism("WR")) {
            Provider shelter = country.provider("SAFE_SHELTER");
            country.importDirectory();
            assertThat(line(shelter.organisation(), shelter.service(), "3/12").statusCode())
                    .isEqualTo(200);
            String at = capacity(shelter.service()).getString("declaredAt");
            assertThat(line(shelter.organisation(), shelter.service(), " 3 / 12 ")
                            .jsonPath()
                            .getInt("available"))
                    .isEqualTo(3);
            assertThat(capacity(shelter.service()).getString("declaredAt")).isEqualTo(at);
            assertThat(line(shelter.organisation(), shelter.service(), "2").statusCode())
                    .isEqualTo(200);
            assertThat(line(shelter.organisation(), shelter.service(), "3").statusCode())
                    .isEqualTo(200);
            assertThat(capacity(shelter.service()).getInt("declared"))
                    .as("what was said before last is no repeat")
                    .isEqualTo(3);
            assertThat(line(shelter.organisation(), shelter.service(), "three").statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void bedsAndFamiliesAreToldApart_andAFileThatRenamesAUnitRetiresTheOld() throws Exception {
        try (Mechanism country = new Mechanism("WS")) {
            Provider shelter = country.provider(
                    "SAFE_SHELTER",
                    Map.of(
                            "capacities",
                            List.of(Map.of("unit", "bed", "available", 4), Map.of("unit", "family", "available", 2))),
                    Map.of());
            country.importDirectory();
            JsonPath before = capacity(shelter.service());
            assertThat(before.getInt("free"))
                    .as("a room for a family is no bed")
                    .isEqualTo(4);
            assertThat(before.getString("declaredAt")).isNotNull();
            assertThat(before.getList("units.unit")).containsExactly("bed", "family");

            Response which = declared(shelter.organisation(), shelter.service(), Map.of("available", 1));
            assertThat(which.statusCode()).isEqualTo(422);
            assertThat(which.asString()).contains("bed, family");
            assertThat(declared(shelter.organisation(), shelter.service(), Map.of("unit", "beds", "available", 1))
                            .statusCode())
                    .isEqualTo(422);
            assertThat(line(shelter.organisation(), shelter.service(), "bed 0/4, family 2")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(capacity(shelter.service()).getInt("free")).isZero();
            assertThat(declared(
                                    shelter.organisation(),
                                    shelter.service(),
                                    Map.of("units", List.of(Map.of("unit", "bed", "available", 3))))
                            .jsonPath()
                            .getInt("available"))
                    .isEqualTo(3);
            assertThat(capacity(shelter.service()).getList("units.unit")).containsExactly("bed");

            ObjectNode document = JSON.valueToTree(country.directory());
            ((ObjectNode) document.get("services").get(0))
                    .set("capacities", JSON.readTree("[{\"unit\": \"beds\", \"available\": 4}]"));
            assertThat(imported(document).statusCode()).isEqualTo(200);
            assertThat(capacity(shelter.service()).getInt("declared")).isEqualTo(4);
            assertThat(capacity(shelter.service()).getList("units.unit")).containsExactly("beds");
            assertThat(imported(document).jsonPath().getList("changes")).isEmpty();
        }
    }
}
