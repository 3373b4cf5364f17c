package org.passerelle.referral.referring;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OfferId;

/** What can be asked of a referral. {@code at} is now, except where a command says otherwise. */
public sealed interface ReferralCommand {

    Instant at();

    record RequestReferral(Request request, Surroundings around, Instant at) implements ReferralCommand {}

    /** Route again if the referral waits; take back an open offer that consent no longer covers. */
    record RouteAgain(RoutingTrigger trigger, Surroundings around, Instant at) implements ReferralCommand {}

    /**
     * @param call null when the provider answers itself
     * @param around for a late yes: the consent must still cover it
     */
    record AcceptOffer(OfferId offer, @Nullable TelephoneCall call, Surroundings around, Instant at)
            implements ReferralCommand {}

    record DeclineOffer(
            OfferId offer, DeclineReason reason, @Nullable String note, Surroundings around, Instant at)
            implements ReferralCommand {}

    record ExpireOffer(OfferId offer, Surroundings around, Instant at) implements ReferralCommand {}

    record NoteOverdue(Instant at) implements ReferralCommand {}

    record CompleteReferral(Outcome outcome, @Nullable String note, Instant at) implements ReferralCommand {}

    record CancelReferral(CancellationReason reason, Instant at) implements ReferralCommand {}
}
