package org.passerelle.edge;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;

/** A service whose database goes back while its topic remembers. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
class RestoredServiceTest {

    @Inject
    Pool pool;

    @ConfigProperty(name = "quarkus.management.test-port")
    int managementPort;

    private static RequestSpecification asOperator() {
        return given().auth()
                .oauth2(Tokens.of("operator-1", List.of("operator"), null))
                .header("Accept-Language", "en")
                .contentType(ContentType.JSON);
    }

    private static Response create(String jar) {
        return asOperator()
                .header("Idempotency-Key", jar)
                .body("{\"colour\":\"red\"}")
                .post("/jars/" + jar);
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

    private static void await(String what, BooleanSupplier there) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!there.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(100);
        }
    }

    @Test
    void takesNothingUntilAnOperatorAdoptsTheRestoredLog() throws Exception {
        String kept = UUID.randomUUID().toString();
        String gone = UUID.randomUUID().toString();
        create(kept).then().statusCode(201);
        await(
                "all is published",
                () -> number("select count(*) from event") == number("select last_seq from log_head"));
        long head = number("select last_seq from log_head");
        create(gone).then().statusCode(201);
        await("the second is published", () -> number("select coalesce(min(last_seq), 0) from relay_position") > head);
        for (String sql : List.of(
                "delete from log where seq > " + head,
                "delete from receipt where key in (select key from receipt order by recorded_at desc limit 1)",
                "delete from event where stream_id = 'jar-" + gone + "'",
                "delete from stream where id = 'jar-" + gone + "'",
                "update relay_position set last_seq = " + head)) {
            pool.query(sql).execute().await().indefinitely();
        }

        await("it notices", () -> create(UUID.randomUUID().toString()).statusCode() == 503);
        create(UUID.randomUUID().toString())
                .then()
                .statusCode(503)
                .body("type", equalTo("urn:passerelle:problem:log-restored"));
        given().port(managementPort)
                .basePath("/")
                .get("/q/health/ready")
                .then()
                .statusCode(503)
                .body(containsString("adopt-restore sample"));

        asOperator()
                .body("{}")
                .post("/operations/adopt-restore")
                .then()
                .statusCode(200)
                .body("lostCount", greaterThanOrEqualTo(1))
                .body("lost.key", hasItem(gone));
        asOperator().get("/operations/lost").then().statusCode(200).body("key", hasItem(gone));
        asOperator().body("{}").post("/operations/adopt-restore").then().statusCode(409);
        create(gone).then().statusCode(201);
        given().port(managementPort).basePath("/").get("/q/health/ready").then().statusCode(200);
    }
}
