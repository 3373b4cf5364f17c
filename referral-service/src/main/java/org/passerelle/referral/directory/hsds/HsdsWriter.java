package org.passerelle.referral.directory.hsds;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.Area;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.directory.Capacity;
import org.passerelle.referral.directory.ListedLocation;
import org.passerelle.referral.directory.ListedService;
import org.passerelle.referral.directory.OrganisationListing;
import org.passerelle.referral.directory.Terms;

/**
 * Writes listings as the document that {@link HsdsReader} reads back to the same listings. Of a confidential location it
 * writes the place and nothing more; {@link OrganisationListing#keeping} keeps the rest when the document comes back. Ids
 * of nested records are made from their place in the document, so that the same directory always gives the same bytes.
 */
public final class HsdsWriter {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ObjectNode document = JSON.objectNode();

    private HsdsWriter() {}

    public static ObjectNode write(Collection<OrganisationListing> listings) {
        return new HsdsWriter().document(listings);
    }

    private ObjectNode document(Collection<OrganisationListing> listings) {
        ArrayNode organisations = document.putArray("organizations");
        ArrayNode services = document.putArray("services");
        ArrayNode locations = document.putArray("locations");
        ArrayNode links = document.putArray("service_at_locations");
        TreeMap<LocationId, ListedLocation> used = new TreeMap<>();
        for (OrganisationListing listing : listings) {
            organisations.add(organisation(listing));
            // Where two organisations list one differently, it is confidential if it is for either of them.
            listing.locations()
                    .forEach(location ->
                            used.merge(location.id(), location, (one, other) -> one.confidential() ? one : other));
            for (ListedService service : listing.services()) {
                services.add(service(listing, service));
            }
        }
        listings.forEach(listing -> listing.services()
                .forEach(service -> service.locations().forEach(location -> links.add(link(service, location, used)))));
        used.values().forEach(location -> locations.add(location(location)));
        return document;
    }

    /** Of a confidential location that it is one of those where the service is given. */
    private static ObjectNode link(ListedService service, LocationId id, Map<LocationId, ListedLocation> locations) {
        ObjectNode record = JSON.objectNode()
                .put("id", id(service.id().toString(), "service_at_location", id.toString()))
                .put("service_id", service.id().toString())
                .put("location_id", id.toString());
        ListedLocation location = locations.get(id);
        service.atLocations().stream()
                .filter(said -> said.location().equals(id) && location != null && !location.confidential())
                .forEach(said -> {
                    phones(record, said.phones(), said.dutyPhones());
                    hours(record, said.openingHours());
                });
        return record;
    }

    private static ObjectNode organisation(OrganisationListing listing) {
        ObjectNode record = JSON.objectNode().put("id", listing.id().toString()).put("name", listing.name());
        text(record, "description", listing.description());
        text(record, "website", listing.website());
        if (listing.type() != null) {
            attribute(record, Attributes.ORGANISATION_TYPE, listing.type().code());
        }
        return record;
    }

    private static ObjectNode service(OrganisationListing listing, ListedService service) {
        ObjectNode record = JSON.objectNode()
                .put("id", service.id().toString())
                .put("organization_id", listing.id().toString())
                .put("name", service.name());
        text(record, "description", service.description());
        record.put("status", service.status().code());
        text(record, "eligibility_description", service.eligibilityDescription());
        if (service.minimumAge() != null) {
            record.put("minimum_age", service.minimumAge());
        }
        if (service.maximumAge() != null) {
            record.put("maximum_age", service.maximumAge());
        }
        service.types().forEach(type -> attribute(record, Attributes.SERVICE_TYPE, type.name()));
        service.eligibleSexes().forEach(sex -> attribute(record, Attributes.SEX, sex.code()));
        service.capacities().forEach(capacity -> capacity(record, capacity));
        for (Area area : service.areas()) {
            String code = area.place().value();
            ObjectNode written =
                    nested(record, "service_areas").put("name", code).put("extent", code);
            text(written, "valid_from", Objects.toString(area.validFrom(), null));
            text(written, "valid_to", Objects.toString(area.validTo(), null));
        }
        if (service.limitedToAreas() && service.areas().isEmpty()) {
            // It declared areas that nobody could read as places: it still reaches no more than its own.
            nested(record, "service_areas").put("name", "-");
        }
        service.languages().forEach(language -> nested(record, "languages").put("code", language));
        terms(record, service.terms(), service.phones());
        hours(record, service.openingHours());
        return record;
    }

