package org.passerelle.referral.directory.hsds;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.Area;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceStatus;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.directory.Capacity;
import org.passerelle.referral.directory.ListedService;
import org.passerelle.referral.directory.Terms;

/** A record of the table {@code services}. */
final class ServiceRecord {

    private static final int MAX_AGE = 150;
    private static final int MAX_CAPACITY = 1_000_000;
    private static final Set<String> FIELDS = Set.of(
            "id",
            "organization_id",
            "program_id",
            "name",
            "alternate_name",
            "description",
            "url",
            "additional_urls",
            "email",
            "status",
            "interpretation_services",
            "application_process",
            "fees_description",
            "wait_time",
            "fees",
            "accreditations",
            "eligibility_description",
            "minimum_age",
            "maximum_age",
            "assured_date",
            "assurer_email",
            "licenses",
            "alert",
            "last_modified",
            "phones",
            "schedules",
            "service_areas",
            "service_at_locations",
            "languages",
            "organization",
            "funding",
            "cost_options",
            "program",
            "required_documents",
            "contacts",
            "capacities",
            "attributes",
            "metadata",
            "urls",
            "taxonomy",
            "service_capacity",
            "eligible_sex");

    private ServiceRecord() {}

    static ListedService read(ServiceId id, RecordReader record, List<LocationId> locations) {
        record.warnOfFieldsOtherThan(FIELDS);
        String name = record.required("name");
        List<ServiceType> types = Attributes.serviceTypes(record);
        if (types.isEmpty()) {
            record.warn("taxonomy", "import.service-without-type");
        }
        Integer minimumAge = record.count("minimum_age", MAX_AGE);
        Integer maximumAge = record.count("maximum_age", MAX_AGE);
        if (minimumAge != null && maximumAge != null && minimumAge > maximumAge) {
            record.wrong("maximum_age", "import.ages-reversed", minimumAge.toString(), maximumAge.toString());
        }
        List<RecordReader> declaredAreas = record.children("service_areas");
        List<Area> areas = areas(declaredAreas);
        if (locations.isEmpty() && areas.isEmpty()) {
            record.warn("", "import.service-without-place");
        }
        return new ListedService(
                id,
                name == null ? "" : name,
                record.optional("description"),
                status(record),
                types,
                Attributes.eligibleSexes(record),
                minimumAge,
                maximumAge,
                record.optional("eligibility_description"),
                capacities(record),
                !declaredAreas.isEmpty(),
                areas,
                locations,
                languages(record),
                phones(record),
                openingHours(record),
                terms(record).orNull());
    }

    private static Terms terms(RecordReader record) {
        return new Terms(
                record.date("assured_date"),
                record.optional("fees_description"),
                record.optional("wait_time"),
                Attributes.respondsWithin(record),
                Attributes.urgencies(record),
                Attributes.admits(record),
                Attributes.excludes(record),
                Attributes.notWith(record),
                Attributes.accessibility(record),
                dutyPhones(record),
                Attributes.assessments(record));
    }

    /** HSDS has no word for it but the type of a phone. */
    private static List<String> dutyPhones(RecordReader service) {
        return sorted(
                service.children("phones"),
                phone -> "duty".equals(phone.optional("type")) ? phone.optional("number") : null);
    }

    private static ServiceStatus status(RecordReader record) {
        String text = record.required("status");
        if (text == null) {
            return ServiceStatus.INACTIVE;
        }
        return ServiceStatus.byCode(text).orElseGet(() -> {
            record.wrong("status", "import.unknown-code", RecordReader.shortened(text));
            return ServiceStatus.INACTIVE;
        });
    }

    /** HSDS calls the list {@code capacities}; {@code service_capacity}, the name of its record type, is read as well. */
    private static List<Capacity> capacities(RecordReader service) {
        List<Capacity> capacities = new ArrayList<>();
        Stream.concat(service.children("capacities").stream(), service.children("service_capacity").stream())
                .forEach(record -> {
                    Integer available = record.count("available", MAX_CAPACITY);
                    Integer maximum = record.count("maximum", MAX_CAPACITY);
                    if (available == null) {
                        if (!record.has("available")) {
                            record.wrong("available", "import.required");
                        }
                        return;
                    }
                    if (maximum != null && available > maximum) {
                        record.wrong("available", "import.more-than-maximum", available.toString(), maximum.toString());
                    }
                    capacities.add(new Capacity(unit(record), available, maximum, record.pastMoment("updated")));
                });
        capacities.sort(Comparator.comparing(Capacity::unit).thenComparing(Capacity::available));
        return capacities;
    }

    /** HSDS nests a unit record; its name alone will do. */
    private static String unit(RecordReader capacity) {
        JsonNode unit = capacity.node().path("unit");
        String name = unit.isObject() ? unit.path("name").asText("") : unit.asText("");
        return name.isBlank() ? "place" : RecordReader.shortened(name.strip());
    }

    /** HSDS describes an area in free words; only one that gives a place's code can be routed by. */
    private static List<Area> areas(List<RecordReader> declared) {
        TreeSet<Area> areas = new TreeSet<>();
        for (RecordReader area : declared) {
            Stream.of("iso_3166_2", "extent", "name")
                    .map(area::optional)
                    .filter(Objects::nonNull)
                    .filter(PlaceCode::isPlaceCode)
                    .findFirst()
                    .ifPresentOrElse(
                            code -> areas.add(area(new PlaceCode(code), area)),
                            () -> area.warn("extent", "import.area-not-understood"));
        }
        return List.copyOf(areas);
    }

    private static Area area(PlaceCode place, RecordReader record) {
        LocalDate from = record.date("valid_from");
        LocalDate to = record.date("valid_to");
        if (from != null && to != null && to.isBefore(from)) {
            record.wrong("valid_to", "import.days-reversed", from.toString(), to.toString());
        }
        return new Area(place, from, to);
    }

    private static List<String> languages(RecordReader service) {
        return sorted(service.children("languages"), language -> {
            String code = language.optional("code");
            return code != null ? code : language.optional("name");
        });
    }

    private static List<String> phones(RecordReader service) {
        return sorted(service.children("phones"), phone -> phone.required("number"));
    }

    private static List<String> openingHours(RecordReader service) {
        return sorted(service.children("schedules"), schedule -> {
            String text = Stream.of("byday", "opens_at", "closes_at", "description")
                    .map(schedule::optional)
                    .filter(Objects::nonNull)
                    .reduce("", (line, word) -> line.isEmpty() ? word : line + " " + word);
            return text.isEmpty() ? null : text;
        });
    }

    private interface TextOf {
        @Nullable
        String in(RecordReader record);
    }

    private static List<String> sorted(List<RecordReader> records, TextOf text) {
        TreeSet<String> texts = new TreeSet<>();
        for (RecordReader record : records) {
            String found = text.in(record);
            if (found != null) {
                texts.add(found);
            }
        }
        return List.copyOf(texts);
    }
}
