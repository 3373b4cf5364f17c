package org.passerelle.referral.directory.hsds;

import java.util.List;
import org.passerelle.referral.directory.OrganisationListing;

/**
 * A document that could be read as a whole.
 *
 * @param organisations sorted by id
 * @param services how many services the document holds
 * @param locations how many locations the document holds; those that no service uses are counted and warned of
 * @param warnings what was not understood or looks incomplete, and did no harm
 */
public record HsdsDirectory(
        List<OrganisationListing> organisations, int services, int locations, List<Fault> warnings) {

    public HsdsDirectory {
        organisations = List.copyOf(organisations);
        warnings = List.copyOf(warnings);
    }
}
