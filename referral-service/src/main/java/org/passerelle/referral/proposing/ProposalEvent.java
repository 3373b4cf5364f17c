package org.passerelle.referral.proposing;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.referring.About;
import org.passerelle.referral.referring.NextStep.Told;
import org.passerelle.referral.referring.Outcome;

/** What happens to a proposal. Codes and clocks only. */
public sealed interface ProposalEvent {

    UUID proposal();

    /** The referral that it follows from. */
    About about();

    Instant at();

    /**
     * @param by whoever gives or gave the service
     * @param outcome what came of it; only of a counter-referral
     * @param needs what is needed: one service for an onward referral
     * @param urgency of that need
     * @param answerBy when the sender is to have answered
     */
    record ProposalMade(
            UUID proposal,
            About about,
            OrganisationId by,
            ProposalKind kind,
            @Nullable Outcome outcome,
            List<ServiceType> needs,
            Urgency urgency,
            PlaceCode place,
            Instant answerBy,
            Instant at)
            implements ProposalEvent {

        public ProposalMade {
            needs = List.copyOf(needs);
        }
    }

    /** The need is stated, with the proposal's id and its moment: its clock began when it was seen to be needed. */
    record OnwardReferralAgreed(
            UUID proposal,
            About about,
            ServiceType service,
            Urgency urgency,
            PlaceCode place,
            Instant proposedAt,
            Instant at)
            implements ProposalEvent {}

    record OnwardReferralRefused(UUID proposal, About about, ProposalRefusal reason, Instant at)
            implements ProposalEvent {}

    record CounterReferralAcknowledged(UUID proposal, About about, Instant at) implements ProposalEvent {}

    /** @param again when the next is told, if it is still not answered */
    record ProposalUnanswered(UUID proposal, About about, Told told, Instant again, Instant at)
            implements ProposalEvent {}
}
