package org.passerelle.referral.referring;

import java.util.List;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.referring.Referral.Accepted;
import org.passerelle.referral.referring.Referral.Ended;
import org.passerelle.referral.referring.Referral.Ending;
import org.passerelle.referral.referring.Referral.Offered;
import org.passerelle.referral.referring.Referral.Unrequested;
import org.passerelle.referral.referring.Referral.Waiting;
import org.passerelle.referral.referring.ReferralCommand.CancelReferral;
import org.passerelle.referral.referring.ReferralEvent.OfferWithdrawn;
import org.passerelle.referral.referring.ReferralEvent.ReferralCancelled;

/** The end of a referral that its requester, or the end of its case, gives it. */
final class Cancelling {

    private Cancelling() {}

    static List<ReferralEvent> cancel(CancelReferral command, Referral state) {
        if (command.reason() == CancellationReason.NO_SERVICE
                && (state instanceof Offered || state instanceof Accepted)) {
            throw Refusal.of("somebody-is-asked");
        }
        return switch (state) {
            case Unrequested none -> throw Refusal.of("referral-unknown").unknown();
            case Waiting waiting ->
                List.of(new ReferralCancelled(waiting.course().about(), command.reason(), null, command.at()));
            case Offered offered ->
                List.of(
                        new OfferWithdrawn(
                                offered.course().about(),
                                offered.open().id(),
                                offered.open().organisation(),
                                withdrawal(command),
                                command.at()),
                        new ReferralCancelled(offered.course().about(), command.reason(), null, command.at()));
            case Accepted accepted ->
                List.of(new ReferralCancelled(
                        accepted.course().about(),
                        command.reason(),
                        accepted.accepted().organisation(),
                        command.at()));
            case Ended ended -> {
                if (ended.ending() == Ending.of(command.reason(), ended.course().offers())
                        || command.reason() == CancellationReason.CASE_CLOSED) {
                    yield List.of();
                }
                throw Refusal.of("referral-ended");
            }
        };
    }

    private static WithdrawalReason withdrawal(CancelReferral command) {
        return switch (command.reason()) {
            case CASE_CLOSED -> WithdrawalReason.CASE_CLOSED;
            case CONSENT_WITHDRAWN -> WithdrawalReason.CONSENT_WITHDRAWN;
            case PERSON_DECLINED, NO_LONGER_NEEDED, ENTERED_IN_ERROR, NO_SERVICE, OTHER -> WithdrawalReason.CANCELLED;
        };
    }
}
