package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.sealing.Personal;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.Circumstance;
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
 * @param languages of the person, the best spoken first; null where nobody said
 * @param leg null where the need stands alone
 * @param country under which clocks it is offered; null in referrals from before there were country packs
 * @param reportedUnder the country pack whose text of law has the person reported to the police without consent; null
 *     where consent decides
 * @param circumstances of the person, where somebody chose to say them; null where nobody did
 * @param accompanying true where it is the need of somebody who comes along with the person of the case; null where it is
 *     the person's, and in referrals from before that was told
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
        Instant dueAt,
        @Personal("attributes") @Nullable List<String> languages,
        @Nullable Leg leg,
        @Nullable CountryClocks country,
        @Nullable String reportedUnder,
        @Personal("attributes") @Nullable List<Circumstance> circumstances,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean accompanying) {

    public Need need() {
        return new Need(
                service,
                place,
                age,
                child,
                sex,
                urgency,
                languages == null ? List.of() : languages,
                circumstances == null ? Set.of() : Set.copyOf(circumstances));
    }

    boolean ofSomebodyElse() {
        return Boolean.TRUE.equals(accompanying);
    }

    public About about() {
        return new About(referral, caseCode, requestedBy, service, place);
    }
}
