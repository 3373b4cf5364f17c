package org.passerelle.identification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Patience;
import org.passerelle.identification.codes.CaseCode;

/** Who looked at a case, for those who may ask. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("members")
class WhoLookedTest {

    private final Identification identification = new Identification();

    private RequestSpecification supervisor() {
        return identification.as("supervisor", identification.owner);
    }

    /** The largest page, since whoever waits for a look adds looks of their own. */
    private static Response looks(RequestSpecification who, String code) {
        return who.get("/cases/" + code + "/access?limit=200");
    }

    /** The records come from the log, some milliseconds late. */
    private JsonPath until(String code, String subject) {
        Patience.until(() ->
                looks(supervisor(), code).jsonPath().getList("looks.subject").contains(subject));
        return looks(supervisor(), code).jsonPath();
    }

    @Test
    void theOwnerSeesWhoLookedForWhomAndForWhat() {
        String code = identification.detect();
        identification
                .asCaseWorker()
                .header("Passerelle-Purpose", "persons-request")
                .get("/cases/" + code + "?masked=false")
                .then()
                .statusCode(200);
        String subject = "case-worker-" + identification.owner.substring(0, 8);
        JsonPath look = until(code, subject);
        look.setRootPath("looks.find { it.subject == '" + subject + "' }");
        assertThat(look.getString("organisation")).isEqualTo(identification.owner);
        assertThat(look.getString("purpose")).isEqualTo("persons-request");
        assertThat(look.getString("action")).isEqualTo("case.read");
        assertThat(look.getString("fields")).isEqualTo("ALL");
        assertThat(look.getString("result")).isEqualTo("given");
        assertThat(Instant.parse(look.getString("at"))).isBefore(Instant.now().plusSeconds(5));
    }

    @Test
    void askingIsALookToo() {
        String code = identification.detect();
        String organisation = UUID.randomUUID().toString();
        looks(identification.as("auditor", organisation), code).then().statusCode(200);
        String auditor = "auditor-" + organisation.substring(0, 8);
        assertThat(until(code, auditor).getString("looks.find { it.subject == '" + auditor + "' }.action"))
                .isEqualTo("access.read");
    }

    @Test
    void theRecordIsReadPageByPageAndACursorIsOfItsCaseOnly() {
        String code = identification.detect();
        for (int i = 0; i < 3; i++) {
            identification.asCaseWorker().get("/cases/" + code).then().statusCode(200);
        }
        Patience.until(
                () -> looks(supervisor(), code).jsonPath().getList("looks").size() >= 4);
        JsonPath first = supervisor().get("/cases/" + code + "/access?limit=2").jsonPath();
        assertThat(first.getList("looks")).hasSize(2);
        String next = first.getString("next");
        List<String> second = supervisor()
                .get("/cases/" + code + "/access?limit=2&after=" + next)
                .jsonPath()
                .getList("looks.at");
        assertThat(second).hasSize(2);
        assertThat(Instant.parse(second.getFirst()))
                .isBeforeOrEqualTo(
                        Instant.parse(first.<String>getList("looks.at").getLast()));
        String other = identification.detect();
        supervisor().get("/cases/" + other + "/access?after=" + next).then().statusCode(422);
    }

    @Test
    void forOthersTheCaseIsUnknownOrTheirRoleDoesNotPermitIt() {
        String code = identification.detect();
        String elsewhere = UUID.randomUUID().toString();
        assertThat(looks(identification.as("supervisor", elsewhere), code).statusCode())
                .isEqualTo(404);
        assertThat(looks(identification.asFieldWorker(), code).statusCode()).isEqualTo(403);
        assertThat(looks(identification.as("coordinator", elsewhere), code).statusCode())
                .isEqualTo(403);
        looks(supervisor(), CaseCode.numbered(1_234_567_891L).text())
                .then()
                .statusCode(404)
                .body("looks", nullValue());
    }
}
