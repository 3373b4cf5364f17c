package org.passerelle.referral.directory;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.Area;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceStatus;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;

/**
 * One service of an organisation. Lists are sorted, so that two listings that say the same are equal.
 *
 * @param eligibleSexes empty when the service is open to all
 * @param minimumAge years, inclusive; null when open below
 * @param maximumAge years, inclusive; null when open above
 * @param limitedToAreas the directory declared service areas: the service then reaches those (and its own places) and
 *     nothing else
 * @param areas the declared areas that could be understood, each in its time
 * @param phones of the service wherever it is given; likewise its opening hours
 * @param terms null where the directory says nothing of them
 * @param atLocations what is said of it at one location alone, by location; none of which nothing is said
 */
public record ListedService(
        ServiceId id,
        String name,
        @Nullable String description,
        ServiceStatus status,
        List<ServiceType> types,
        List<Sex> eligibleSexes,
        @Nullable Integer minimumAge,
        @Nullable Integer maximumAge,
        @Nullable String eligibilityDescription,
        List<Capacity> capacities,
        boolean limitedToAreas,
        List<Area> areas,
        List<LocationId> locations,
        List<String> languages,
        List<String> phones,
        List<String> openingHours,
        @Nullable Terms terms,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<AtLocation> atLocations) {

    public ListedService {
        // events of before do not say it
        atLocations = atLocations == null ? List.of() : List.copyOf(atLocations);
        types = List.copyOf(types);
        eligibleSexes = List.copyOf(eligibleSexes);
        capacities = List.copyOf(capacities);
        areas = List.copyOf(areas);
        locations = List.copyOf(locations);
        languages = List.copyOf(languages);
        phones = List.copyOf(phones);
        openingHours = List.copyOf(openingHours);
    }

    ListedService ended() {
        return with(ServiceStatus.DEFUNCT, capacities, terms);
    }

    ListedService with(List<Capacity> declared) {
        return with(status, declared, terms);
    }

    /** An assurance that is known already and later than this one is kept. */
    ListedService assured(@Nullable LocalDate on) {
        LocalDate known = terms == null ? null : terms.assuredOn();
        return on == null || known != null && !known.isBefore(on)
                ? this
                : with(status, capacities, (terms == null ? Terms.NONE : terms).assured(on));
    }

    /** @param untold locations of which this says nothing because they are confidential: what is known of them stays */
    ListedService keeping(@Nullable ListedService known, Collection<LocationId> untold, Instant at) {
        ListedService dated = with(Capacity.latest(known == null ? List.of() : known.capacities, capacities, at))
                .at(known == null ? List.of() : known.atLocations, untold);
        return known == null || known.terms == null ? dated : dated.assured(known.terms.assuredOn());
    }

    private ListedService at(List<AtLocation> known, Collection<LocationId> untold) {
        Map<LocationId, AtLocation> all = new TreeMap<>();
        known.stream()
                .filter(one -> untold.contains(one.location()) && locations.contains(one.location()))
                .forEach(one -> all.put(one.location(), one));
        atLocations.forEach(one -> all.put(one.location(), one));
        return with(status, capacities, terms, List.copyOf(all.values()));
    }

    private ListedService with(ServiceStatus status, List<Capacity> capacities, @Nullable Terms terms) {
        return with(status, capacities, terms, atLocations);
    }

    private ListedService with(
            ServiceStatus status, List<Capacity> capacities, @Nullable Terms terms, List<AtLocation> atLocations) {
        return new ListedService(
                id,
                name,
                description,
                status,
                types,
                eligibleSexes,
                minimumAge,
                maximumAge,
                eligibilityDescription,
                capacities,
                limitedToAreas,
                areas,
                locations,
                languages,
                phones,
                openingHours,
                terms,
                atLocations);
    }
}
