package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.coordinator;
import static org.passerelle.referral.Mechanism.openOffer;
import static org.passerelle.referral.Mechanism.providerOf;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;

/** A shelter's address is read by whoever brings somebody there, while they do, and by nobody else. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
@Tag("safety")
class DestinationOnTheRoadTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ELSEWHERE = "9d0f3b53-7d8e-4f2e-8f1c-0a5b6c7d8e9f";

    @Inject
    Pool pool;

    /** A shelter that everybody knows of, in a house that nobody does. */
    private static ObjectNode secret(Mechanism country) throws IOException {
        ObjectNode document = JSON.valueToTree(country.directory());
        ((ObjectNode) document.get("services").get(0)).set("phones", JSON.readTree("[{\"number\": \"116\"}]"));
        ObjectNode location = (ObjectNode) document.get("locations").get(0);
        location.put("name", "Maison bleue").put("confidential", true);
        location.set("addresses", JSON.readTree("[{\"address_1\": \"Sentier 7\", \"city\": \"Lieu-dit\"}]"));
        ObjectNode link = (ObjectNode) document.get("service_at_locations").get(0);
        link.set("phones", JSON.readTree("[{\"number\": \"117-4\", \"type\": \"duty\"}]"));
        link.set("schedules", JSON.readTree("[{\"description\": \"nuit et jour\"}]"));
        return document;
    }

    private static void imported(Object document) {
        Response imported = as(coordinator())
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(document.toString())
                .post("/directory/imports");
        assertThat(imported.statusCode()).as(imported.asString()).isEqualTo(200);
    }

    private static Stated asked(Mechanism country) {
        String code = country.newCase();
        country.consent(code, null, List.of("services"));
        return asked(country, code);
    }

    private static Stated asked(Mechanism country, String code) {
        Stated need = country.need(code, "SAFE_SHELTER", "urgent", Duration.ofDays(3));
        country.awaitOffer(need.id());
        return need;
    }

    private static void accepted(Mechanism country, Provider shelter, Stated need) {
        JsonPath referral =
                as(country.caseWorker()).get("/referrals/" + need.id()).jsonPath();
        country.ok(
                providerOf(shelter.organisation()),
                need,
                "acceptance",
                Map.of("offerId", openOffer(referral).get("offerId")));
    }

    private static Response destination(String token, Stated need) {
        return as(token).get("/referrals/" + need.id() + "/destination");
    }

    private static void assertTold(Response answer) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        JsonPath told = answer.jsonPath();
        assertThat(told.getList("phones")).containsExactly("116");
        assertThat(told.getMap("locations[0]"))
                .containsEntry("name", "Maison bleue")
                .containsEntry("address", "Sentier 7, Lieu-dit")
                .containsEntry("confidential", true)
                .containsEntry("phones", List.of("117-4"))
                .containsEntry("dutyPhones", List.of("117-4"))
                .containsEntry("openingHours", List.of("nuit et jour"));
    }

    private static void assertRefused(Response answer, int status, String problem) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(status);
        assertThat(answer.jsonPath().getString("type")).endsWith(problem);
        assertNothingTold(answer.asString());
    }

    private static void assertNothingTold(String answer) {
        assertThat(answer).doesNotContain("Maison bleue", "Sentier", "Lieu-dit", "117-4", "nuit et jour");
    }

    @Test
    void whoBringsSomebodyReadsTheAddressFromTheYesToTheEnd_onRecord_andNobodyElseEver() throws IOException {
        try (Mechanism country = new Mechanism("VA")) {
            Provider shelter = country.provider("SAFE_SHELTER");
            imported(secret(country));
            Stated need = asked(country);
            assertRefused(destination(country.caseWorker(), need), 409, "referral-not-accepted");

            accepted(country, shelter, need);
            assertTold(destination(country.caseWorker(), need));
            String supervisor = Tokens.of("chef", List.of("supervisor"), country.owner);
            assertTold(destination(supervisor, need));
            String provider = providerOf(shelter.organisation());
            for (String role :
                    List.of("field-worker", "partner-system", "coordinator", "local-coordinator", "auditor")) {
                assertRefused(
                        destination(Tokens.of("autre-" + role, List.of(role), country.owner), need),
                        403,
                        "not-permitted");
            }
            assertRefused(destination(provider, need), 403, "not-permitted");
            for (String other : List.of(shelter.organisation(), ELSEWHERE)) {
                for (String role : List.of("case-worker", "supervisor")) {
                    assertRefused(
                            destination(Tokens.of("ailleurs-" + role, List.of(role), other), need),
                            404,
                            "unknown-or-ended");
                }
            }
            for (String page : List.of(
                    "/referrals/" + need.id(),
                    "/referrals/" + need.id() + "/routing?all=true",
                    "/referrals?role=outbox",
                    "/directory/services?place=" + country.place)) {
                assertNothingTold(as(country.caseWorker()).get(page).asString());
            }
            String looks = "/cases/" + need.caseCode() + "/access";
            Mechanism.await(() -> reads(country, looks).size() == 2);
            assertThat(reads(country, looks))
                    .as("those that were answered")
                    .allSatisfy(look -> assertThat(look)
                            .containsEntry("fields", "destination")
                            .containsEntry("organisation", country.owner));

            country.ok(provider, need, "first-contact", Map.of());
            assertTold(destination(country.caseWorker(), need));
            country.ok(provider, need, "pause", Map.of("reason", "awaiting-document"));
            assertTold(destination(country.caseWorker(), need));
            country.ok(country.caseWorker(), need, "cancellation", Map.of("reason", "no-longer-needed"));
            assertRefused(destination(country.caseWorker(), need), 409, "referral-ended");
        }
    }

    private static List<Map<String, String>> reads(Mechanism country, String looks) {
        return as(country.caseWorker())
                .get(looks)
                .jsonPath()
                .getList("looks.findAll { it.action == 'referral.destination' }");
    }

    @Test
    void whileAServiceIsStoppedOrItsPlaceFearedNobodyIsBroughtThere() throws IOException {
        try (Mechanism country = new Mechanism("VB")) {
            Provider shelter = country.provider("SAFE_SHELTER");
            imported(secret(country));
            String code = country.newCase();
            String consent = country.consent(code, null, List.of("services"));
            Stated need = asked(country, code);
            accepted(country, shelter, need);

            country.avoid(code, 1, List.of(country.place), Map.of());
            awaitRefusal(country, need, "not-to-be-brought");
            country.avoid(code, 2, List.of(), Map.of(shelter.organisation(), "employs-suspect"));
            Mechanism.await(() -> avoidanceHeard(code, 2));
            assertRefused(destination(country.caseWorker(), need), 409, ":not-to-be-brought");
            country.avoid(code, 3, List.of(), Map.of());
            Mechanism.await(() -> destination(country.caseWorker(), need).statusCode() == 200);

            country.withdraw(code, consent);
            awaitRefusal(country, need, "do-not-bring-stopped");
            country.consent(code, null, List.of("services"));
            Mechanism.await(() -> destination(country.caseWorker(), need).statusCode() == 200);

            country.avoidUnreadably(code, 4);
            awaitRefusal(country, need, "perhaps-not-to-be-brought");
        }
    }

    private static void awaitRefusal(Mechanism country, Stated need, String problem) {
        Mechanism.await(() -> destination(country.caseWorker(), need).statusCode() == 409);
        assertRefused(destination(country.caseWorker(), need), 409, ":" + problem);
    }

    private boolean avoidanceHeard(String code, int events) {
        return pool.query("select count(*) from event where stream_id = 'avoidance-" + code + "'")
                        .execute()
                        .await()
                        .indefinitely()
                        .iterator()
                        .next()
                        .getLong(0)
                == events;
    }

    @Test
    void whatAnExportLeavesOutComesBackWithItsImport_andAHouseThatNobodyListsIsNotGuessed() throws IOException {
        try (Mechanism country = new Mechanism("VC")) {
            Provider shelter = country.provider("SAFE_SHELTER");
            ObjectNode document = secret(country);
            imported(document);
            Stated need = asked(country);
            accepted(country, shelter, need);
            imported(as(coordinator()).get("/directory/export").asString());
            assertTold(destination(country.caseWorker(), need));
            String system = Tokens.of("systeme", List.of("case-worker", "partner-system"), country.owner);
            assertRefused(destination(system, need), 404, "unknown-or-ended");

            ObjectNode two = document.deepCopy();
            ObjectNode house = ((ObjectNode) two.get("locations").get(0)).deepCopy();
            house.put("id", UUID.randomUUID().toString()).put("name", "Maison verte");
            two.withArray("locations").add(house);
            ObjectNode there = ((ObjectNode) two.get("service_at_locations").get(0)).deepCopy();
            there.put("id", UUID.randomUUID().toString())
                    .put("location_id", house.get("id").asText());
            two.withArray("service_at_locations").add(there);
            imported(two);
            Response whichOfThem = destination(country.caseWorker(), need);
            assertThat(whichOfThem.jsonPath().getInt("housesNotTold")).isEqualTo(2);
            assertThat(whichOfThem.jsonPath().getList("phones")).containsExactly("116");
            assertThat(whichOfThem.jsonPath().getList("locations")).isEmpty();
            assertNothingTold(whichOfThem.asString());
            assertThat(whichOfThem.asString()).doesNotContain("Maison verte");

            document.withArray("services").removeAll();
            document.withArray("service_at_locations").removeAll();
            imported(document);
            assertRefused(destination(country.caseWorker(), need), 409, "service-not-listed");
        }
    }
}
