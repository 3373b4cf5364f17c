package org.passerelle.assistance.plan;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A service of the plan.
 *
 * @param ended how it ended; null while it is being given
 */
public record AgreedService(
        ReferralId referralId,
        OfferId offerId,
        ServiceType service,
        OrganisationId organisation,
        Instant agreedAt,
        @Nullable ServiceEndReason ended) {

    public boolean beingGiven() {
        return ended == null;
    }

    AgreedService endedBy(ServiceEndReason reason) {
        return new AgreedService(referralId, offerId, service, organisation, agreedAt, reason);
    }
}
