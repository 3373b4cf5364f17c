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
    void theDirectoryOfNigeriaIsImportedAndExportedToTheSame_andAShelterInLagosIsFoundAndExplained()
            throws IOException {
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
        exportIsImportedAgainToTheSame(nigeria);

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

    private static Response sent(Object document, String query) {
        return as(coordinator())
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(document)
                .post("/directory/imports?" + query);
    }

    /** The directory as it is exported, of one country's organisations only: the tests share one directory. */
    private static ObjectNode exported(JsonNode of) throws IOException {
        Response export = as(coordinator()).get("/directory/export");
        assertThat(export.statusCode()).isEqualTo(200);
        assertThat(export.header("Content-Disposition")).contains("directory.hsds.json");
        ObjectNode document = (ObjectNode) JSON.readTree(export.asString());
        Set<String> organisations = ids(of.get("organizations"));
        Set<String> services = ids(of.get("services"));
        Set<String> locations = ids(of.get("locations"));
        keep(document, "organizations", "id", organisations);
        keep(document, "services", "id", services);
        keep(document, "locations", "id", locations);
        keep(document, "service_at_locations", "service_id", services);
        return document;
    }

    private static void keep(ObjectNode document, String table, String field, Set<String> ids) {
        var kept = JSON.createArrayNode();
        document.get(table).forEach(record -> {
            if (ids.contains(record.get(field).asText())) {
                kept.add(record);
            }
        });
        document.set(table, kept);
    }

    private static Set<String> ids(JsonNode table) {
        Set<String> ids = new HashSet<>();
        table.forEach(record -> ids.add(record.get("id").asText()));
        return ids;
    }

    private static void exportIsImportedAgainToTheSame(JsonNode nigeria) throws IOException {
        ObjectNode export = exported(nigeria);
        assertThat(export.get("organizations")).hasSize(91);
        assertThat(export.get("services")).hasSize(324);
        assertThat(export.get("locations")).hasSize(92);
        JsonPath again = sent(export.toString()).jsonPath();
        assertThat(again.getInt("unchanged")).isEqualTo(91);
        assertThat(again.getList("changes")).isEmpty();
        assertThat(again.getList("warnings")).isEmpty();
        assertThat(exported(nigeria)).isEqualTo(export);

        byte[] tables = as(coordinator()).get("/directory/export/tabular").asByteArray();
        JsonPath fromTables = sentTables(tables, "mode=merge").jsonPath();
        // The other tests' organisations are in it, too.
        assertThat(fromTables.getList("changes.organisation", String.class))
                .doesNotContainAnyElementsOf(ids(nigeria.get("organizations")));
        assertThat(fromTables.getInt("services")).isGreaterThanOrEqualTo(324);
    }

    private static Response sentTables(byte[] zip, String query) {
        return as(coordinator())
                .contentType("application/zip")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(zip)
                .post("/directory/imports/tabular?" + query);
    }

    @Test
    void everythingThatCanBeSaidOfAServiceComesBack_andAShelterKeepsItsAddressUnsaid() throws IOException {
        try (Mechanism country = new Mechanism("XJ")) {
            country.provider(
                    "SAFE_SHELTER",
                    JSON.readValue("""
                            {"description": "Abri", "status": "temporarily closed", "eligible_sex": ["Feminine"],
                             "minimum_age": 12, "maximum_age": 60, "eligibility_description": "avec enfants",
                             "capacities": [{"unit": "lit", "available": 3, "maximum": 9, "updated": "2026-03-01T10:00:00Z"},
                                            {"unit": "famille", "available": 1}],
                             "service_areas": [{"extent": "XJ"}, {"name": "la vallée"}],
                             "languages": [{"code": "fr"}, {"name": "kirundi"}], "phones": [{"number": "116"}],
                             "schedules": [{"byday": "MO,TU", "opens_at": "08:00", "closes_at": "17:00"}]}""", new com.fasterxml.jackson.core.type.TypeReference<Map<String, Object>>() {}),
                    Map.of("organization_type", "NGO", "description", "Aide", "website", "https://example.org"));
            country.provider("LEGAL", Map.of("service_areas", List.of(Map.of("name", "quelque part"))), Map.of());
            ObjectNode document = JSON.valueToTree(country.directory());
            ObjectNode location = (ObjectNode) document.get("locations").get(0);
            location.put("name", "Maison secrète")
                    .put("latitude", 1.5)
                    .put("longitude", 2.5)
                    .put("confidential", true);
            location.set("addresses", JSON.readTree("[{\"address_1\": \"Sentier caché 7\", \"country\": \"XJ\"}]"));
            assertThat(sent(document.toString()).statusCode()).isEqualTo(200);

            ObjectNode export = exported(document);
            assertThat(export.toString()).doesNotContain("secrète", "caché", "1.5");
            JsonPath again = sent(export.toString()).jsonPath();
            assertThat(again.getList("changes"))
                    .as("nothing is lost by what is left unsaid")
                    .isEmpty();
            assertThat(again.getInt("unchanged")).isEqualTo(2);

            location.put("name", "Autre maison").remove("addresses");
            assertThat(sent(document.toString()).jsonPath().getInt("revised")).isEqualTo(1);
            assertThat(sent(export.toString()).jsonPath().getInt("unchanged")).isEqualTo(2);

            byte[] tables = as(coordinator()).get("/directory/export/tabular").asByteArray();
            assertThat(sentTables(tables, "mode=merge").jsonPath().getList("changes.organisation", String.class))
                    .doesNotContainAnyElementsOf(ids(document.get("organizations")));
        }
    }

    @Test
    void aDryRunTellsWhatWouldChange_andChangesNothing() throws IOException {
        try (Mechanism country = new Mechanism("XK")) {
            Provider one = country.provider("EDUCATION");
            country.provider("EDUCATION");
            ObjectNode document = JSON.valueToTree(country.directory());
            Response dry = as(coordinator()).body(document.toString()).post("/directory/imports?dryRun=true");
            assertThat(dry.statusCode()).as(dry.asString()).isEqualTo(200);
            assertThat(dry.jsonPath().getBoolean("dryRun")).isTrue();
            assertThat(dry.jsonPath().getInt("listed")).isEqualTo(2);
            assertThat(dry.jsonPath().getList("changes.change")).containsOnly("listed");
            assertThat(as(coordinator())
                            .get("/directory/services?place=" + country.place)
                            .jsonPath()
                            .getList("services"))
                    .isEmpty();

            assertThat(sent(document.toString()).jsonPath().getInt("listed")).isEqualTo(2);
            ((ObjectNode) document.get("services").get(0)).put("status", "inactive");
            JsonPath second = sent(document.toString(), "dryRun=true").jsonPath();
            assertThat(second.getString("changes[0].organisation")).isEqualTo(one.organisation());
            assertThat(second.getString("changes[0].change")).isEqualTo("revised");
            assertThat(second.getInt("changes[0].servicesRevised")).isEqualTo(1);
            assertThat(second.getInt("unchanged")).isEqualTo(1);
            assertThat(sent(document.toString(), "mode=perhaps").statusCode()).isEqualTo(422);
            assertThat(sent(document.toString(), "mode=replace&dryRun=yes")
                            .jsonPath()
                            .getString("errors[0].field"))
                    .isEqualTo("dryRun");
        }
    }

    @Test
    void aDirectoryThatReplacesEndsWhatItNoLongerNames() throws IOException {
        // Looked at as a dry run only: the other tests' organisations are in the same directory.
        try (Mechanism country = new Mechanism("XL")) {
            Provider gone = country.provider("EDUCATION");
            ObjectNode before = JSON.valueToTree(country.directory());
            assertThat(sent(before.toString()).statusCode()).isEqualTo(200);
            ObjectNode without = before.deepCopy();
            without.withArray("organizations").removeAll();
            without.withArray("services").removeAll();
            without.withArray("service_at_locations").removeAll();
            JsonPath report =
                    sent(without.toString(), "mode=replace&dryRun=true").jsonPath();
            assertThat(report.getInt("ended")).isPositive();
            assertThat(report.getMap("changes.find { it.organisation == '" + gone.organisation() + "' }"))
                    .containsEntry("change", "ended")
                    .containsEntry("servicesRemoved", 1);
        }
    }

    @Test
    void whoCouldTakeANeedIsToldWithoutACase() {
        try (Mechanism country = new Mechanism("XM")) {
            Provider free = country.provider("SAFE_SHELTER");
            Provider men = country.provider(
                    "SAFE_SHELTER", Map.of("eligible_sex", List.of("Masculine")), Map.of("organization_type", "NGO"));
            country.importDirectory();
            Map<String, Object> asked =
                    Map.of("service", "SAFE_SHELTER", "place", country.place, "age", 19, "sex", "Feminine");
            JsonPath would = as(country.caseWorker())
                    .body(asked)
                    .post("/routing/what-ifs")
                    .jsonPath();
            assertThat(would.getString("kept[0].serviceId")).isEqualTo(free.service());
            assertThat(would.getString("kept[0].explanation")).startsWith("Rang 1");
            assertThat(would.getString("leftOut.find { it.serviceId == '" + men.service() + "' }.reasons[0].code"))
                    .isEqualTo("out.sex");

            Map<String, Object> refusing = new java.util.HashMap<>(asked);
            refusing.put("consent", Map.of("withheldFrom", List.of(free.organisation())));
            JsonPath refused = as(country.caseWorker())
                    .body(refusing)
                    .post("/routing/what-ifs")
                    .jsonPath();
            assertThat(refused.getList("kept.serviceId", String.class)).doesNotContain(free.service());
            assertThat(refused.getBoolean("consentStands")).isTrue();

            assertThat(as(country.caseWorker())
                            .body(Map.of("service", "SAFE_SHELTER", "place", "nowhere"))
                            .post("/routing/what-ifs")
                            .jsonPath()
                            .getString("errors[0].field"))
                    .isEqualTo("place");
            as(Mechanism.providerOf(free.organisation()))
                    .body(asked)
                    .post("/routing/what-ifs")
                    .then()
                    .statusCode(403);
        }
    }

    private static byte[] zip(Map<String, String> files) throws IOException {
        var bytes = new java.io.ByteArrayOutputStream();
        try (var zip = new java.util.zip.ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new java.util.zip.ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void tablesOfASpreadsheetAreADirectory_andWhatIsWrongInThemIsNamed() throws IOException {
        String organisation = UUID.randomUUID().toString();
        String service = UUID.randomUUID().toString();
        String location = UUID.randomUUID().toString();
        Map<String, String> files = new java.util.HashMap<>(Map.of(
                "hsds/organization.csv", "\uFEFFid,name\n" + organisation + ",\"Maison, et jardin\"\n",
                "hsds/service.csv",
                        "id,organization_id,name,status,minimum_age\n" + service + "," + organisation
                                + ",Abri,active,12\n",
                "hsds/location.csv", "id,location_type,iso_3166_2\n" + location + ",physical,XN-01\n",
                "hsds/service_at_location.csv",
                        "id,service_id,location_id\n" + UUID.randomUUID() + "," + service + "," + location + "\n",
                "hsds/service_capacity.csv", "id,service_id,unit_id,available,maximum\nc1," + service + ",u1,4,9\n",
                "hsds/unit.csv", "id,name\nu1,lit\n",
                "hsds/attribute.csv",
                        "id,link_id,taxonomy_term_id,link_entity\na1," + service
                                + ",t1,service\na2,elsewhere,t1,contact\n",
                "hsds/taxonomy_term.csv", "id,code,name,taxonomy\nt1,SAFE_SHELTER,Abri sûr,passerelle-service-type\n",
                "hsds/datapackage.json", "{}"));
        assertThat(sentTables(zip(files), "dryRun=true").jsonPath().getInt("listed"))
                .isEqualTo(1);
        Response imported = sentTables(zip(files), "mode=merge");
        assertThat(imported.statusCode()).as(imported.asString()).isEqualTo(200);
        JsonPath shown = as(coordinator())
                .get("/directory/services?type=SAFE_SHELTER&place=XN-01")
                .jsonPath();
        assertThat(shown.getString("services[0].organisationName")).isEqualTo("Maison, et jardin");
        assertThat(shown.getInt("services[0].availableUnits")).isEqualTo(4);
        assertThat(shown.getInt("services[0].minimumAge")).isEqualTo(12);

        Map<String, String> shelter = new java.util.HashMap<>(files);
        shelter.put(
                "hsds/location.csv",
                "id,location_type,iso_3166_2,confidential\n" + location + ",physical,XN-01,VRAI\n");
        assertNamed(
                sentTables(zip(shelter), "mode=merge"),
                "locations[0] id=" + location + " confidential",
                "« \"VRAI\" »");
        shelter.put("hsds/location.csv", files.get("hsds/location.csv"));
        shelter.put(
                "hsds/attribute.csv",
                "id,link_id,taxonomy_term_id,link_entity\na1," + service + ",t1,service\na3," + location
                        + ",t2,location\n");
        assertNamed(sentTables(zip(shelter), "mode=merge"), "attributes.csv id=a3", "« t2 »");
        shelter.put(
                "hsds/taxonomy_term.csv",
                files.get("hsds/taxonomy_term.csv") + "t2,confidential,confidential,passerelle-confidentiality\n");
        shelter.put(
                "hsds/attribute.csv",
                "id,link_id,taxonomy_term_id,link_entity\na1," + service + ",t1,service\na3,"
                        + location.toUpperCase(java.util.Locale.ROOT) + ",t2,location\n");
        assertThat(sentTables(zip(shelter), "mode=merge").statusCode()).isEqualTo(200);
        assertThat(as(coordinator())
                        .get("/directory/services?type=SAFE_SHELTER&place=XN-01")
                        .jsonPath()
                        .getBoolean("services[0].locations[0].confidential"))
                .isTrue();

        files.put("hsds/phone.csv", "id,service_id,number\np1,nobody,116\n");
        assertNamed(sentTables(zip(files), "mode=merge"), "phones.csv id=p1", "« nobody »");
        files.put("hsds/phone.csv", "id,number\np1,116,117,118\n");
        assertNamed(sentTables(zip(files), "mode=merge"), "phone.csv", "ligne 2");
        assertNamed(sentTables("no zip".getBytes(java.nio.charset.StandardCharsets.UTF_8), "mode=merge"), "", "zip");
    }

    private static void assertNamed(Response refused, String record, String told) {
        assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(422);
        assertThat(refused.jsonPath().getString("errors[0].field")).isEqualTo(record);
        assertThat(refused.jsonPath().getString("errors[0].message")).contains(told);
    }

    @Test
    void aLocationThatIsConfidentialForOneOfTwoIsExportedAsConfidential() throws IOException {
        try (Mechanism country = new Mechanism("XO")) {
            country.provider("FOOD");
            country.provider("FOOD");
            ObjectNode document = JSON.valueToTree(country.directory());
            String shared = document.get("locations").get(0).get("id").asText();
            ((ObjectNode) document.get("locations").get(0)).put("name", "Cantine connue");
            document.withArray("service_at_locations").forEach(link -> ((ObjectNode) link).put("location_id", shared));
            assertThat(sent(document.toString()).statusCode()).isEqualTo(200);

            for (int one = 0; one < 2; one++) {
                ObjectNode secret = document.deepCopy();
                ((ObjectNode) secret.get("locations").get(0)).put("confidential", true);
                secret.withArray("organizations").remove(1 - one);
                String other = document.get("services").get(1 - one).get("id").asText();
                secret.withArray("services").remove(1 - one);
                var links = secret.withArray("service_at_locations");
                for (int at = links.size() - 1; at >= 0; at--) {
                    if (links.get(at).get("service_id").asText().equals(other)) {
                        links.remove(at);
                    }
                }
                assertThat(sent(document.toString()).statusCode()).isEqualTo(200);
                assertThat(sent(secret.toString()).statusCode()).isEqualTo(200);
                assertThat(exported(document).toString())
                        .contains("passerelle-confidentiality")
                        .doesNotContain("connue");
            }
        }
    }
}
