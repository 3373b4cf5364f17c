package org.passerelle.referral.publishing;

import java.util.Map;
import java.util.Optional;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.referral.proposing.ProposalEvent;
import org.passerelle.referral.proposing.ProposalEvent.CounterReferralAcknowledged;
import org.passerelle.referral.proposing.ProposalEvent.OnwardReferralAgreed;
import org.passerelle.referral.proposing.ProposalEvent.OnwardReferralRefused;
import org.passerelle.referral.proposing.ProposalEvent.ProposalMade;
import org.passerelle.referral.proposing.ProposalEvent.ProposalUnanswered;

/** Of proposals others hear only what they must act on: that a need is to be stated. */
public final class PublicProposalEvents {

    private PublicProposalEvents() {}

    public static Optional<PublicEvent> of(ProposalEvent event) {
        return switch (event) {
            case OnwardReferralAgreed agreed -> {
                String code = agreed.about().caseCode().value();
                yield Optional.of(new PublicEvent(
                        "passerelle.referral.onward-referral-agreed.v1",
                        code,
                        code,
                        Map.of(
                                "referralId", agreed.about().referral(),
                                "needId", agreed.proposal(),
                                "service", agreed.service(),
                                "urgency", agreed.urgency(),
                                "place", agreed.place(),
                                "proposedAt", agreed.proposedAt(),
                                "requestedBy", agreed.about().requestedBy())));
            }
            case ProposalMade made -> Optional.empty();
            case OnwardReferralRefused refused -> Optional.empty();
            case CounterReferralAcknowledged seen -> Optional.empty();
            case ProposalUnanswered unanswered -> Optional.empty();
        };
    }
}
