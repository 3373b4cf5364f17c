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
import org.passerelle.referral.publishing.PublicReferralEvents;
import org.passerelle.referral.referring.ReferralEvent;
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
        return Set.of(ReferralStream.CATEGORY, AssuranceStream.CATEGORY);
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        List<Tuple> concerns = new ArrayList<>();
        for (StoredEvent stored : events) {
            if (stored.stream().category().equals(AssuranceStream.CATEGORY)) {
                OrganisationId asked = AssuranceStream.TYPES.decode(stored).organisation();
                concerns.add(Tuple.of(asked.value(), stored.id()));
                continue;
            }
            ReferralEvent event = ReferralStream.TYPES.decode(stored);
            if (PublicReferralEvents.of(event).isEmpty()) {
                continue;
            }
            OrganisationId requester = event.about().requestedBy();
            OrganisationId other = PublicReferralEvents.otherParty(event);
            concerns.add(Tuple.of(requester.value(), stored.id()));
            if (other != null && !other.equals(requester)) {
                concerns.add(Tuple.of(other.value(), stored.id()));
            }
        }
        return concerns.isEmpty()
                ? Uni.createFrom().voidItem()
                : tx.preparedQuery("insert into concern (organisation_id, event_id) values ($1, $2)")
                        .executeBatch(concerns)
                        .replaceWithVoid();
    }
}