    private static void hours(ObjectNode record, List<String> openingHours) {
        openingHours.forEach(hours -> nested(record, "schedules").put("description", hours));
    }

    private static void phones(ObjectNode record, List<String> phones, List<String> onDuty) {
        for (String phone : phones) {
            ObjectNode one = nested(record, "phones").put("number", phone);
            if (onDuty.contains(phone)) {
                one.put("type", "duty");
            }
        }
    }

    private static void terms(ObjectNode record, @Nullable Terms terms, List<String> phones) {
        phones(record, phones, terms == null ? List.of() : terms.dutyPhones());
        if (terms == null) {
            return;
        }
        if (terms.assuredOn() != null) {
            record.put("assured_date", terms.assuredOn().toString());
        }
        text(record, "fees_description", terms.cost());
        text(record, "wait_time", terms.responsePromise());
        text(record, "alert", terms.alert());
        if (terms.respondsWithin() != null) {
            attribute(record, Attributes.RESPONDS_WITHIN, terms.respondsWithin().toString());
        }
        terms.urgencies().forEach(urgency -> attribute(record, Attributes.URGENCY, urgency.code()));
        terms.admits().forEach(one -> attribute(record, Attributes.ADMITS, one.code()));
        terms.excludes().forEach(one -> attribute(record, Attributes.EXCLUDES, one.code()));
        terms.notWith().forEach(type -> attribute(record, Attributes.NOT_WITH, type.name()));
        terms.accessibility().forEach(code -> attribute(record, Attributes.ACCESSIBILITY, code));
        terms.assessments().forEach(one -> attribute(record, Attributes.ASSESSMENT, one.code()));
    }

    private static void capacity(ObjectNode service, Capacity capacity) {
        ObjectNode record = nested(service, "capacities").put("available", capacity.available());
        if (capacity.maximum() != null) {
            record.put("maximum", capacity.maximum());
        }
        if (capacity.updated() != null && !capacity.assumed()) {
            record.put("updated", capacity.updated().toString());
        }
        record.putObject("unit").put("name", capacity.unit());
    }

    private static ObjectNode location(ListedLocation location) {
        ObjectNode record = JSON.objectNode()
                .put("id", location.id().toString())
                .put("location_type", location.kind().code());
        PlaceCode place = location.shownPlace();
        if (place != null) {
            record.put("iso_3166_2", place.value());
        }
        if (location.confidential()) {
            attribute(record, Attributes.CONFIDENTIALITY, "confidential");
            return record;
        }
        text(record, "name", location.name());
        if (location.latitude() != null && location.longitude() != null) {
            record.put("latitude", location.latitude()).put("longitude", location.longitude());
        }
        if (location.address() != null) {
            nested(record, "addresses").put("address_1", location.address());
        }
        location.accessibility()
                .forEach(words -> nested(record, "accessibility").put("description", words));
        return record;
    }

    private static void attribute(ObjectNode record, String taxonomy, String code) {
        nested(record, "attributes")
                .putObject("taxonomy_term")
                .put("taxonomy", taxonomy)
                .put("code", code)
                .put("name", code);
    }

    private static ObjectNode nested(ObjectNode record, String table) {
        ArrayNode list = record.withArray(table);
        return list.addObject().put("id", id(record.path("id").asText(), table, Integer.toString(list.size())));
    }

    private static void text(ObjectNode record, String field, @Nullable String text) {
        if (text != null) {
            record.put(field, text);
        }
    }

    private static String id(String parent, String table, String which) {
        return UUID.nameUUIDFromBytes((parent + "/" + table + "/" + which).getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
