package org.passerelle.referral.directory.hsds;

import java.util.List;
import java.util.Set;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.directory.OrganisationListing;

/**
 * A document that could be read as a whole.
 *
 * @param organisations sorted by id
 * @param services how many services the document holds
 * @param locations how many locations the document holds; those that no service uses are counted and warned of
 * @param openLocations of which it says that they are not confidential; of the others that are not flagged it says nothing
 * @param warnings what was not understood or looks incomplete, and did no harm
 */
public record HsdsDirectory(
        List<OrganisationListing> organisations,
        int services,
        int locations,
        Set<LocationId> openLocations,
        List<Fault> warnings) {

    public HsdsDirectory {
        organisations = List.copyOf(organisations);
        openLocations = Set.copyOf(openLocations);
        warnings = List.copyOf(warnings);
    }
}
