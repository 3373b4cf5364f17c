package org.passerelle.referral.directory;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.ServiceId;

/**
 * All that the directory says of one organisation: itself, its services, and the locations where they are given. A
 * location that two organisations share is listed with each.
 *
 * @param type null when the directory does not say; routing then treats it with the care described in its policy
 */
public record OrganisationListing(
        OrganisationId id,
        String name,
        @Nullable String description,
        @Nullable OrganisationType type,
        @Nullable String website,
        List<ListedService> services,
        List<ListedLocation> locations) {

    public OrganisationListing {
        services = List.copyOf(services);
        locations = List.copyOf(locations);
    }

    /** With these locations confidential, whatever this says of them. */
    OrganisationListing hiding(Collection<LocationId> confidential) {
        return locations.stream().noneMatch(location -> confidential.contains(location.id()))
                ? this
                : new OrganisationListing(
                        id,
                        name,
                        description,
                        type,
                        website,
                        services,
                        locations.stream()
                                .map(location -> confidential.contains(location.id()) ? location.hidden() : location)
                                .toList());
    }

    /**
     * With what is known of its confidential locations where this says nothing of it: an export leaves it out, and
     * bringing that export back must not lose it. Likewise with what is said of services there, and with what they
     * declared since this was written.
     *
     * @param at what this says of capacity without a date is of then
     */
    OrganisationListing keeping(@Nullable OrganisationListing known, Instant at) {
        Map<LocationId, ListedLocation> before = known == null
                ? Map.of()
                : known.locations().stream().collect(Collectors.toMap(ListedLocation::id, Function.identity()));
        Map<ServiceId, ListedService> given = known == null
                ? Map.of()
                : known.services().stream().collect(Collectors.toMap(ListedService::id, Function.identity()));
        Set<LocationId> untold = locations.stream()
                .filter(ListedLocation::isUntold)
                .map(ListedLocation::id)
                .collect(Collectors.toSet());
        return new OrganisationListing(
                id,
                name,
                description,
                type,
                website,
                services.stream()
                        .map(service -> service.keeping(given.get(service.id()), untold, at))
                        .toList(),
                locations.stream()
                        .map(location -> location.keeping(before.get(location.id())))
                        .toList());
    }

    /** With what one of its services says that it can take. */
    OrganisationListing declaring(DirectoryStream.DeclareCapacity capacity) {
        return revising(capacity.service(), service -> service.with(Capacity.declared(service.capacities(), capacity)));
    }

    /** With the day on which somebody made sure of one of its services. */
    OrganisationListing assuring(DirectoryStream.AssureService assurance) {
        return revising(assurance.service(), service -> service.assured(assurance.on()));
    }

    private OrganisationListing revising(ServiceId which, UnaryOperator<ListedService> revision) {
        return new OrganisationListing(
                id,
                name,
                description,
                type,
                website,
                services.stream()
                        .map(service -> service.id().equals(which) ? revision.apply(service) : service)
                        .toList(),
                locations);
    }

    /** All that it gave is over: what a directory that replaces another one no longer names. */
    public OrganisationListing ended() {
        return new OrganisationListing(
                id,
                name,
                description,
                type,
                website,
                services.stream().map(ListedService::ended).toList(),
                locations);
    }
}
