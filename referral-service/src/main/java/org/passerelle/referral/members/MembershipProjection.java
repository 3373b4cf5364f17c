package org.passerelle.referral.members;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.passerelle.edge.Memberships;
import org.passerelle.eventsourcing.InlineProjection;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.referral.members.MembershipEvent.AbsenceDeclared;
import org.passerelle.referral.members.MembershipEvent.AbsenceEnded;
import org.passerelle.referral.members.MembershipEvent.MemberRecorded;
import org.passerelle.referral.members.MembershipEvent.MemberRemoved;
import org.passerelle.referral.members.MembershipEvent.MembersCompleted;
import org.passerelle.referral.members.MembershipEvent.OrganisationReactivated;
import org.passerelle.referral.members.MembershipEvent.OrganisationSuspended;
import org.passerelle.referral.referring.Claimants;

/** What access decisions in this service rest on, true in the moment of the command. */
@ApplicationScoped
public class MembershipProjection implements InlineProjection {

    @Inject
    Memberships memberships;

    @Inject
    Claimants claimants;

    @Inject
    Absences absences;

    @Override
    public Set<String> categories() {
        return Set.of(MembershipStream.CATEGORY);
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        return InlineProjection.oneByOne(
                events, event -> apply(tx, MembershipStream.TYPES.decode(event), event.recordedAt()));
    }

    private Uni<Void> apply(SqlConnection tx, MembershipEvent event, Instant at) {
        String organisation = event.organisation().toString();
        return switch (event) {
            case MemberRecorded recorded ->
                memberships.recorded(tx, organisation, recorded.account().hashed(), recorded.roles());
            case MemberRemoved removed ->
                memberships
                        .removed(tx, organisation, removed.account().hashed())
                        .chain(() -> claimants.lookAt(
                                tx,
                                removed.account().hashed(),
                                removed.organisation().value(),
                                at))
                        .chain(() -> absences.over(tx, organisation, removed.account()));
            case MembersCompleted completed ->
                memberships
                        .complete(tx, organisation)
                        .chain(() ->
                                claimants.completed(tx, completed.organisation().value(), at));
            case OrganisationSuspended suspended -> memberships.suspended(tx, organisation, true);
            case OrganisationReactivated reactivated -> memberships.suspended(tx, organisation, false);
            case AbsenceDeclared declared ->
                absences.declared(tx, organisation, declared.account(), declared.absence());
            case AbsenceEnded ended -> absences.over(tx, organisation, ended.account());
        };
    }
}
