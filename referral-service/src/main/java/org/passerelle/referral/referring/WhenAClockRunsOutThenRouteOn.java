package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.passerelle.eventsourcing.DeadlineHandler;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.referring.ReferralCommand.ExpireOffer;
import org.passerelle.referral.referring.ReferralCommand.NoteOverdue;

/** An offer without answer expires and its need goes on to the next; a need whose clock ran out becomes a task. */
@ApplicationScoped
public class WhenAClockRunsOutThenRouteOn implements DeadlineHandler {

    @Inject
    EventStore store;

    @Inject
    StreamKind<ReferralCommand, Referral, ReferralEvent> referrals;

    @Inject
    Lookup lookup;

    @Inject
    Clock clock;

    @Override
    public String category() {
        return ReferralStream.CATEGORY;
    }

    @Override
    public Uni<Void> due(SqlConnection tx, StreamId stream, String name, Instant due) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Metadata by = Metadata.system("clock");
        if (!name.startsWith(ReferralStream.ANSWER_BY)) {
            return store.handleIn(tx, referrals, stream, new NoteOverdue(now), by)
                    .replaceWithVoid();
        }
        OfferId offer = OfferId.of(name.substring(ReferralStream.ANSWER_BY.length()));
        return store.loadIn(tx, referrals, stream).flatMap(loaded -> {
            if (!(loaded.state() instanceof Referral.Offered offered)) {
                return Uni.createFrom().voidItem();
            }
            Request request = offered.course().request();
            return lookup.around(tx, request.caseCode(), request.service(), now)
                    .flatMap(around -> store.handleIn(tx, referrals, stream, new ExpireOffer(offer, around, now), by))
                    .replaceWithVoid();
        });
    }
}
