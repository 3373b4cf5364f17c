package org.passerelle.referral.directory;

import org.passerelle.referral.codes.OrganisationId;

/** What happens to an organisation's entry in the directory. Each event carries the whole entry. */
public sealed interface DirectoryEvent {

    OrganisationListing listing();

    default OrganisationId organisation() {
        return listing().id();
    }

    record OrganisationListed(OrganisationListing listing) implements DirectoryEvent {}

    record OrganisationRevised(OrganisationListing listing) implements DirectoryEvent {}
}
