package org.passerelle.referral.referring;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.passerelle.eventsourcing.Decider;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.referring.Referral.Accepted;
import org.passerelle.referral.referring.Referral.Course;
import org.passerelle.referral.referring.Referral.Dangers;
import org.passerelle.referral.referring.Referral.Ended;
import org.passerelle.referral.referring.Referral.Ending;
import org.passerelle.referral.referring.Referral.Joining;
import org.passerelle.referral.referring.Referral.Link;
import org.passerelle.referral.referring.Referral.Offered;
import org.passerelle.referral.referring.Referral.Unrequested;
import org.passerelle.referral.referring.Referral.Waiting;
import org.passerelle.referral.referring.ReferralCommand.AcceptOffer;
import org.passerelle.referral.referring.ReferralCommand.AcknowledgeOffer;
import org.passerelle.referral.referring.ReferralCommand.ActByLink;
import org.passerelle.referral.referring.ReferralCommand.BeginService;
import org.passerelle.referral.referring.ReferralCommand.CancelReferral;
import org.passerelle.referral.referring.ReferralCommand.ChooseService;
import org.passerelle.referral.referring.ReferralCommand.ClaimReferral;
import org.passerelle.referral.referring.ReferralCommand.CompleteReferral;
import org.passerelle.referral.referring.ReferralCommand.CoverClaim;
import org.passerelle.referral.referring.ReferralCommand.DeclineOffer;
import org.passerelle.referral.referring.ReferralCommand.EscalateDecision;
import org.passerelle.referral.referring.ReferralCommand.EscalateStep;
import org.passerelle.referral.referring.ReferralCommand.ExpireOffer;
import org.passerelle.referral.referring.ReferralCommand.HoldReferral;
import org.passerelle.referral.referring.ReferralCommand.IssueLink;
import org.passerelle.referral.referring.ReferralCommand.NoteOverdue;
import org.passerelle.referral.referring.ReferralCommand.OpenLink;
import org.passerelle.referral.referring.ReferralCommand.ReleaseLate;
import org.passerelle.referral.referring.ReferralCommand.ReportProgress;
import org.passerelle.referral.referring.ReferralCommand.RequestReferral;
import org.passerelle.referral.referring.ReferralCommand.ResumeReferral;
import org.passerelle.referral.referring.ReferralCommand.ReturnClaim;
import org.passerelle.referral.referring.ReferralCommand.ReviewPlacement;
import org.passerelle.referral.referring.ReferralCommand.RevokeLink;
import org.passerelle.referral.referring.ReferralCommand.RouteAgain;
import org.passerelle.referral.referring.ReferralCommand.TransferReferral;
import org.passerelle.referral.referring.ReferralEvent.CaseWorkerTaskRaised;
import org.passerelle.referral.referring.ReferralEvent.ClaimReturned;
import org.passerelle.referral.referring.ReferralEvent.DangersFound;
import org.passerelle.referral.referring.ReferralEvent.DecisionAwaited;
import org.passerelle.referral.referring.ReferralEvent.DecisionOverdue;
import org.passerelle.referral.referring.ReferralEvent.LateAcceptanceRecorded;
import org.passerelle.referral.referring.ReferralEvent.LateAcceptanceReleased;
import org.passerelle.referral.referring.ReferralEvent.LinkIssued;
import org.passerelle.referral.referring.ReferralEvent.LinkOpened;
import org.passerelle.referral.referring.ReferralEvent.LinkRenewed;
import org.passerelle.referral.referring.ReferralEvent.LinkRevoked;
import org.passerelle.referral.referring.ReferralEvent.NeedEscalated;
import org.passerelle.referral.referring.ReferralEvent.NeedHeldBack;
import org.passerelle.referral.referring.ReferralEvent.NeedRouted;
import org.passerelle.referral.referring.ReferralEvent.OfferAccepted;
import org.passerelle.referral.referring.ReferralEvent.OfferAcknowledged;
import org.passerelle.referral.referring.ReferralEvent.OfferDeclined;
import org.passerelle.referral.referring.ReferralEvent.OfferExpired;
import org.passerelle.referral.referring.ReferralEvent.OfferWithdrawn;
import org.passerelle.referral.referring.ReferralEvent.PlacementReviewed;
import org.passerelle.referral.referring.ReferralEvent.ProgressReported;
import org.passerelle.referral.referring.ReferralEvent.ReferralCancelled;
import org.passerelle.referral.referring.ReferralEvent.ReferralClaimed;
import org.passerelle.referral.referring.ReferralEvent.ReferralCompleted;
import org.passerelle.referral.referring.ReferralEvent.ReferralHeld;
import org.passerelle.referral.referring.ReferralEvent.ReferralRequested;
import org.passerelle.referral.referring.ReferralEvent.ReferralResumed;
import org.passerelle.referral.referring.ReferralEvent.ReferralTransferred;
import org.passerelle.referral.referring.ReferralEvent.ServiceBegun;
import org.passerelle.referral.referring.ReferralEvent.ServiceChosen;
import org.passerelle.referral.referring.ReferralEvent.ServiceGapFound;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;
import org.passerelle.referral.referring.ReferralEvent.ServiceStopped;
import org.passerelle.referral.referring.ReferralEvent.StepAwaited;
import org.passerelle.referral.referring.ReferralEvent.StepOverdue;
import org.passerelle.referral.referring.ReferralEvent.StopLifted;
import org.passerelle.referral.routing.RoutingPolicy;

