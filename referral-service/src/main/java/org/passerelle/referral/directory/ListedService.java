package org.passerelle.referral.directory;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
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
 * @param terms null where the directory says nothing of them
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
        @Nullable Terms terms) {

    public ListedService {
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

    ListedService keeping(@Nullable ListedService known, Instant at) {
        ListedService dated = with(Capacity.latest(known == null ? List.of() : known.capacities, capacities, at));
        return known == null || known.terms == null ? dated : dated.assured(known.terms.assuredOn());
    }

    private ListedService with(ServiceStatus status, List<Capacity> capacities, @Nullable Terms terms) {
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
                terms);
    }
}
