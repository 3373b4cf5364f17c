package org.passerelle.referral.directory.hsds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.passerelle.referral.codes.Area;
import org.passerelle.referral.codes.Assessment;
import org.passerelle.referral.codes.Circumstance;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.directory.AtLocation;
import org.passerelle.referral.directory.ListedService;
import org.passerelle.referral.directory.Terms;
import org.passerelle.referral.routing.Places;
import org.passerelle.referral.texts.Texts;

class HsdsReaderTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ORGANISATION = "300de750-0869-5e39-9137-0e3ca0cfbb27";
    private static final String SERVICE = "958b2edf-63b8-5852-be6a-5dcd4cb08723";
    private static final String LOCATION = "7ff1766c-c7ff-522c-97b7-7169d46f4f81";

    private static final String DIRECTORY = """
            {"organizations": [{"id": "%1$s", "name": "Maison", "organization_type": "NGO"}],
             "services": [{"id": "%2$s", "organization_id": "%1$s", "name": "Refuge", "status": "active",
               "taxonomy": ["SAFE_SHELTER"], "minimum_age": 18, "eligible_sex": ["Feminine"],
               "service_capacity": [{"unit": "place", "available": 4, "maximum": 12, "updated": "2026-11-01"}]}],
             "locations": [{"id": "%3$s", "location_type": "physical", "iso_3166_2": "BI-BM", "latitude": -3.39,
               "longitude": 29.3, "confidential": true, "addresses": [{"address_1": "Sentier 1", "country": "BI"}]}],
             "service_at_locations": [{"id": "b50eca7d-4ac9-5f8e-8e89-5b6275aca36a", "service_id": "%2$s",
               "location_id": "%3$s"}]}
            """.formatted(ORGANISATION, SERVICE, LOCATION);

    private static ObjectNode directory() throws Exception {
        return (ObjectNode) JSON.readTree(DIRECTORY);
    }

    private static ObjectNode first(ObjectNode document, String table) {
        return (ObjectNode) document.get(table).get(0);
    }

    private static List<Fault> faults(Consumer<ObjectNode> spoil) throws Exception {
        ObjectNode document = directory();
        spoil.accept(document);
        MalformedDirectory malformed = catchThrowableOfType(MalformedDirectory.class, () -> HsdsReader.read(document));
        assertThat(malformed).as("the document must not be read").isNotNull();
        return malformed.faults();
    }

    @Test
    void readsServicesWithEligibilityCapacityAndPlace() throws Exception {
        HsdsDirectory read = HsdsReader.read(directory());
        ListedService service = read.organisations().getFirst().services().getFirst();
        assertThat(read.organisations().getFirst().type()).isEqualTo(OrganisationType.NGO);
        assertThat(service.types()).containsExactly(ServiceType.SAFE_SHELTER);
        assertThat(service.eligibleSexes()).containsExactly(Sex.FEMININE);
        assertThat(service.minimumAge()).isEqualTo(18);
        assertThat(service.capacities().getFirst().available()).isEqualTo(4);
        assertThat(read.organisations().getFirst().locations().getFirst().confidential())
                .isTrue();
        assertThat(read.warnings()).isEmpty();
    }

    @Test
    void readsTheSameFromTheStandardsOwnAttributes() throws Exception {
        ObjectNode document = directory();
        first(document, "organizations").remove("organization_type");
        first(document, "organizations").set("attributes", attribute("htcds-organisation-type", "NGO"));
        ObjectNode service = first(document, "services");
        service.remove(List.of("taxonomy", "eligible_sex"));
        service.set(
                "attributes",
                ((com.fasterxml.jackson.databind.node.ArrayNode) attribute("passerelle-service-type", "SAFE_SHELTER"))
                        .addAll((com.fasterxml.jackson.databind.node.ArrayNode) attribute("htcds-gender", "Feminine")));
        service.set("capacities", service.remove("service_capacity"));
        first(document, "locations").remove("confidential");
        first(document, "locations").set("attributes", attribute("passerelle-confidentiality", "confidential"));
        assertThat(HsdsReader.read(document).organisations())
                .isEqualTo(HsdsReader.read(directory()).organisations());
    }

    private static com.fasterxml.jackson.databind.JsonNode attribute(String taxonomy, String code) throws Exception {
        return JSON.readTree(
                "[{\"taxonomy_term\": {\"taxonomy\": \"%s\", \"code\": \"%s\"}}]".formatted(taxonomy, code));
    }

    @Test
    void namesTheRecordAndTheFieldOfEveryFault() throws Exception {
        List<Fault> faults = faults(document -> {
            first(document, "services").put("status", "open");
            first(document, "services").put("minimum_age", -1);
            first(document, "locations").put("latitude", 91);
            first(document, "service_at_locations").put("service_id", ORGANISATION);
        });
        assertThat(faults)
                .extracting(Fault::record, Fault::field, Fault::code)
                .containsExactlyInAnyOrder(
                        tuple("services[0] id=" + SERVICE, "status", "import.unknown-code"),
                        tuple("services[0] id=" + SERVICE, "minimum_age", "import.not-a-count"),
                        tuple("locations[0] id=" + LOCATION, "latitude", "import.not-degrees"),
                        tuple(
                                "service_at_locations[0] id=b50eca7d-4ac9-5f8e-8e89-5b6275aca36a",
                                "service_id",
                                "import.unknown-reference"));
    }

    @Test
    void refusesWhatCannotBeMeant() throws Exception {
        assertThat(faults(d -> first(d, "services").put("maximum_age", 10))
                        .getFirst()
                        .code())
                .isEqualTo("import.ages-reversed");
        assertThat(faults(d -> first(d, "services").remove("name")).getFirst().code())
                .isEqualTo("import.required");
        assertThat(faults(d -> first(d, "services").put("id", "17")).getFirst().code())
                .isEqualTo("import.not-an-id");
        assertThat(faults(d -> first(d, "services").withArray("taxonomy").add("SPA"))
                        .getFirst()
                        .code())
                .isEqualTo("import.unknown-code");
        assertThat(faults(d -> d.withArray("services").add(first(d, "services").deepCopy()))
                        .getFirst()
                        .code())
                .isEqualTo("import.duplicate-id");
        assertThat(faults(d -> d.put("services", "none")).getFirst().code()).isEqualTo("import.not-a-list");
        assertThat(faults(d -> d.remove("organizations")).getFirst().code()).isEqualTo("import.not-a-directory");
        assertThat(faults(d -> ((ObjectNode) first(d, "services")
                                        .get("service_capacity")
                                        .get(0))
                                .put("available", 13))
                        .getFirst()
                        .code())
                .isEqualTo("import.more-than-maximum");
    }

    @Test
    void warnsOfWhatItDoesNotRead_andReadsTheRest() throws Exception {
        ObjectNode document = directory();
        first(document, "services").put("favourite_colour", "blue");
        first(document, "services")
                .set("service_areas", JSON.readTree("[{\"name\": \"everywhere\"}, {\"extent\": \"BI\"}]"));
        HsdsDirectory read = HsdsReader.read(document);
        assertThat(read.warnings())
                .extracting(Fault::code)
                .containsExactlyInAnyOrder("import.unknown-field", "import.area-not-understood");
        ListedService service = read.organisations().getFirst().services().getFirst();
        assertThat(service.areas()).containsExactly(Area.of("BI"));
        assertThat(service.limitedToAreas()).isTrue();
    }

    /** As JSON and as tables: areas come back as they went, in their time and by whichever code. */
    @Test
    void anAreaHasItsTimeAndAnyPlacesCode_andTheReportSaysWhichTheRegisterDoesNotKnow() throws Exception {
        ObjectNode document = directory();
        first(document, "services").set("service_areas", JSON.readTree("""
                        [{"extent": "BI006001", "valid_to": "2026-12-31"}, {"extent": "BI-CI"}, {"extent": "EC1101"},
                         {"extent": "BI-GI", "valid_from": "2026-12-01", "valid_to": "2027-03-31"}]"""));
        first(document, "locations").put("iso_3166_2", "BI006001");
        HsdsDirectory read = HsdsReader.read(document);
        assertThat(read.warnings()).isEmpty();
        List<ListedService> services = read.organisations().getFirst().services();
        assertThat(services.getFirst().areas())
                .containsExactly(
                        Area.of("BI-CI"),
                        new Area(new PlaceCode("BI-GI"), LocalDate.of(2026, 12, 1), LocalDate.of(2027, 3, 31)),
                        new Area(new PlaceCode("BI006001"), null, LocalDate.of(2026, 12, 31)),
                        Area.of("EC1101"));
        ObjectNode written = HsdsWriter.write(read.organisations());
        for (ObjectNode again :
                List.of(written, HsdsPackage.read(HsdsPackage.write(written)).document())) {
            assertThat(HsdsReader.read(again).organisations().getFirst().services())
                    .isEqualTo(services);
        }
        assertThat(PlacesOfDirectory.checked(read, Places.shipped(), LocalDate.of(2026, 11, 20))
                        .warnings())
                .extracting(Fault::field, Fault::code, Fault::args)
                .containsExactlyInAnyOrder(
                        tuple("iso_3166_2", "import.place-not-registered", List.of("BI006001")),
                        tuple("service_areas", "import.place-not-registered", List.of("BI006001")),
                        tuple("service_areas", "import.place-ended", List.of("BI-CI", "2025-06-30")));
        first(document, "services")
                .set(
                        "service_areas",
                        JSON.readTree(
                                "[{\"extent\": \"BI\", \"valid_from\": \"2026-12-02\", \"valid_to\": \"2026-12-01\"}]"));
        assertThat(catchThrowableOfType(MalformedDirectory.class, () -> HsdsReader.read(document))
                        .faults())
                .extracting(Fault::field, Fault::code)
                .containsExactly(tuple("valid_to", "import.days-reversed"));
    }

    @Test
    void everySentenceExistsInEveryLanguage() throws Exception {
        for (String code : List.of("import.ages-reversed", "kept.other-place", "out.perhaps-an-authority")) {
            assertThat(List.of(Locale.FRENCH, Locale.ENGLISH, Locale.of("es")).stream()
                            .map(locale -> Texts.in(locale).say(code, "1", "2", "3"))
                            .distinct())
                    .hasSize(3);
        }
        var french = bundle("sentences");
        assertThat(bundle("sentences_en").keySet()).isEqualTo(french.keySet());
        assertThat(bundle("sentences_es").keySet()).isEqualTo(french.keySet());
    }

    private static java.util.Properties bundle(String name) throws Exception {
        var properties = new java.util.Properties();
        try (var in = Texts.class.getResourceAsStream(name + ".properties")) {
            properties.load(
                    new java.io.InputStreamReader(Objects.requireNonNull(in), java.nio.charset.StandardCharsets.UTF_8));
        }
        return properties;
    }

    /** As JSON and as tables: the terms of a service come back as they went. */
    @Test
    void theTermsOfAServiceAreReadAndWrittenAgain() throws Exception {
        ObjectNode document = directory();
        ObjectNode service = first(document, "services");
        service.put("assured_date", "2026-05-20");
        service.put("fees_description", "gratuit");
        service.put("wait_time", "2 h");
        service.put("alert", "fermé en août");
        service.set("phones", JSON.readTree("[{\"number\": \"116\", \"type\": \"duty\"}, {\"number\": \"22 00 00\"}]"));
        ArrayNode attributes = JSON.createArrayNode();
        attributes.addAll((ArrayNode) attribute("passerelle-urgency", "urgent"));
        attributes.addAll((ArrayNode) attribute("passerelle-urgency", "emergency"));
        attributes.addAll((ArrayNode) attribute("passerelle-admits", "children-with-caregiver"));
        attributes.addAll((ArrayNode) attribute("passerelle-excludes", "irregular"));
        attributes.addAll((ArrayNode) attribute("passerelle-not-with", "POLICE"));
        attributes.addAll((ArrayNode) attribute("passerelle-accessibility", "step-free"));
        attributes.addAll((ArrayNode) attribute("passerelle-responds-within-hours", "2"));
        attributes.addAll((ArrayNode) attribute("passerelle-additional-assessment", "medical"));
        service.set("attributes", attributes);
        HsdsDirectory read = HsdsReader.read(document);
        ListedService listed = read.organisations().getFirst().services().getFirst();
        assertThat(listed.terms())
                .isEqualTo(new Terms(
                        LocalDate.of(2026, 5, 20),
                        "gratuit",
                        "2 h",
                        2,
                        List.of(Urgency.EMERGENCY, Urgency.URGENT),
                        List.of(Circumstance.CHILDREN_WITH_CAREGIVER),
                        List.of(Circumstance.IRREGULAR),
                        List.of(ServiceType.POLICE),
                        List.of("step-free"),
                        List.of("116"),
                        List.of(Assessment.MEDICAL),
                        "fermé en août"));
        ObjectNode written = HsdsWriter.write(read.organisations());
        for (ObjectNode again :
                List.of(written, HsdsPackage.read(HsdsPackage.write(written)).document())) {
            assertThat(HsdsReader.read(again).organisations().getFirst().services())
                    .containsExactly(listed);
        }
        attributes.addAll((ArrayNode) attribute("passerelle-admits", "everybody"));
        attributes.addAll((ArrayNode) attribute("passerelle-responds-within-hours", "soon"));
        attributes.addAll((ArrayNode) attribute("passerelle-additional-assessment", "luck"));
        assertThat(catchThrowableOfType(MalformedDirectory.class, () -> HsdsReader.read(document))
                        .faults())
                .as("what is not understood is said; two promises are one too many")
                .hasSize(4);
    }

    @Test
    void aServiceWithoutTermsHasNone() throws Exception {
        assertThat(HsdsReader.read(directory())
                        .organisations()
                        .getFirst()
                        .services()
                        .getFirst()
                        .terms())
                .isNull();
    }

    @Test
    void anAreaOfALinkLimitsTheService_andItsPhonesAndSchedulesStayWithItsLocation() throws Exception {
        ObjectNode document = directory();
        ObjectNode link = first(document, "service_at_locations");
        link.set("service_areas", JSON.readTree("[{\"extent\": \"BI-BM\"}]"));
        link.set("phones", JSON.readTree("[{\"number\": \"117\", \"type\": \"duty\"}]"));
        link.set("schedules", JSON.readTree("[{\"description\": \"nuit et jour\"}]"));
        first(document, "services").set("phones", JSON.readTree("[{\"number\": \"116\"}]"));
        HsdsDirectory read = HsdsReader.read(document);
        assertThat(read.warnings()).isEmpty();
        ListedService service = read.organisations().getFirst().services().getFirst();
        assertThat(service.limitedToAreas()).isTrue();
        assertThat(service.areas()).containsExactly(Area.of("BI-BM"));
        assertThat(service.phones()).containsExactly("116");
        assertThat(service.openingHours()).isEmpty();
        assertThat(service.terms()).isNull();
        assertThat(service.atLocations())
                .containsExactly(new AtLocation(
                        LocationId.of(LOCATION), List.of("117"), List.of("117"), List.of("nuit et jour")));
        assertThat(HsdsWriter.write(read.organisations()).toString())
                .as("of a confidential house everybody would see them")
                .contains("116")
                .doesNotContain("117", "nuit et jour");

        first(document, "locations").put("confidential", false);
        read = HsdsReader.read(document);
        assertThat(read.organisations().getFirst().services()).containsExactly(service);
        ObjectNode written = HsdsWriter.write(read.organisations());
        for (ObjectNode again :
                List.of(written, HsdsPackage.read(HsdsPackage.write(written)).document())) {
            assertThat(HsdsReader.read(again).organisations().getFirst().services())
                    .containsExactly(service);
        }
    }

    @Test
    void costOptionsAndAccessibilityAreRead() throws Exception {
        ObjectNode document = directory();
        first(document, "services").put("fees_description", "selon les moyens");
        first(document, "services")
                .set(
                        "cost_options",
                        JSON.readTree("[{\"option\": \"adulte\", \"amount\": 12.5, \"currency\": \"EUR\"}]"));
        first(document, "locations").put("confidential", false);
        first(document, "locations").set("accessibility", JSON.readTree("[{\"description\": \"rampe\"}]"));
        HsdsDirectory read = HsdsReader.read(document);
        assertThat(read.warnings()).isEmpty();
        assertThat(read.organisations().getFirst().services().getFirst().terms())
                .isNotNull()
                .extracting(Terms::cost)
                .isEqualTo("selon les moyens; adulte 12.5 EUR");
        assertThat(read.organisations().getFirst().locations().getFirst().accessibility())
                .containsExactly("rampe");
        ObjectNode written = HsdsWriter.write(read.organisations());
        for (ObjectNode again :
                List.of(written, HsdsPackage.read(HsdsPackage.write(written)).document())) {
            assertThat(HsdsReader.read(again).organisations()).isEqualTo(read.organisations());
        }
    }

    @Test
    void whatIsNotReadIsSaidOnceForATable_andNotWhereNothingStands() throws Exception {
        ObjectNode document = directory();
        document.withArray("services")
                .add(first(document, "services")
                        .deepCopy()
                        .put("id", ORGANISATION)
                        .put("url", "https://example.org"));
        first(document, "services").put("url", "https://example.org").put("email", " ");
        first(document, "services").set("required_documents", JSON.readTree("[]"));
        first(document, "services")
                .set("phones", JSON.readTree("[{\"id\": \"p\", \"number\": \"116\", \"extension\": 4}]"));
        first(document, "locations")
                .set("addresses", JSON.readTree("[{\"address_1\": \"Sentier 1\"}, {\"address_1\": \"Boîte 7\"}]"));
        first(document, "organizations").set("attributes", attribute("eligibility", "all"));
        assertThat(HsdsReader.read(document).warnings())
                .extracting(Fault::code, Fault::field)
                .containsExactlyInAnyOrder(
                        tuple("import.unknown-field", "url"),
                        tuple("import.unknown-field", "extension"),
                        tuple("import.first-only", "addresses"),
                        tuple("import.unread-taxonomy", "attributes"),
                        tuple("import.service-without-place", ""));
    }

    @Test
    void aRuleThatWouldBeLostToASlipOfThePenIsRefused() throws Exception {
        record Slip(String table, String taxonomy, String code) {}
        for (Slip slip : List.of(
                new Slip("services", "passerelle-exclude", "pregnant"),
                new Slip("services", "passerelle-confidentiality", "confidential"),
                new Slip("locations", "Passerelle-Confidentiality", "confidential"),
                new Slip("organizations", "passerelle-urgency", "urgent"),
                new Slip("service_at_locations", "passerelle-confidentiality", "confidential"))) {
            List<Fault> faults = faults(document -> first(document, slip.table())
                    .set(
                            "attributes",
                            JSON.valueToTree(List.of(Map.of(
                                    "taxonomy_term", Map.of("taxonomy", slip.taxonomy(), "code", slip.code()))))));
            assertThat(faults).hasSize(1).first().satisfies(fault -> {
                assertThat(fault.record()).startsWith(slip.table() + "[0]");
                assertThat(fault.field()).isEqualTo("attributes");
                assertThat(fault.code()).isEqualTo("import.unknown-taxonomy");
            });
        }
    }

    @Test
    void onlyWhoSaysSoOpensALocation() throws Exception {
        ObjectNode document = directory();
        assertThat(HsdsReader.read(document).openLocations()).isEmpty();
        first(document, "locations").remove("confidential");
        assertThat(HsdsReader.read(document).openLocations()).isEmpty();
        first(document, "locations").set("attributes", attribute("passerelle-confidentiality", "public"));
        assertThat(HsdsReader.read(document).openLocations())
                .containsExactly(new LocationId(UUID.fromString(LOCATION)));
        first(document, "locations").put("confidential", true);
        assertThat(HsdsReader.read(document).openLocations())
                .as("said both ways, it is confidential")
                .isEmpty();
    }
}