/** The rules of a referral's life. */
public final class ReferralDecider implements Decider<ReferralCommand, Referral, ReferralEvent> {

    private final Routing routing;
    private final Following following;
    private final Deciding deciding;

    /** @param configured for referrals from before there were country packs */
    public ReferralDecider(RoutingPolicy routing, OfferClocks configured) {
        this.following = new Following(configured);
        this.deciding = new Deciding(following);
        this.routing = new Routing(routing, following);
    }

    @Override
    public Referral initial() {
        return new Unrequested();
    }

    @Override
    public List<ReferralEvent> decide(ReferralCommand command, Referral state) {
        List<ReferralEvent> decided = decided(command, state);
        if (decided.isEmpty()) {
            return decided;
        }
        if (!Lifecycle.permits(Lifecycle.Stage.of(state), command.step(), command.by())) {
            throw Refusal.of("not-for-this-party");
        }
        List<ReferralEvent> events = new ArrayList<>(decided);
        events.addAll(following.awaited(fold(state, decided), command.at()));
        events.addAll(following.climbed(fold(state, events), command.at()));
        events.addAll(deciding.awaited(decided, fold(state, events), command.at()));
        events.addAll(Linking.renewed(fold(state, events), events, following::clocks, command.at()));
        return events;
    }

    private List<ReferralEvent> decided(ReferralCommand command, Referral state) {
        return switch (command) {
            case RequestReferral request -> request(request, state);
            case RouteAgain again -> routing.again(again, state);
            case ChooseService choose -> routing.choose(choose, state);
            case AcceptOffer accept -> accept(accept, state);
            case DeclineOffer decline -> decline(decline, state);
            case ReleaseLate release -> LateYes.release(release, state);
            case ExpireOffer expire -> expire(expire, state);
            case NoteOverdue overdue -> noteOverdue(overdue, state);
            case AcknowledgeOffer acknowledge -> Serving.acknowledge(acknowledge, state);
            case ClaimReferral claim -> Serving.claim(claim, state);
            case CoverClaim cover -> Serving.cover(cover, state);
            case ReturnClaim back -> Serving.returnClaim(back, state);
            case BeginService begin -> Serving.begin(begin, state);
            case HoldReferral hold -> Serving.hold(hold, state);
            case ResumeReferral resume -> Serving.resume(resume, state);
            case IssueLink issue -> Linking.issue(issue, state);
            case OpenLink open -> Linking.open(open, state);
            case ActByLink act -> {
                Linking.requireStanding(act, state);
                yield decided(act.act(), state);
            }
            case RevokeLink revoke -> Linking.revoke(revoke, state);
            case EscalateStep escalate -> following.escalate(escalate, state);
            case EscalateDecision escalate -> deciding.escalate(escalate, state);
            case ReviewPlacement review -> Reviewing.review(review, state);
            case ReportProgress report ->
                following.wasJustReported(state, report.at()) ? List.of() : Serving.report(report, state);
            case CompleteReferral complete -> Serving.complete(complete, state);
            case TransferReferral transfer -> transfer(transfer, state);
            case CancelReferral cancel -> Cancelling.cancel(cancel, state);
        };
    }

