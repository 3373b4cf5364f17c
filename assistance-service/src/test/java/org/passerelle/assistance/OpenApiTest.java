package org.passerelle.assistance;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasKey;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.TryItPage;

@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
class OpenApiTest {

    @Test
    void the_document_says_what_really_travels() {
        given().queryParam("format", "json")
                .get("/openapi")
                .then()
                .statusCode(200)
                .body("paths", hasKey("/assistance/plans/{code}/deliveries"))
                .body("paths", hasKey("/assistance/plans/{code}/follow-ups/{id}/outcome"))
                .body("components.schemas.ReferralId.type", equalTo("string"))
                .body("components.schemas.FollowUpOutcome.enum", hasItems("safe", "needs-more-help"))
                .body("components.schemas.ClosureReason.enum", hasItems("plan_completed", "not_a_victim"));
    }

    @Test
    void the_try_it_page_is_there_and_sends_the_token() {
        given().get("/try/").then().statusCode(200);
        TryItPage.sendsTheTokenWithEveryOperation();
    }
}
