package org.passerelle.assistance.plan;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One giving of a service; see {@link PlanEvent.ServiceDelivered}. */
public record Delivery(
        DeliveryId id,
        ReferralId referralId,
        OfferId offerId,
        ServiceType service,
        OrganisationId organisation,
        Instant deliveredAt,
        int units,
        @Nullable String note) {}