    private List<ReferralEvent> request(RequestReferral command, Referral state) {
        return switch (state) {
            case Unrequested none -> {
                List<ReferralEvent> events = new ArrayList<>();
                events.add(new ReferralRequested(command.request(), command.at()));
                events.addAll(routing.route(
                        Course.of(command.request()), RoutingTrigger.NEED_STATED, command.around(), command.at()));
                yield events;
            }
            case Waiting known -> List.of();
            case Offered known -> List.of();
            case Accepted known -> List.of();
            case Ended known -> List.of();
        };
    }

    private static List<ReferralEvent> accept(AcceptOffer command, Referral state) {
        return switch (state) {
            case Unrequested none -> throw unknown();
            case Waiting waiting -> LateYes.counts(command, waiting.course());
            case Offered offered -> {
                if (!offered.open().id().equals(command.offer())) {
                    yield LateYes.comesFirst(command, offered);
                }
                LateYes.requireActing(command, offered.open());
                yield List.of(LateYes.accepted(command, offered.course(), offered.open(), false));
            }
            case Accepted accepted ->
                accepted.accepted().id().equals(command.offer())
                        ? List.of()
                        : LateYes.noted(command, accepted.course());
            case Ended over -> {
                if (!over.givenUp()) {
                    throw Refusal.of("referral-ended");
                }
                yield LateYes.noted(command, over.course());
            }
        };
    }

    private List<ReferralEvent> decline(DeclineOffer command, Referral state) {
        return switch (state) {
            case Unrequested none -> throw unknown();
            case Waiting waiting -> declineLate(command, waiting.course());
            case Offered offered -> {
                Offer open = offered.open();
                if (!open.id().equals(command.offer())) {
                    yield declineLate(command, offered.course());
                }
                List<ReferralEvent> events = new ArrayList<>();
                events.add(new OfferDeclined(
                        offered.course().about(),
                        open.id(),
                        open.organisation(),
                        command.reason(),
                        command.note(),
                        command.call(),
                        command.at()));
                Course course = offered.course().declined(open.id(), command.reason(), command.at());
                events.addAll(routing.route(course, RoutingTrigger.DECLINED, command.around(), command.at()));
                yield events;
            }
            case Accepted accepted -> declineLate(command, accepted.course());
            case Ended ended -> throw Refusal.of("referral-ended");
        };
    }

    private static List<ReferralEvent> declineLate(DeclineOffer command, Course course) {
        Offer offer = course.offer(command.offer()).orElseThrow(ReferralDecider::unknownOffer);
        return switch (offer.standing()) {
            case DECLINED -> List.of();
            case EXPIRED, LATE, RELEASED -> throw Refusal.of("offer-expired");
            case WITHDRAWN, MOVED -> throw Refusal.of("offer-withdrawn");
            case TRANSFERRED -> throw Refusal.of("referral-transferred");
            case ACCEPTED -> throw Refusal.of("offer-already-accepted");
            case OPEN -> throw new IllegalStateException("an open offer decides the state");
        };
    }

    private List<ReferralEvent> expire(ExpireOffer command, Referral state) {
        return switch (state) {
            case Unrequested none -> List.of();
            case Waiting waiting -> List.of();
            case Offered offered -> {
                Offer open = offered.open();
                if (!open.id().equals(command.offer())) {
                    yield List.of();
                }
                List<ReferralEvent> events = new ArrayList<>();
                events.add(new OfferExpired(offered.course().about(), open.id(), open.organisation(), command.at()));
                Course course = offered.course().expired(open.id(), command.at());
                if (course.request().urgency() == Urgency.EMERGENCY
                        && !course.tasks().contains(TaskReason.EMERGENCY_UNANSWERED)) {
                    events.add(new CaseWorkerTaskRaised(course.about(), TaskReason.EMERGENCY_UNANSWERED, command.at()));
                    course = course.task(TaskReason.EMERGENCY_UNANSWERED);
                }
                events.addAll(routing.route(course, RoutingTrigger.EXPIRED, command.around(), command.at()));
                yield events;
            }
            case Accepted accepted -> List.of();
            case Ended ended -> List.of();
        };
    }

    private List<ReferralEvent> transfer(TransferReferral command, Referral state) {
        Accepted accepted = Serving.accepted(state);
        Course course = accepted.course();
        Offer offer = accepted.accepted();
        List<ReferralEvent> events = new ArrayList<>();
        events.add(new ReferralTransferred(
                course.about(),
                offer.id(),
                offer.organisation(),
                command.reason(),
                command.note(),
                course.request().dueAt(),
                command.at()));
        events.addAll(routing.route(
                course.transferred(offer.id()), RoutingTrigger.TRANSFERRED, command.around(), command.at()));
        return events;
    }

