package org.passerelle.referral.subscriptions;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.passerelle.eventsourcing.InlineProjection;
import org.passerelle.eventsourcing.Projection;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.directory.AssuranceStream;
import org.passerelle.referral.investigating.InvestigationStream;
import org.passerelle.referral.proposing.ProposalStream;
import org.passerelle.referral.publishing.PublicInvestigationEvents;
import org.passerelle.referral.publishing.PublicProposalEvents;
import org.passerelle.referral.publishing.PublicReferralEvents;
import org.passerelle.referral.referring.ReferralStream;

/**
 * Notes with each published event which organisations it concerns. Together with the log this is every organisation's own
 * list of events, in the order of the log and without gap.
 */
@ApplicationScoped
public class ConcernProjection implements InlineProjection, Projection {

    @Override
    public String name() {
        return "concern";
    }

    @Override
    public Set<String> tables() {
        return Set.of("concern");
    }

    @Override
    public Set<String> categories() {
        return Set.of(
                ReferralStream.CATEGORY,
                InvestigationStream.CATEGORY,
                ProposalStream.CATEGORY,
                AssuranceStream.CATEGORY);
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        List<Tuple> concerns = new ArrayList<>();
        for (StoredEvent stored : events) {
            for (OrganisationId organisation : concerned(stored)) {
                concerns.add(Tuple.of(organisation.value(), stored.id()));
            }
        }
        return concerns.isEmpty()
                ? Uni.createFrom().voidItem()
                : tx.preparedQuery("insert into concern (organisation_id, event_id) values ($1, $2)")
                        .executeBatch(concerns)
                        .replaceWithVoid();
    }

    /** The organisations whose subscriptions carry the event. */
    static Set<OrganisationId> concerned(StoredEvent stored) {
        return switch (stored.stream().category()) {
            case AssuranceStream.CATEGORY ->
                Set.of(AssuranceStream.TYPES.decode(stored).organisation());
            case InvestigationStream.CATEGORY ->
                PublicInvestigationEvents.concerned(InvestigationStream.TYPES.decode(stored));
            case ProposalStream.CATEGORY -> PublicProposalEvents.concerned(ProposalStream.TYPES.decode(stored));
            case ReferralStream.CATEGORY -> PublicReferralEvents.concerned(ReferralStream.TYPES.decode(stored));
            default -> Set.of();
        };
    }
}
