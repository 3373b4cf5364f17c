package org.passerelle.referral.referring;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.sealing.Personal;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.routing.Need;

/**
 * The need as it was stated, and by whom.
 *
 * @param dueAt end of the need's clock: it belongs to the need and never restarts
 */
public record Request(
        ReferralId referral,
        CaseCode caseCode,
        OrganisationId requestedBy,
        ServiceType service,
        Urgency urgency,
        PlaceCode place,
        @Personal("attributes") @Nullable Integer age,

        @Personal(value = "attributes", erased = "true") boolean child,

        @Personal(value = "attributes", erased = "\"NonSpecifiedUnknown\"")
        Sex sex,

        Instant statedAt,
        Instant dueAt) {

    public Need need() {
        return new Need(service, place, age, child, sex);
    }

    public About about() {
        return new About(referral, caseCode, requestedBy, service, place);
    }
}
