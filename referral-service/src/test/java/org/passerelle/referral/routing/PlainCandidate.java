package org.passerelle.referral.routing;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.Area;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceStatus;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;

/** For tests: a service that says neither what is spoken there nor on which conditions it takes somebody. */
public final class PlainCandidate {

    private PlainCandidate() {}

    public static Candidate of(
            ServiceId service,
            OrganisationId organisation,
            @Nullable OrganisationType organisationType,
            Set<ServiceType> types,
            ServiceStatus status,
            boolean suspended,
            List<Site> sites,
            boolean limitedToAreas,
            Set<PlaceCode> areas,
            Set<Sex> eligibleSexes,
            @Nullable Integer minimumAge,
            @Nullable Integer maximumAge,
            @Nullable Integer free,
            @Nullable LocalDate staleSince) {
        return new Candidate(
                service,
                organisation,
                organisationType,
                false,
                types,
                status,
                suspended,
                sites,
                limitedToAreas,
                areas.stream().map(Area::of).collect(Collectors.toSet()),
                eligibleSexes,
                minimumAge,
                maximumAge,
                Set.of(),
                Conditions.NONE,
                free,
                staleSince);
    }
}
