package org.passerelle.referral.routing;

import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.Area;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceStatus;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;

/**
 * A service of the directory as routing sees it.
 *
 * @param organisationType null when the directory does not say
 * @param policing whether its organisation gives, by this service or another, what only authorities give
 * @param suspended whether its organisation is: nobody there could read an offer
 * @param limitedToAreas reaches only {@code areas}, each in its time, and its own sites' places
 * @param eligibleSexes empty when open to all
 * @param languages ISO 639, three letters; empty when the directory does not say
 * @param free units still free: declared available less open offers and running referrals; null when it declared none
 * @param staleSince the day that the figure is from, where it is older than figures are trusted, {@link #UNDATED} where
 *     nobody knows; else null
 */
public record Candidate(
        ServiceId service,
        OrganisationId organisation,
        @Nullable OrganisationType organisationType,
        boolean policing,
        Set<ServiceType> types,
        ServiceStatus status,
        boolean suspended,
        List<Site> sites,
        boolean limitedToAreas,
        Set<Area> areas,
        Set<Sex> eligibleSexes,
        @Nullable Integer minimumAge,
        @Nullable Integer maximumAge,
        Set<String> languages,
        Conditions conditions,
        @Nullable Integer free,
        @Nullable LocalDate staleSince) {

    /** A figure of no known day is trusted no more than one of long ago. */
    public static final LocalDate UNDATED = LocalDate.MIN;

    public Candidate {
        policing = policing || !Collections.disjoint(types, ServiceType.OF_AUTHORITIES);
        types = Set.copyOf(types);
        sites = List.copyOf(sites);
        areas = Set.copyOf(areas);
        eligibleSexes = Set.copyOf(eligibleSexes);
        languages = Set.copyOf(languages);
    }

    /** As things are now. */
    public Candidate asOf(boolean isSuspended, @Nullable Integer freeNow, @Nullable LocalDate figureSince) {
        return new Candidate(
                service,
                organisation,
                organisationType,
                policing,
                types,
                status,
                isSuspended,
                sites,
                limitedToAreas,
                areas,
                eligibleSexes,
                minimumAge,
                maximumAge,
                languages,
                conditions,
                freeNow,
                figureSince);
    }
}
