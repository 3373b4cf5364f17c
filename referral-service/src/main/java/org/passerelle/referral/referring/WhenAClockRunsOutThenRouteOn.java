package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import org.passerelle.eventsourcing.DeadlineHandler;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.referring.ReferralCommand.ExpireOffer;
import org.passerelle.referral.referring.ReferralCommand.NoteOverdue;
import org.passerelle.referral.referring.ReferralCommand.RouteAgain;

/**
 * An offer without answer expires and its need goes on to the next; a need whose clock ran out becomes a task; a need
 * that waited while the directory changed is routed again.
 */
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
        if (name.equals(ReferralStream.NEED_CLOCK)) {
            return store.handleIn(tx, referrals, stream, new NoteOverdue(now), Metadata.system("clock"))
                    .replaceWithVoid();
        }
        return store.loadIn(tx, referrals, stream).flatMap(loaded -> switch (loaded.state()) {
            case Referral.Waiting waiting
            when name.equals(ReferralStream.LOOK_AGAIN) ->
                decide(
                        tx,
                        stream,
                        waiting.course(),
                        now,
                        around -> new RouteAgain(RoutingTrigger.DIRECTORY_CHANGED, around, now));
            case Referral.Offered offered
            when name.startsWith(ReferralStream.ANSWER_BY) -> {
                OfferId offer = OfferId.of(name.substring(ReferralStream.ANSWER_BY.length()));
                yield decide(tx, stream, offered.course(), now, around -> new ExpireOffer(offer, around, now));
            }
            case Referral.Unrequested overtaken -> Uni.createFrom().voidItem();
            case Referral.Waiting overtaken -> Uni.createFrom().voidItem();
            case Referral.Offered overtaken -> Uni.createFrom().voidItem();
            case Referral.Accepted overtaken -> Uni.createFrom().voidItem();
            case Referral.Ended overtaken -> Uni.createFrom().voidItem();
        });
    }

    private Uni<Void> decide(
            SqlConnection tx,
            StreamId stream,
            Referral.Course course,
            Instant now,
            Function<Surroundings, ReferralCommand> command) {
        Request request = course.request();
        return lookup.around(tx, request.caseCode(), request.service(), now)
                .flatMap(around ->
                        store.handleIn(tx, referrals, stream, command.apply(around), Metadata.system("clock")))
                .replaceWithVoid();
    }
}
