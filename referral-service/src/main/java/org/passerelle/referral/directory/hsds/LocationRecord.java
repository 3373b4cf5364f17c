package org.passerelle.referral.directory.hsds;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.directory.ListedLocation;
import org.passerelle.referral.directory.LocationKind;

/** A record of the table {@code locations}. */
final class LocationRecord {

    private static final Set<String> FIELDS = Set.of(
            "location_type",
            "organization_id",
            "name",
            "latitude",
            "longitude",
            "addresses",
            "accessibility",
            "attributes",
            "iso_3166_2",
            "confidential");
    private static final Set<String> ADDRESS_FIELDS = Set.of(
            "location_id",
            "address_type",
            "country",
            "attention",
            "address_1",
            "address_2",
            "city",
            "region",
            "state_province",
            "postal_code");
    private static final Set<String> ACCESSIBILITY_FIELDS = Set.of("location_id", "description", "details");
    private static final List<String> ADDRESS_LINES =
            List.of("attention", "address_1", "address_2", "city", "region", "state_province", "postal_code");

    private LocationRecord() {}

    static ListedLocation read(LocationId id, RecordReader record) {
        record.warnOfFieldsOtherThan(FIELDS);
        Attributes.refuseUnknown(record, Attributes.OF_LOCATIONS);
        Double latitude = record.degrees("latitude", 90);
        Double longitude = record.degrees("longitude", 180);
        if (record.has("latitude") != record.has("longitude")) {
            record.wrong(record.has("latitude") ? "longitude" : "latitude", "import.half-a-coordinate");
        }
        PlaceCode place = place(record);
        if (place == null) {
            record.warn("iso_3166_2", "import.location-without-place");
        }
        return new ListedLocation(
                id,
                kind(record),
                record.optional("name"),
                place,
                latitude,
                longitude,
                Attributes.confidential(record),
                address(record),
                accessibility(record));
    }

    private static List<String> accessibility(RecordReader location) {
        TreeSet<String> said = new TreeSet<>();
        for (RecordReader record : location.children("accessibility")) {
            record.warnOfFieldsOtherThan(ACCESSIBILITY_FIELDS);
            Stream.of("description", "details")
                    .map(record::optional)
                    .filter(Objects::nonNull)
                    .forEach(said::add);
        }
        return List.copyOf(said);
    }

    private static LocationKind kind(RecordReader record) {
        String text = record.required("location_type");
        if (text == null) {
            return LocationKind.PHYSICAL;
        }
        return switch (text) {
            case "physical" -> LocationKind.PHYSICAL;
            case "postal" -> LocationKind.POSTAL;
            case "virtual" -> LocationKind.VIRTUAL;
            default -> {
                record.wrong("location_type", "import.unknown-code", RecordReader.shortened(text));
                yield LocationKind.PHYSICAL;
            }
        };
    }

    /** The place's own code, or at least the country of the first address. */
    private static @Nullable PlaceCode place(RecordReader record) {
        String code = record.optional("iso_3166_2");
        if (code != null) {
            if (PlaceCode.isPlaceCode(code)) {
                return new PlaceCode(code);
            }
            record.wrong("iso_3166_2", "import.not-a-place", RecordReader.shortened(code));
            return null;
        }
        for (RecordReader address : record.children("addresses")) {
            String country = address.optional("country");
            if (country != null && country.length() == 2 && PlaceCode.isPlaceCode(country)) {
                return new PlaceCode(country);
            }
        }
        return null;
    }

    private static @Nullable String address(RecordReader record) {
        List<RecordReader> addresses = record.children("addresses");
        addresses.forEach(address -> address.warnOfFieldsOtherThan(ADDRESS_FIELDS));
        if (addresses.size() > 1) {
            record.warnOnce("addresses", "import.first-only");
        }
        for (RecordReader address : addresses) {
            List<String> lines = new ArrayList<>();
            for (String field : ADDRESS_LINES) {
                String line = address.optional(field);
                if (line != null) {
                    lines.add(line);
                }
            }
            if (!lines.isEmpty()) {
                return String.join(", ", lines);
            }
        }
        return null;
    }
}
