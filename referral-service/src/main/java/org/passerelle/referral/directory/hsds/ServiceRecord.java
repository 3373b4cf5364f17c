package org.passerelle.referral.directory.hsds;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.Area;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceStatus;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.directory.AtLocation;
import org.passerelle.referral.directory.Capacity;
import org.passerelle.referral.directory.ListedService;
import org.passerelle.referral.directory.Terms;

/** A record of the table {@code services}. */
final class ServiceRecord {

    private static final int MAX_AGE = 150;
    private static final int MAX_CAPACITY = 1_000_000;
    private static final Set<String> FIELDS = Set.of(
            "organization_id",
            "name",
            "description",
            "status",
            "fees_description",
            "cost_options",
            "wait_time",
            "eligibility_description",
            "minimum_age",
            "maximum_age",
            "assured_date",
            "alert",
            "phones",
            "schedules",
            "service_areas",
            "languages",
            "capacities",
            "attributes",
            "taxonomy",
            "service_capacity",
            "eligible_sex");

    /** What a record that hangs on a service, or on its link to a location, is asked for. */
    private static final Map<String, Set<String>> NESTED_FIELDS = Map.of(
            "phones", Set.of("number", "type"),
            "schedules", Set.of("byday", "opens_at", "closes_at", "description"),
            "service_areas", Set.of("iso_3166_2", "extent", "name", "valid_from", "valid_to"),
            "languages", Set.of("code", "name"),
            "cost_options", Set.of("option", "amount", "currency", "amount_description", "valid_from", "valid_to"),
            "capacities", Set.of("unit", "unit_id", "available", "maximum", "updated"),
            "service_capacity", Set.of("unit", "unit_id", "available", "maximum", "updated"));

    private static final Set<String> PARENTS =
            Set.of("service_id", "service_at_location_id", "location_id", "organization_id");

    private ServiceRecord() {}

    /** @param links where it is given */
    static ListedService read(ServiceId id, RecordReader record, List<RecordReader> links) {
        record.warnOfFieldsOtherThan(FIELDS);
        Attributes.refuseUnknown(record, Attributes.OF_SERVICES);
        List<LocationId> locations = links.stream()
                .map(link -> link.id("location_id"))
                .filter(Objects::nonNull)
                .map(LocationId::new)
                .distinct()
                .sorted()
                .toList();
        List<RecordReader> phones = nested("phones", List.of(record));
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
        List<RecordReader> declaredAreas = nested(
                "service_areas",
                Stream.concat(Stream.of(record), links.stream()).toList());
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
                numbers(phones),
                openingHours(nested("schedules", List.of(record))),
                terms(record, phones).orNull(),
                atLocations(links));
    }

    /** Said of one location alone, whether confidential or not: the directory may know that better than the document. */
    private static List<AtLocation> atLocations(List<RecordReader> links) {
        Map<LocationId, List<RecordReader>> byLocation = new TreeMap<>();
        for (RecordReader link : links) {
            UUID location = link.id("location_id");
            if (location != null) {
                byLocation
                        .computeIfAbsent(new LocationId(location), none -> new ArrayList<>())
                        .add(link);
            }
        }
        List<AtLocation> said = new ArrayList<>();
        byLocation.forEach((location, there) -> {
            List<RecordReader> phones = nested("phones", there);
            List<String> numbers = numbers(phones);
            List<String> hours = openingHours(nested("schedules", there));
            if (!numbers.isEmpty() || !hours.isEmpty()) {
                said.add(new AtLocation(location, numbers, onDuty(phones), hours));
            }
        });
        return said;
    }

    private static List<String> numbers(List<RecordReader> phones) {
        return sorted(phones, phone -> phone.required("number"));
    }

    /** HSDS has no word for it but the type of a phone. */
    private static List<String> onDuty(List<RecordReader> phones) {
        return sorted(phones, phone -> "duty".equals(phone.optional("type")) ? phone.optional("number") : null);
    }

    private static List<RecordReader> nested(String field, List<RecordReader> parents) {
        Set<String> fields = Stream.concat(NESTED_FIELDS.getOrDefault(field, Set.of()).stream(), PARENTS.stream())
                .collect(Collectors.toSet());
        List<RecordReader> records = parents.stream()
                .flatMap(parent -> parent.children(field).stream())
                .toList();
        records.forEach(one -> one.warnOfFieldsOtherThan(fields));
        return records;
    }

    private static Terms terms(RecordReader record, List<RecordReader> phones) {
        return new Terms(
                record.date("assured_date"),
                cost(record),
                record.optional("wait_time"),
                Attributes.respondsWithin(record),
                Attributes.urgencies(record),
                Attributes.admits(record),
                Attributes.excludes(record),
                Attributes.notWith(record),
                Attributes.accessibility(record),
                onDuty(phones),
                Attributes.assessments(record),
                record.optional("alert"));
    }

    /** In words: the description, and the options that the standard lists one by one. */
    private static @Nullable String cost(RecordReader service) {
        List<String> said = new ArrayList<>();
        String description = service.optional("fees_description");
        if (description != null) {
            said.add(description);
        }
        for (RecordReader option : nested("cost_options", List.of(service))) {
            String words = Stream.of("option", "amount", "currency", "amount_description", "valid_from", "valid_to")
                    .filter(option::has)
                    .map(field -> option.node().get(field).asText().strip())
                    .filter(word -> !word.isEmpty())
                    .collect(Collectors.joining(" "));
            if (!words.isEmpty() && !said.contains(words)) {
                said.add(words);
            }
        }
        String cost = String.join("; ", said);
        if (cost.length() > RecordReader.MAX_TEXT) {
            service.wrong("cost_options", "import.too-long", Integer.toString(RecordReader.MAX_TEXT));
        }
        return cost.isEmpty() ? null : cost;
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
        Stream.concat(
                        nested("capacities", List.of(service)).stream(),
                        nested("service_capacity", List.of(service)).stream())
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
        Map<String, Capacity> byUnit = new TreeMap<>();
        for (Capacity capacity : capacities) {
            if (byUnit.putIfAbsent(capacity.unit(), capacity) != null) {
                service.wrong("capacities", "import.unit-twice", capacity.unit());
            }
        }
        return List.copyOf(byUnit.values());
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
        return sorted(nested("languages", List.of(service)), language -> {
            String code = language.optional("code");
            return code != null ? code : language.optional("name");
        });
    }

    private static List<String> openingHours(List<RecordReader> schedules) {
        return sorted(schedules, schedule -> {
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
