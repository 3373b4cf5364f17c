package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.coordinator;
import static org.passerelle.referral.Mechanism.openOffer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;

/** The directory through the API: a real one of 324 services, and what must not be imported. */
@Tag("directory")
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
class DirectoryBatteryTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode nigeria() throws IOException {
        Path file = Path.of(
                System.getProperty("passerelle.root", ".."), "..", "shared", "data", "providers-nigeria.hsds.json");
        Assumptions.assumeTrue(
                Files.isReadable(file),
                () -> "SKIPPED: the directory of Nigeria is not beside the repository (" + file.normalize() + ")");
        return JSON.readTree(file.toFile());
    }

    private static Response sent(Object document) {
        return as(coordinator())
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(document)
                .post("/directory/imports");
    }

    @Test
    void theDirectoryOfNigeriaIsImported_andAShelterInLagosIsFoundAndExplained() throws IOException {
        JsonNode nigeria = nigeria();
        Response imported = sent(nigeria.toString());
        assertThat(imported.statusCode()).as(imported.asString()).isEqualTo(200);
        JsonPath report = imported.jsonPath();
        assertThat(report.getInt("organisations")).isEqualTo(91);
        assertThat(report.getInt("services")).isEqualTo(324);
        assertThat(report.getInt("locations")).isEqualTo(92);
        assertThat(report.getInt("listed")).isEqualTo(91);
        assertThat(report.getList("warnings")).isEmpty();
        JsonPath again = sent(nigeria.toString()).jsonPath();
        assertThat(again.getInt("unchanged")).isEqualTo(91);
        assertThat(again.getInt("listed") + again.getInt("revised")).isZero();

        Set<String> inLagos = new HashSet<>(as(coordinator())
                .get("/directory/services?type=SAFE_SHELTER&place=NG-LA")
                .jsonPath()
                .getList("services.id"));
        assertThat(inLagos).isNotEmpty();
        try (Mechanism country = new Mechanism("NG", "LA")) {
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "SAFE_SHELTER", "urgent", Duration.ofDays(3));
            Map<String, Object> offer = openOffer(country.awaitOffer(need.id()));
            assertThat(offer.get("serviceId")).isIn(inLagos);
            JsonPath routing = as(country.caseWorker())
                    .get("/referrals/" + need.id() + "/routing?all=true")
                    .jsonPath();
            List<String> kept = routing.getList("decisions[0].kept.serviceId");
            List<String> leftOut = routing.getList("decisions[0].leftOut.serviceId");
            assertThat(kept.size() + leftOut.size()).isGreaterThanOrEqualTo(30);
            assertThat(kept.subList(0, inLagos.size())).containsExactlyInAnyOrderElementsOf(inLagos);
            List<String> explained = routing.getList("decisions[0].kept.explanation");
            List<String> excluded = routing.getList("decisions[0].leftOut.explanation");
            List<String> others = routing.getList("decisions[0].ofOtherTypes.explanation");
            assertThat(explained).allSatisfy(sentence -> assertThat(sentence).contains("Rang", "km"));
            assertThat(excluded).allSatisfy(sentence -> assertThat(sentence).isNotBlank());
            assertThat(others).hasSizeGreaterThanOrEqualTo(294);
            for (int at = 0; at < explained.size(); at++) {
                System.out.println(
                        routing.getString("decisions[0].kept[" + at + "].organisationName") + ": " + explained.get(at));
            }
        }
    }

    @Test
    void oneMalformedRecordIsNamed_andNothingIsImported() throws IOException {
        try (Mechanism country = new Mechanism("XH")) {
            Provider one = country.provider("EDUCATION");
            Provider two = country.provider("EDUCATION");
            ObjectNode document = JSON.valueToTree(country.directory());
            ((ObjectNode) document.get("services").get(1)).put("status", "perhaps");
            Response refused = sent(document.toString());
            assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(422);
            assertThat(refused.jsonPath().getString("type")).isEqualTo("urn:passerelle:problem:directory-malformed");
            assertThat(refused.jsonPath().getString("errors[0].field"))
                    .isEqualTo("services[1] id=" + two.service() + " status");
            assertThat(refused.jsonPath().getString("errors[0].message"))
                    .isEqualTo("« perhaps » n’est pas un code connu");
            assertThat(as(coordinator())
                            .get("/directory/services?type=EDUCATION&place=" + country.place)
                            .jsonPath()
                            .getList("services"))
                    .isEmpty();
            assertThat(as(coordinator())
                            .get("/directory/organisations?limit=500")
                            .asString())
                    .doesNotContain(one.organisation());
            assertThat(sent("{\"organizations\": [").statusCode()).isEqualTo(400);
            as(Tokens.of("accueil", List.of("provider"), one.organisation()))
                    .header("Idempotency-Key", "k")
                    .body(document.toString())
                    .post("/directory/imports")
                    .then()
                    .statusCode(403);
        }
    }

    @Test
    void aShelterShowsItsPlaceAndNothingMore_andARevisionIsSeenAtOnce() throws IOException {
        try (Mechanism country = new Mechanism("XI")) {
            country.provider("SAFE_SHELTER");
            ObjectNode document = JSON.valueToTree(country.directory());
            ObjectNode location = (ObjectNode) document.get("locations").get(0);
            location.put("name", "Maison secrète")
                    .put("latitude", 1.5)
                    .put("longitude", 2.5)
                    .put("confidential", true);
            location.set("addresses", JSON.readTree("[{\"address_1\": \"Sentier caché 7\", \"country\": \"XI\"}]"));
            assertThat(sent(document.toString()).statusCode()).isEqualTo(200);
            String shown = as(coordinator())
                    .get("/directory/services?place=" + country.place)
                    .asString();
            assertThat(shown)
                    .contains("\"confidential\":true", country.place)
                    .doesNotContain("secrète", "caché", "1.5", "latitude");

            ((ObjectNode) document.get("services").get(0)).put("status", "temporarily closed");
            assertThat(sent(document.toString()).jsonPath().getInt("revised")).isEqualTo(1);
            assertThat(as(coordinator())
                            .get("/directory/services?place=" + country.place)
                            .jsonPath()
                            .getString("services[0].status"))
                    .isEqualTo("temporarily closed");
        }
    }
}
