package org.passerelle.edge;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;

/** A projection that the service keeps from its log, made anew by an operator. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
class RebuildingTest {

    @Inject
    Pool pool;

    private static RequestSpecification as(String role) {
        return given().auth()
                .oauth2(Tokens.of(role + "-1", List.of(role), null))
                .header("Accept-Language", "en")
                .contentType(ContentType.JSON);
    }

    private long count(String colour) {
        return pool.query("select coalesce((select count from coins where colour = '" + colour + "'), 0)")
                .execute()
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    private static void await(String what, BooleanSupplier there) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!there.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(50);
        }
    }

    @Test
    void aProjectionFollowsTheLogAndIsMadeAnewOnRequest() throws Exception {
        String colour = "colour" + UUID.randomUUID().toString().substring(0, 8);
        for (int i = 0; i < 2; i++) {
            String jar = UUID.randomUUID().toString();
            as("operator")
                    .header("Idempotency-Key", jar)
                    .body("{\"colour\":\"" + colour + "\"}")
                    .post("/jars/" + jar)
                    .then()
                    .statusCode(201);
        }
        await("the coins are counted", () -> count(colour) == 2);
        as("operator")
                .get("/operations/projections")
                .then()
                .statusCode(200)
                .body("rebuildable", hasItem("coins"))
                .body("behind.projection", hasItem("coins"));
        as("operator")
                .body("{\"acceptDifferences\":false}")
                .post("/operations/projections/coins/rebuild")
                .then()
                .statusCode(200)
                .body("projection", equalTo("coins"));
        await("the projection is swapped", () -> {
            String state = as("operator")
                    .get("/operations/projections/coins/rebuild")
                    .then()
                    .statusCode(200)
                    .extract()
                    .path("state");
            assertThat(state).isNotIn("DIFFERS", "FAILED");
            return state.equals("SWAPPED");
        });
        assertThat(count(colour)).isEqualTo(2);
        as("operator").delete("/operations/projections/coins/former").then().statusCode(204);
    }

    @Test
    void onlyAnOperatorRebuildsAndOnlyWhatThereIs() {
        as("case-worker")
                .body("{\"acceptDifferences\":false}")
                .post("/operations/projections/coins/rebuild")
                .then()
                .statusCode(403);
        as("operator")
                .body("{\"acceptDifferences\":false}")
                .post("/operations/projections/none/rebuild")
                .then()
                .statusCode(404);
        as("operator")
                .body("{}")
                .post("/operations/projections/coins/rebuild")
                .then()
                .statusCode(400);
    }
}
