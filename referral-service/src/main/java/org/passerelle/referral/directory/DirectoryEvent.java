package org.passerelle.referral.directory;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.codes.OrganisationId;

/**
 * What happens to an organisation's entry in the directory. Each event carries the whole entry.
 *
 * <p>{@code opened}: locations of which the entry had said that they are confidential, and a document says that they are
 * not.
 */
public sealed interface DirectoryEvent {

    OrganisationListing listing();

    List<LocationId> opened();

    default OrganisationId organisation() {
        return listing().id();
    }

    record OrganisationListed(OrganisationListing listing) implements DirectoryEvent {

        @Override
        public List<LocationId> opened() {
            return List.of();
        }
    }

    record OrganisationRevised(
            OrganisationListing listing,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<LocationId> opened) implements DirectoryEvent {

        public OrganisationRevised {
            // events of before opened nothing
            opened = opened == null ? List.of() : List.copyOf(opened);
        }
    }
}
