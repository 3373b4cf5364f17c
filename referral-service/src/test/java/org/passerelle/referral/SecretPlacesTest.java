package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.coordinator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;

/** What once was a shelter's secret stays one, whichever file comes next and whoever lists it. */
@Tag("directory")
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
class SecretPlacesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static Response sent(ObjectNode document) {
        return as(coordinator())
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(document.toString())
                .post("/directory/imports");
    }

    private static List<String> warnings(ObjectNode document) {
        Response imported = sent(document);
        assertThat(imported.statusCode()).as(imported.asString()).isEqualTo(200);
        return imported.jsonPath().getList("warnings");
    }

    /** Of the first location, with all that would tell where it is. */
    private static ObjectNode document(Mechanism country) throws IOException {
        ObjectNode document = JSON.valueToTree(country.directory());
        ObjectNode location = location(document);
        location.put("name", "Maison " + country.owner)
                .put("latitude", -3.12345)
                .put("longitude", 29.9);
        location.set("addresses", JSON.readTree("[{\"address_1\": \"Sentier 7\", \"country\": \"XQ\"}]"));
        ObjectNode link = (ObjectNode) document.get("service_at_locations").get(0);
        link.set("phones", JSON.readTree("[{\"number\": \"117 " + country.owner + "\", \"type\": \"duty\"}]"));
        link.set("schedules", JSON.readTree("[{\"description\": \"Nuit " + country.owner + "\"}]"));
        location.set("accessibility", JSON.readTree("[{\"description\": \"rampe " + country.owner + "\"}]"));
        return document;
    }

    private static ObjectNode location(ObjectNode document) {
        return (ObjectNode) document.get("locations").get(0);
    }

    private static void flag(ObjectNode document, boolean confidential) {
        location(document).put("confidential", confidential);
    }

    private static String shown(Mechanism country) {
        return as(coordinator())
                .get("/directory/services?place=" + country.place)
                .asString();
    }

    private static String exported() {
        return as(coordinator()).get("/directory/export").asString();
    }

    private static void assertHidden(Mechanism country) {
        assertThat(shown(country))
                .contains("\"confidential\":true")
                .doesNotContain("Maison ", "Sentier 7", "3.12345", "rampe", "117 ", "Nuit");
        assertThat(exported())
                .doesNotContain(
                        "Maison " + country.owner,
                        "rampe " + country.owner,
                        "117 " + country.owner,
                        "Nuit " + country.owner);
    }

    @Test
    void aFileThatKnowsNothingOfSecrecyOpensNothing_oneThatSaysPublicDoes_andTheReportSaysEither() throws IOException {
        try (Mechanism country = new Mechanism("XQ")) {
            country.provider("SAFE_SHELTER");
            ObjectNode document = document(country);
            String where = "locations id=" + location(document).get("id").asText();
            flag(document, true);
            assertThat(warnings(document)).isEmpty();

            location(document).remove("confidential");
            assertThat(warnings(document))
                    .hasSize(1)
                    .allSatisfy(line -> assertThat(line).contains(where, "reste confidentiel"));
            assertHidden(country);
            assertThat(warnings(document)).as("as often as it comes").hasSize(1);

            flag(document, false);
            assertThat(warnings(document))
                    .hasSize(1)
                    .allSatisfy(line -> assertThat(line).contains(where, "n’est plus confidentiel"));
            assertThat(shown(country))
                    .contains("Maison " + country.owner, "Sentier 7", "\"confidential\":false", "rampe")
                    .contains("\"phones\":[\"117 " + country.owner, "\"dutyPhones\":[\"117 ", "[\"Nuit ");
            assertThat(exported()).contains("117 " + country.owner, "Nuit " + country.owner);
            assertThat(warnings(document)).as("once is enough").isEmpty();
            location(document).remove("confidential");
            assertThat(warnings(document)).isEmpty();
            assertThat(shown(country)).contains("Sentier 7");
        }
    }

    @Test
    void whatOneOfTwoKeepsSecretIsSecretForBoth_alsoWhenItsServiceMovesToTheOther() throws IOException {
        try (Mechanism country = new Mechanism("BI", "GI")) {
            country.provider("SAFE_SHELTER");
            country.provider("SAFE_SHELTER");
            ObjectNode both = document(country);
            both.withArray("service_at_locations")
                    .forEach(link -> ((ObjectNode) link)
                            .put("location_id", location(both).get("id").asText()));
            ObjectNode other = both.deepCopy();
            other.withArray("organizations").remove(0);
            other.withArray("services").remove(0);
            other.withArray("service_at_locations").remove(0);
            ObjectNode first = both.deepCopy();
            first.withArray("organizations").remove(1);
            first.withArray("services").remove(1);
            first.withArray("service_at_locations").remove(1);

            assertThat(warnings(other)).hasSize(1);
            assertThat(shown(country)).contains("Sentier 7");
            assertThat(kilometres(country)).isNotEmpty();
            List<Object> open = kilometres(country);
            flag(first, true);
            warnings(first);
            assertHidden(country);
            assertThat(kilometres(country))
                    .as("the distance of neither is to the house itself")
                    .doesNotContainAnyElementsOf(open);

            flag(other, false);
            assertThat(warnings(other)).anySatisfy(line -> assertThat(line).contains("une autre organisation"));
            assertHidden(country);

            ObjectNode moved = both.deepCopy();
            moved.withArray("services")
                    .forEach(service -> ((ObjectNode) service)
                            .set(
                                    "organization_id",
                                    both.get("organizations").get(1).get("id")));
            warnings(moved);
            assertHidden(country);
            flag(moved, false);
            assertThat(warnings(moved)).anySatisfy(line -> assertThat(line).contains("n’est plus confidentiel"));
            assertThat(shown(country)).contains("Sentier 7");
        }
    }

    private static List<Object> kilometres(Mechanism country) {
        Response would = as(country.caseWorker())
                .body(Map.of("service", "SAFE_SHELTER", "place", country.place, "age", 30, "sex", "Feminine"))
                .post("/routing/what-ifs");
        assertThat(would.statusCode()).as(would.asString()).isEqualTo(200);
        return would.jsonPath().getList("kept.explanation");
    }
}
