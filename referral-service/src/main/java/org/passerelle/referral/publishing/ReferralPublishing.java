package org.passerelle.referral.publishing;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.eventsourcing.Publishing;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.referral.directory.AssuranceStream;
import org.passerelle.referral.investigating.InvestigationStream;
import org.passerelle.referral.members.Heartbeat;
import org.passerelle.referral.members.MembershipStream;
import org.passerelle.referral.proposing.ProposalStream;
import org.passerelle.referral.referring.ReferralStream;

/**
 * Tells the other services what happens to referrals, and who acts for whom. What the directory says of services is not
 * published: nobody asks for it; that an organisation is asked to make sure of it is.
 */
@ApplicationScoped
public class ReferralPublishing implements Publishing {

    @Override
    public String topic() {
        return "passerelle.referral";
    }

    @Override
    public Set<String> categories() {
        return Set.of(
                ReferralStream.CATEGORY,
                ProposalStream.CATEGORY,
                InvestigationStream.CATEGORY,
                MembershipStream.CATEGORY,
                Heartbeat.CATEGORY,
                AssuranceStream.CATEGORY);
    }

    @Override
    public Optional<PublicEvent> translate(StoredEvent stored) {
        return switch (stored.stream().category()) {
            case MembershipStream.CATEGORY -> PublicMembershipEvents.of(MembershipStream.TYPES.decode(stored));
            case Heartbeat.CATEGORY -> Optional.of(PublicMembershipEvents.heartbeat());
            case AssuranceStream.CATEGORY ->
                Optional.of(PublicDirectoryEvents.of(AssuranceStream.TYPES.decode(stored)));
            case ProposalStream.CATEGORY -> PublicProposalEvents.of(ProposalStream.TYPES.decode(stored));
            case InvestigationStream.CATEGORY -> PublicInvestigationEvents.of(InvestigationStream.TYPES.decode(stored));
            default -> PublicReferralEvents.of(ReferralStream.TYPES.decode(stored));
        };
    }
}
