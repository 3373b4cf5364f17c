package org.passerelle.referral.directory.hsds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.directory.ListedLocation;
import org.passerelle.referral.directory.ListedService;
import org.passerelle.referral.directory.OrganisationListing;

/**
 * Reads an Open Referral HSDS 3 document: the tables {@code organizations}, {@code services}, {@code locations} and
 * {@code service_at_locations}, each a list of records with the field names of the standard; what hangs on one record
 * (addresses, phones, schedules, areas, capacities, attributes) is nested in it. docs/directory.md gives the form.
 *
 * <p>Reading is all or nothing: a document with one malformed record gives no directory, but the list of all of them.
 */
public final class HsdsReader {

    private static final Set<String> TABLES =
            Set.of("organizations", "services", "locations", "service_at_locations", "source", "metadata");
    private static final Set<String> ORGANISATION_FIELDS =
            Set.of("name", "description", "website", "attributes", "organization_type");
    private static final Set<String> LINK_FIELDS =
            Set.of("service_id", "location_id", "phones", "schedules", "attributes", "service_areas");

    private final Faults faults = new Faults();
    private final JsonNode document;
    private final Set<LocationId> openLocations = new HashSet<>();

    private HsdsReader(JsonNode document) {
        this.document = document;
    }

    public static HsdsDirectory read(JsonNode document) throws MalformedDirectory {
        return new HsdsReader(document).read();
    }

    /** @param unread tables, or rows, that the document was made without */
    static HsdsDirectory read(JsonNode document, List<Fault> unread) throws MalformedDirectory {
        HsdsReader reader = new HsdsReader(document);
        unread.forEach(fault -> reader.faults.warn(fault.record(), fault.field(), fault.code(), fault.args()));
        return reader.read();
    }

    private record Organisation(
            String name,
            @Nullable String description,
            @Nullable OrganisationType type,
            @Nullable String website) {}

    private HsdsDirectory read() throws MalformedDirectory {
        if (!document.isObject() || !document.has("organizations")) {
            faults.wrong("", "organizations", "import.not-a-directory");
            faults.throwIfAny();
        }
        document.fieldNames().forEachRemaining(table -> {
            if (!TABLES.contains(table)) {
                faults.warn(table, "", "import.unread-table", RecordReader.shortened(table));
            }
        });
        Map<UUID, Organisation> organisations = organisations();
        Map<UUID, ListedLocation> locations = locations();
        Map<UUID, RecordReader> serviceRecords = table("services");
        Map<UUID, List<RecordReader>> links = links(serviceRecords.keySet(), locations);
        Map<UUID, List<ListedService>> services = services(serviceRecords, organisations.keySet(), links);
        faults.throwIfAny();
        List<OrganisationListing> listings = new ArrayList<>();
        organisations.forEach((id, organisation) ->
                listings.add(listing(id, organisation, services.getOrDefault(id, List.of()), locations)));
        listings.sort(Comparator.comparing(OrganisationListing::id));
        return new HsdsDirectory(listings, serviceRecords.size(), locations.size(), openLocations, faults.warnings());
    }

    private Map<UUID, RecordReader> table(String name) {
        Map<UUID, RecordReader> records = new LinkedHashMap<>();
        for (RecordReader record : RecordReader.each(document, name, faults)) {
            UUID id = record.id("id");
            if (id != null && records.putIfAbsent(id, record) != null) {
                record.wrong("id", "import.duplicate-id", id.toString());
            }
        }
        return records;
    }

    private Map<UUID, Organisation> organisations() {
        Map<UUID, Organisation> organisations = new LinkedHashMap<>();
        table("organizations").forEach((id, record) -> {
            record.warnOfFieldsOtherThan(ORGANISATION_FIELDS);
            Attributes.refuseUnknown(record, Attributes.OF_ORGANISATIONS);
            String name = record.required("name");
            // HSDS requires the description; directories in the field leave it out, and nothing here depends on it
            String description = record.optional("description");
            OrganisationType type = Attributes.organisationType(record);
            organisations.put(
                    id, new Organisation(name == null ? "" : name, description, type, record.optional("website")));
        });
        return organisations;
    }

    private Map<UUID, ListedLocation> locations() {
        Map<UUID, ListedLocation> locations = new HashMap<>();
        table("locations").forEach((id, record) -> {
            ListedLocation location = LocationRecord.read(new LocationId(id), record);
            locations.put(id, location);
            if (!location.confidential() && Attributes.saysWhetherConfidential(record)) {
                openLocations.add(location.id());
            }
        });
        return locations;
    }

    /** By service, which is given at their locations. */
    private Map<UUID, List<RecordReader>> links(Set<UUID> services, Map<UUID, ListedLocation> locations) {
        Map<UUID, List<RecordReader>> links = new HashMap<>();
        Set<UUID> unused = new HashSet<>(locations.keySet());
        table("service_at_locations").forEach((id, record) -> {
            record.warnOfFieldsOtherThan(LINK_FIELDS);
            Attributes.refuseUnknown(record, Set.of());
            UUID service = record.id("service_id");
            UUID location = record.id("location_id");
            if (service != null && !services.contains(service)) {
                record.wrong("service_id", "import.unknown-reference", "services", service.toString());
            }
            if (location != null && !locations.containsKey(location)) {
                record.wrong("location_id", "import.unknown-reference", "locations", location.toString());
            }
            if (service != null && location != null) {
                links.computeIfAbsent(service, none -> new ArrayList<>()).add(record);
                unused.remove(location);
            }
        });
        unused.stream()
                .sorted(Comparator.comparing(UUID::toString))
                .forEach(location -> faults.warn("locations id=" + location, "", "import.unused-location"));
        return links;
    }

    private Map<UUID, List<ListedService>> services(
            Map<UUID, RecordReader> records, Set<UUID> organisations, Map<UUID, List<RecordReader>> links) {
        Map<UUID, List<ListedService>> services = new HashMap<>();
        records.forEach((id, record) -> {
            UUID organisation = record.id("organization_id");
            if (organisation != null && !organisations.contains(organisation)) {
                record.wrong("organization_id", "import.unknown-reference", "organizations", organisation.toString());
            }
            ListedService service = ServiceRecord.read(new ServiceId(id), record, links.getOrDefault(id, List.of()));
            if (organisation != null) {
                services.computeIfAbsent(organisation, none -> new ArrayList<>())
                        .add(service);
            }
        });
        return services;
    }

    private static OrganisationListing listing(
            UUID id, Organisation organisation, List<ListedService> services, Map<UUID, ListedLocation> locations) {
        List<ListedService> sorted = new ArrayList<>(services);
        sorted.sort(Comparator.comparing(ListedService::id));
        Map<LocationId, ListedLocation> used = new TreeMap<>();
        for (ListedService service : sorted) {
            for (LocationId location : service.locations()) {
                ListedLocation listed = locations.get(location.value());
                if (listed != null) {
                    used.put(location, listed);
                }
            }
        }
        return new OrganisationListing(
                new OrganisationId(id),
                organisation.name(),
                organisation.description(),
                organisation.type(),
                organisation.website(),
                sorted,
                List.copyOf(used.values()));
    }
}
