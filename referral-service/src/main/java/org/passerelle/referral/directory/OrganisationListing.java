package org.passerelle.referral.directory;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.OrganisationType;

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
}
