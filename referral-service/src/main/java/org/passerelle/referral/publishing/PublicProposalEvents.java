package org.passerelle.referral.publishing;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.proposing.ProposalEvent;
import org.passerelle.referral.proposing.ProposalEvent.CounterReferralAcknowledged;
import org.passerelle.referral.proposing.ProposalEvent.OnwardReferralAgreed;
import org.passerelle.referral.proposing.ProposalEvent.OnwardReferralRefused;
import org.passerelle.referral.proposing.ProposalEvent.ProposalMade;
import org.passerelle.referral.proposing.ProposalEvent.ProposalUnanswered;
import org.passerelle.referral.referring.About;

/** Of proposals others hear only what they must act on: that a need is to be stated, that an answer is owed. */
public final class PublicProposalEvents {

    /** What the sender owes a provider that proposes something, among the steps of a referral. */
    private static final String PROPOSAL = "proposal";

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
            case ProposalUnanswered unanswered -> {
                About about = unanswered.about();
                yield PublicReferralEvents.overdue(about, PROPOSAL, about.requestedBy(), unanswered.told());
            }
        };
    }

    /** Whose subscriptions carry the event: the sender's, who owes the answer. */
    public static Set<OrganisationId> concerned(ProposalEvent event) {
        return switch (event) {
            case ProposalUnanswered unanswered -> Set.of(unanswered.about().requestedBy());
            case ProposalMade made -> Set.of();
            case OnwardReferralAgreed agreed -> Set.of();
            case OnwardReferralRefused refused -> Set.of();
            case CounterReferralAcknowledged seen -> Set.of();
        };
    }
}
