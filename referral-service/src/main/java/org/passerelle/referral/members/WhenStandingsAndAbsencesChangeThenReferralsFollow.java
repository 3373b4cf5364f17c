package org.passerelle.referral.members;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.passerelle.eventsourcing.Append;
import org.passerelle.eventsourcing.DeadlineHandler;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.referral.directory.DirectoryStream;
import org.passerelle.referral.referring.Claimants;
import org.passerelle.referral.referring.HeldReferrals;

/**
 * A suspension takes services out of routing and its end puts them back: for needs that wait, a change of the directory.
 * What the organisation was asked, or gives, is looked at too, and when somebody's absence begins, what they claimed:
 * nobody's departure strands a referral.
 * A deadline of its own, so that the command appends to one stream only and no import of the directory can refuse it.
 */
@ApplicationScoped
public class WhenStandingsAndAbsencesChangeThenReferralsFollow implements DeadlineHandler {

    @Inject
    EventStore store;

    @Inject
    HeldReferrals held;

    @Inject
    Claimants claimants;

    @Override
    public String category() {
        return MembershipStream.CATEGORY;
    }

    @Override
    public Uni<Void> due(SqlConnection tx, StreamId stream, String name, Instant due) {
        UUID organisation = UUID.fromString(stream.key());
        if (name.startsWith(MembershipStream.AWAY)) {
            return claimants.absent(tx, name.substring(MembershipStream.AWAY.length()), organisation, due);
        }
        Uni<Void> looked = held.lookAt(tx, organisation, due);
        return name.equals(MembershipStream.STANDING_CHANGED)
                ? looked.chain(() -> store.appendIn(tx, directoryChanged(due))).replaceWithVoid()
                : looked;
    }

    private static Append directoryChanged(Instant due) {
        return new Append(List.of(DirectoryStream.changed(due)), Metadata.system("membership"), null);
    }
}