    private static List<ReferralEvent> noteOverdue(NoteOverdue command, Referral state) {
        return switch (state) {
            case Unrequested none -> List.of();
            case Waiting waiting -> overdue(waiting.course(), command.at());
            case Offered offered -> overdue(offered.course(), command.at());
            case Accepted accepted ->
                accepted.begun() || isKnownAbove(accepted.course())
                        ? List.of()
                        : List.of(Following.overdue(accepted.course(), command.at()));
            case Ended ended -> List.of();
        };
    }

    /** Then it is no news that it was passed on, or stopped, since. */
    private static boolean isKnownAbove(Course course) {
        NextStep.Climb climb = course.climb();
        return climb != null && climb.overdue();
    }

    private static List<ReferralEvent> overdue(Course course, Instant at) {
        if (course.tasks().contains(TaskReason.NEED_CLOCK_OVERDUE)) {
            return List.of();
        }
        CaseWorkerTaskRaised task = new CaseWorkerTaskRaised(course.about(), TaskReason.NEED_CLOCK_OVERDUE, at);
        return isKnownAbove(course) ? List.of(task) : List.of(task, Following.overdue(course, at));
    }

    private static Refusal unknown() {
        return Refusal.of("referral-unknown").unknown();
    }

    private static Refusal unknownOffer() {
        return Refusal.of("offer-unknown").invalid().field("offerId");
    }

    @Override
    public Referral evolve(Referral state, ReferralEvent event) {
        if (event instanceof ReferralRequested requested) {
            return new Waiting(Course.of(requested.request()));
        }
        Course course = Referral.course(state);
        return switch (event) {
            case ReferralRequested requested -> new Waiting(Course.of(requested.request()));
            case NeedRouted routed -> with(state, course.considered(routed.full()));
            case NeedHeldBack held ->
                with(
                        state,
                        course.joining(new Joining(
                                held.by(),
                                false,
                                course.apart(),
                                course.joining().chosen())));
            case ServiceChosen chosen ->
                with(
                        state,
                        course.joining(
                                new Joining(Set.of(), true, course.apart() || chosen.apart(), chosen.service())));
            case ServiceOffered offered -> {
                Offer open = new Offer(
                        offered.offer(),
                        offered.organisation(),
                        offered.service(),
                        offered.answerBy(),
                        Offer.Standing.OPEN);
                yield new Offered(course.offered(open), open);
            }
            case OfferAccepted accepted -> {
                Course now = course.answered(accepted.offer(), Offer.Standing.ACCEPTED)
                        .climbed(null);
                yield new Accepted(
                        now, now.offer(accepted.offer()).orElseThrow(), false, false, Set.of(), Dangers.NONE);
            }
            case OfferDeclined declined ->
                new Waiting(course.declined(declined.offer(), declined.reason(), declined.at()));
            case OfferExpired expired -> new Waiting(course.expired(expired.offer(), expired.at()));
            case OfferWithdrawn withdrawn ->
                new Waiting(course.answered(withdrawn.offer(), Routing.standing(withdrawn.reason())));
            case ReferralTransferred passedOn ->
                new Waiting(passedOn(course.transferred(passedOn.offer()), passedOn.at()));
            case LateAcceptanceRecorded late -> with(state, course.answered(late.offer(), Offer.Standing.LATE));
            case LateAcceptanceReleased released -> with(state, course.released(released.offer()));
            case ServiceStopped stopped ->
                state instanceof Accepted accepted ? accepted.stopped(stopped.reason()) : state;
            case StopLifted lifted -> state instanceof Accepted accepted ? accepted.goingOn(lifted.reason()) : state;
            case DangersFound found ->
                state instanceof Accepted accepted ? accepted.endangered(found.dangers(), found.toReview()) : state;
            case PlacementReviewed reviewed -> state instanceof Accepted accepted ? accepted.reviewed() : state;
            case DecisionAwaited awaited -> with(state, Deciding.awaiting(course, awaited));
            case DecisionOverdue overdue -> with(state, Deciding.told(course, overdue));
            case CaseWorkerTaskRaised raised -> with(state, course.task(raised.reason()));
            case ServiceGapFound gap -> with(state, course.gapFound());
            case OfferAcknowledged seen -> with(state, course.seen(seen.offer()));
            case ReferralClaimed claimed -> with(state, course.claimed(claimed.account()));
            case ClaimReturned returned -> with(state, course.claimed(null));
            case ServiceBegun begun -> serving(with(state, begun(state, course)), true, false);
            // what was owed is done, and owed anew
            case ProgressReported reported -> with(state, course.owing(null));
            case ReferralHeld held -> serving(state, begun(state), true);
            case ReferralResumed resumed -> serving(state, begun(state), false);
            case LinkIssued issued ->
                with(state, course.linked(new Link(issued.link(), issued.offer(), issued.at(), issued.until())));
            case LinkOpened opened -> state;
            case LinkRenewed renewed -> with(state, course.renewed(renewed.link(), renewed.until()));
            case LinkRevoked revoked -> with(state, course.unlinked(revoked.link()));
            case StepAwaited awaited -> with(state, awaiting(state, course, awaited));
            case StepOverdue overdue -> with(state, told(state, course, overdue));
            case NeedEscalated escalated -> {
                NextStep.Climb climb = climb(course, escalated.told(), escalated.at());
                // while somebody serves, the need's own clock alone escalates it
                yield with(state, course.climbed(state instanceof Accepted ? climb.knownOverdue() : climb));
            }
            case ReferralCompleted completed -> new Ended(course.over(), Ending.of(completed.outcome()), false);
            case ReferralCancelled cancelled ->
                new Ended(
                        course.over(),
                        Ending.of(cancelled.reason(), course.offers()),
                        cancelled.reason() == CancellationReason.NO_SERVICE);
        };
    }

