package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.passerelle.eventsourcing.DeadlineHandler;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.referring.ReferralCommand.CoverClaim;
import org.passerelle.referral.referring.ReferralCommand.EscalateDecision;
import org.passerelle.referral.referring.ReferralCommand.EscalateStep;
import org.passerelle.referral.referring.ReferralCommand.ExpireOffer;
import org.passerelle.referral.referring.ReferralCommand.NoteOverdue;
import org.passerelle.referral.referring.ReferralCommand.ReturnClaim;
import org.passerelle.referral.referring.ReferralCommand.RouteAgain;

/**
 * An offer without answer expires and its need goes on to the next; a need whose clock ran out becomes a task; a need
 * that waited while the directory changed, or while a unit was given back, is routed again; what a suspended organisation
 * holds goes on to the next, or is the sender's to decide.
 */
@ApplicationScoped
public class WhenAClockRunsOutThenRouteOn implements DeadlineHandler {

    /** Kinds of deadlines of a need that waits, and what its routing is then said to follow from. */
    private static final Map<String, RoutingTrigger> LOOKS = Map.of(
            ReferralStream.LOOK_AGAIN, RoutingTrigger.DIRECTORY_CHANGED,
            ReferralStream.UNIT_RETURNED, RoutingTrigger.UNIT_RETURNED,
            ReferralStream.UNIT_SETTLED, RoutingTrigger.UNIT_RETURNED,
            ReferralStream.PACKAGE, RoutingTrigger.PACKAGE_CHANGED,
            ReferralStream.PACKAGE_SETTLED, RoutingTrigger.PACKAGE_CHANGED,
            ReferralStream.STANDING, RoutingTrigger.STANDING_CHANGED);

    /** Those that concern also whoever is asked, or gives the service. */
    private static final Set<RoutingTrigger> OF_THE_HOLDER =
            EnumSet.of(RoutingTrigger.PACKAGE_CHANGED, RoutingTrigger.STANDING_CHANGED);

    @Inject
    EventStore store;

    @Inject
    StreamKind<ReferralCommand, Referral, ReferralEvent> referrals;

    @Inject
    Offering offering;

    @Inject
    Claimants claimants;

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
        if (name.equals(ReferralStream.NEXT_STEP)) {
            // Deadlines go by the database's clock; by one that is behind it the step would still have time.
            Instant at = now.isBefore(due) ? due : now;
            return store.handleIn(tx, referrals, stream, new EscalateStep(at), Metadata.system("clock"))
                    .replaceWithVoid();
        }
        if (name.equals(ReferralStream.DECISION)) {
            Instant at = now.isBefore(due) ? due : now;
            return store.handleIn(tx, referrals, stream, new EscalateDecision(at), Metadata.system("clock"))
                    .replaceWithVoid();
        }
        if (kind(name).equals(ReferralStream.CLAIMANT)) {
            // by a clock that is behind the database's an absence would not have begun
            return passOnIfGone(tx, stream, now.isBefore(due) ? due : now);
        }
        RoutingTrigger look = look(name).orElse(null);
        return store.loadIn(tx, referrals, stream).flatMap(loaded -> switch (loaded.state()) {
            case Referral.Waiting waiting
            when look != null -> decide(tx, waiting.course(), now, around -> new RouteAgain(look, around, now));
            case Referral.Offered offered
            when name.startsWith(ReferralStream.ANSWER_BY) -> {
                OfferId offer = OfferId.of(name.substring(ReferralStream.ANSWER_BY.length()));
                yield decide(tx, offered.course(), now, around -> new ExpireOffer(offer, around, now));
            }
            case Referral.Offered offered
            when look != null && OF_THE_HOLDER.contains(look) ->
                decide(tx, offered.course(), now, around -> new RouteAgain(look, around, now));
            case Referral.Accepted accepted
            when look != null && OF_THE_HOLDER.contains(look) ->
                decide(tx, accepted.course(), now, around -> new RouteAgain(look, around, now));
            case Referral.Unrequested overtaken -> Uni.createFrom().voidItem();
            case Referral.Waiting overtaken -> Uni.createFrom().voidItem();
            case Referral.Offered overtaken -> Uni.createFrom().voidItem();
            case Referral.Accepted overtaken -> Uni.createFrom().voidItem();
            case Referral.Ended overtaken -> Uni.createFrom().voidItem();
        });
    }

    /**
     * What a look follows from; empty for a deadline that is none. Most looks have a name of their own: the kind, a colon
     * and what they are because of.
     */
    static Optional<RoutingTrigger> look(String name) {
        return Optional.ofNullable(LOOKS.get(kind(name)));
    }

    private static String kind(String name) {
        return name.split(":", 2)[0];
    }

    /**
     * A referral whose claimant does not act for the organisation any more lies in its inbox again; that of somebody who is
     * away passes to whoever covers them, else it too lies there.
     */
    private Uni<Void> passOnIfGone(SqlConnection tx, StreamId stream, Instant now) {
        return store.loadIn(tx, referrals, stream).flatMap(loaded -> {
            OrganisationId holder = switch (loaded.state()) {
                case Referral.Offered offered -> offered.open().organisation();
                case Referral.Accepted accepted -> accepted.accepted().organisation();
                case Referral.Unrequested none -> null;
                case Referral.Waiting none -> null;
                case Referral.Ended none -> null;
            };
            String claimant =
                    holder == null ? null : Referral.course(loaded.state()).claimant();
            return holder == null || claimant == null
                    ? Uni.createFrom().voidItem()
                    : passedOn(tx, claimant, holder, now)
                            .flatMap(command -> command.isEmpty()
                                    ? Uni.createFrom().voidItem()
                                    : store.handleIn(tx, referrals, stream, command.get(), Metadata.system("members"))
                                            .replaceWithVoid());
        });
    }

    /** Empty for a claimant who acts for the organisation and is not away. */
    private Uni<Optional<ReferralCommand>> passedOn(
            SqlConnection tx, String claimant, OrganisationId holder, Instant now) {
        return claimants
                .mayAct(tx, claimant, holder.value())
                .flatMap(may -> may
                        ? claimants
                                .away(tx, claimant, holder.value(), now)
                                .map(away -> away.map(it -> it.cover()
                                        .<ReferralCommand>map(
                                                cover -> new CoverClaim(claimant, cover.account(), holder, now))
                                        .orElseGet(() -> back(claimant, ClaimReason.ABSENCE, holder, now))))
                        : Uni.createFrom().item(Optional.of(back(claimant, ClaimReason.CLAIMANT_LEFT, holder, now))));
    }

    private static ReferralCommand back(String claimant, ClaimReason reason, OrganisationId holder, Instant now) {
        return new ReturnClaim(claimant, reason, holder, Lifecycle.Party.SYSTEM, now);
    }

    private Uni<Void> decide(
            SqlConnection tx, Referral.Course course, Instant now, Function<Surroundings, ReferralCommand> command) {
        return offering.in(tx, course.about(), now, command, Metadata.system("clock"))
                .replaceWithVoid();
    }
}
