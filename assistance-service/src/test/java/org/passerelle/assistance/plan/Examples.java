package org.passerelle.assistance.plan;

import java.time.Instant;
import java.util.UUID;
import org.passerelle.assistance.plan.PlanEvent.CaseNoted;
import org.passerelle.assistance.plan.PlanEvent.FollowUpScheduled;
import org.passerelle.assistance.plan.PlanEvent.PlanOpened;
import org.passerelle.assistance.plan.PlanEvent.ReferralOpenNoted;
import org.passerelle.assistance.plan.PlanEvent.ServiceAgreed;

/** Invented ids and facts that the tests speak of. */
final class Examples {
    static final OrganisationId OWNER = new OrganisationId(id(1));
    static final OrganisationId SHELTER = new OrganisationId(id(2));
    static final OrganisationId CLINIC = new OrganisationId(id(3));
    static final ReferralId REFERRAL = new ReferralId(id(11));
    static final ReferralId OTHER_REFERRAL = new ReferralId(id(12));
    static final OfferId OFFER = new OfferId(id(21));
    static final OfferId OTHER_OFFER = new OfferId(id(22));
    static final DeliveryId DELIVERY = new DeliveryId(id(31));
    static final FollowUpId FOLLOW_UP = new FollowUpId(id(41));
    static final FollowUpId OTHER_FOLLOW_UP = new FollowUpId(id(42));
    static final Instant MORNING = Instant.parse("2026-11-20T08:00:00Z");
    static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    static final Instant NEXT_MONTH = Instant.parse("2026-12-20T09:00:00Z");

    static final CaseNoted CASE = new CaseNoted(OWNER);
    static final ReferralOpenNoted REFERRED = new ReferralOpenNoted(REFERRAL);
    static final PlanOpened OPENED = new PlanOpened(OWNER);
    static final ServiceAgreed AGREED = new ServiceAgreed(REFERRAL, OFFER, ServiceType.SAFE_SHELTER, SHELTER, MORNING);
    static final FollowUpScheduled SCHEDULED = new FollowUpScheduled(FOLLOW_UP, NEXT_MONTH, FollowUpKind.VISIT);

    private Examples() {}

    private static UUID id(long number) {
        return new UUID(0x4000L, 0x8000_0000_0000_0000L | number);
    }
}