    private static Course awaiting(Referral state, Course course, StepAwaited awaited) {
        NextStep.Owed owed = course.owed();
        int told = owed != null
                        && awaited.step() != NextStep.DECISION
                        && state instanceof Accepted accepted
                        && Following.isStillToBegin(accepted, owed)
                ? owed.told()
                : 0;
        Course now = course.owing(new NextStep.Owed(awaited.step(), awaited.of(), awaited.by(), told));
        boolean climbs = (!(state instanceof Accepted) || isStopped(state)) && awaited.step() != NextStep.OTHER_NEED;
        return climbs && course.climb() == null ? now.climbed(new NextStep.Climb(awaited.at())) : now;
    }

    private static Course told(Referral state, Course course, StepOverdue overdue) {
        NextStep.Owed owed = course.owed();
        Course now = course.owing(new NextStep.Owed(
                overdue.step(), overdue.of(), overdue.again(), overdue.told().after(owed == null ? 0 : owed.told())));
        NextStep.Climb climb = course.climb();
        boolean climbs = (state instanceof Waiting || isStopped(state))
                && (overdue.told() != NextStep.Told.OWNER || climb == null || climb.told() == 0);
        return climbs ? now.climbed(climb(course, overdue.told(), overdue.at())) : now;
    }

    private static Course passedOn(Course course, Instant at) {
        NextStep.Climb climb = course.climb();
        return climb == null ? course : course.climbed(climb.passedOn(at));
    }

    private static Course begun(Referral state, Course course) {
        NextStep.Climb climb = course.climb();
        return course.climbed(climb != null && isStopped(state) ? climb.begun() : null);
    }

    private static boolean isStopped(Referral state) {
        return state instanceof Accepted accepted && accepted.isStopped();
    }

    private static NextStep.Climb climb(Course course, NextStep.Told told, Instant at) {
        NextStep.Climb climb = course.climb();
        return (climb == null ? new NextStep.Climb(at) : climb)
                .after(told, at, course.request().dueAt());
    }

    private static boolean begun(Referral state) {
        return state instanceof Accepted accepted && accepted.begun();
    }

    private static Referral serving(Referral state, boolean begun, boolean held) {
        return state instanceof Accepted accepted ? accepted.serving(begun, held) : state;
    }

    private static Referral with(Referral state, Course course) {
        return switch (state) {
            case Unrequested none -> none;
            case Waiting waiting -> new Waiting(course);
            case Offered offered -> new Offered(course, offered.open());
            case Accepted accepted ->
                new Accepted(
                        course,
                        accepted.accepted(),
                        accepted.begun(),
                        accepted.held(),
                        accepted.stopped(),
                        accepted.dangers());
            case Ended ended -> new Ended(course, ended.ending(), ended.givenUp());
        };
    }
}
