package org.passerelle.referral.referring;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.referring.NextStep.Climb;
import org.passerelle.referral.referring.NextStep.Owed;
import org.passerelle.referral.referring.NextStep.Told;
import org.passerelle.referral.referring.Referral.Accepted;
import org.passerelle.referral.referring.Referral.Course;
import org.passerelle.referral.referring.Referral.Ended;
import org.passerelle.referral.referring.Referral.Offered;
import org.passerelle.referral.referring.Referral.Unrequested;
import org.passerelle.referral.referring.Referral.Waiting;
import org.passerelle.referral.referring.ReferralCommand.EscalateStep;
import org.passerelle.referral.referring.ReferralEvent.NeedEscalated;
import org.passerelle.referral.referring.ReferralEvent.StepAwaited;
import org.passerelle.referral.referring.ReferralEvent.StepOverdue;

/**
 * No referral that is not over is ever without a next step, somebody whose step it is, and a clock. A step that is not
 * taken in time is told to its owner, then to the supervisor, then to the coordinator: to the last again and again, ever
 * more seldom. As long as nobody serves the need it is the need that climbs so, from its requester on, whoever is asked
 * meanwhile; each of these is reminded of its own offer, and no more. It climbs with what happens anyway: of the steps of
 * an unserved need none waits longer than an offer of its urgency lives, but for those of a need that another comes
 * before.
 */
final class Following {

    private final OfferClocks configured;

    /** @param configured for referrals from before there were country packs */
    Following(OfferClocks configured) {
        this.configured = configured;
    }

    OfferClocks clocks(Request request) {
        return request.country() == null ? configured : request.country().offers();
    }

    private record Due(NextStep step, OrganisationId of, Instant by) {}

    /** The clock of a step that has just become the next one; nothing where it was so before, or where all is over. */
    List<ReferralEvent> awaited(Referral after, Instant at) {
        return due(after, at)
                .filter(due -> {
                    Owed owed = Referral.course(after).owed();
                    return owed == null
                            || owed.step() != due.step()
                            || !owed.of().equals(due.of());
                })
                .map(due -> List.<ReferralEvent>of(
                        new StepAwaited(Referral.course(after).about(), due.step(), due.of(), due.by(), at)))
                .orElse(List.of());
    }

    private Optional<Due> due(Referral state, Instant at) {
        return switch (state) {
            case Unrequested none -> Optional.empty();
            case Ended over -> Optional.empty();
            case Waiting waiting -> {
                Request request = waiting.course().request();
                OfferClocks clocks = clocks(request);
                Instant soon = clocks.answerBy(request.urgency(), at, request.dueAt());
                if (waits(waiting.course())) {
                    Instant last = request.dueAt().isAfter(soon) ? request.dueAt() : soon;
                    yield Optional.of(new Due(NextStep.OTHER_NEED, request.requestedBy(), last));
                }
                yield Optional.of(new Due(
                        waiting.course().gap() ? NextStep.SERVICE : NextStep.DECISION, request.requestedBy(), soon));
            }
            case Offered offered -> {
                Offer open = offered.open();
                Course course = offered.course();
                boolean seen = open.id().equals(course.acknowledged()) || course.claimant() != null;
                yield Optional.of(
                        seen
                                ? new Due(
                                        NextStep.ANSWER,
                                        open.organisation(),
                                        half(unseenUntil(course, at), open.answerBy()))
                                : new Due(NextStep.ACKNOWLEDGEMENT, open.organisation(), half(at, open.answerBy())));
            }
            case Accepted accepted -> {
                OrganisationId provider = accepted.accepted().organisation();
                if (!accepted.stopped().isEmpty()) {
                    Request request = accepted.course().request();
                    Instant soon = clocks(request).answerBy(request.urgency(), at, request.dueAt());
                    yield Optional.of(new Due(NextStep.DECISION, request.requestedBy(), soon));
                }
                NextStep step = accepted.held()
                        ? NextStep.RESUMPTION
                        : accepted.begun() ? NextStep.REPORT : NextStep.FIRST_CONTACT;
                yield Optional.of(new Due(
                        step,
                        provider,
                        accepted.begun()
                                ? at.plus(clocks(accepted.course().request()).report())
                                : begunBy(accepted, at)));
            }
        };
    }

    private static Instant half(Instant from, Instant until) {
        return from.plus(Duration.between(from, until).dividedBy(2));
    }

    /** Who acknowledged in time is reminded of the answer later than who did not is reminded of both. */
    private static Instant unseenUntil(Course course, Instant at) {
        Owed owed = course.owed();
        return owed != null
                        && owed.step() == NextStep.ACKNOWLEDGEMENT
                        && owed.told() == 0
                        && owed.by().isAfter(at)
                ? owed.by()
                : at;
    }

    /** A pause before the first contact stops no clock. */
    private Instant begunBy(Accepted accepted, Instant at) {
        Request request = accepted.course().request();
        Owed owed = accepted.course().owed();
        return owed != null && isStillToBegin(accepted, owed) && owed.by().isAfter(at)
                ? owed.by()
                : clocks(request).answerBy(request.urgency(), at, request.dueAt());
    }

    /** Whether the step is one of this provider before the first contact: the same thing is owed, paused or not. */
    static boolean isStillToBegin(Accepted accepted, Owed owed) {
        return !accepted.begun()
                && (owed.step() == NextStep.FIRST_CONTACT || owed.step() == NextStep.RESUMPTION)
                && owed.of().equals(accepted.accepted().organisation());
    }

    /** At this very moment: a repeat. */
    boolean wasJustReported(Referral state, Instant at) {
        if (!(state instanceof Accepted accepted)) {
            return false;
        }
        Owed owed = accepted.course().owed();
        return owed != null
                && owed.step() == NextStep.REPORT
                && owed.told() == 0
                && owed.by().equals(at.plus(clocks(accepted.course().request()).report()));
    }

    /** For another need, and there is nothing to decide about it. */
    private static boolean waits(Course course) {
        return !course.joining().heldBy().isEmpty() && !course.tasks().contains(TaskReason.OTHER_NEED_FAILED);
    }

    List<ReferralEvent> escalate(EscalateStep command, Referral state) {
        if (state instanceof Unrequested) {
            return List.of();
        }
        Course course = Referral.course(state);
        Owed owed = course.owed();
        if (owed == null || command.at().isBefore(owed.by())) {
            return List.of();
        }
        return switch (state) {
            case Waiting waiting -> List.of(remindedOrClimbed(course, owed, command.at()));
            case Offered offered ->
                List.of(overdue(
                        course, owed, Told.OWNER, again(course, owed.told(), false, command.at()), command.at()));
            case Accepted accepted when accepted.isStopped() -> List.of(remindedOrClimbed(course, owed, command.at()));
            case Accepted accepted -> {
                Told next = Told.next(owed.told());
                boolean late = !accepted.begun()
                        && !command.at().isBefore(course.request().dueAt());
                Told told = late ? next.atLeast(Told.SUPERVISOR) : next;
                Instant again = again(course, told.after(owed.told()) - 1, accepted.begun(), command.at());
                yield List.of(overdue(course, owed, told, again, command.at()));
            }
            case Unrequested none -> List.of();
            case Ended over -> List.of();
        };
    }

    /** The requester of a need is reminded of a new step, too; who is above them hears of the need, not of each step. */
    private StepOverdue remindedOrClimbed(Course course, Owed owed, Instant at) {
        Climb known = course.climb();
        Climb climb = known == null ? new Climb(at) : known;
        if (climb.told() > 0 && at.isBefore(next(course, climb))) {
            return overdue(course, owed, Told.OWNER, next(course, climb), at);
        }
        Told told = Told.next(climb.told());
        return overdue(
                course,
                owed,
                told,
                next(course, climb.after(told, at, course.request().dueAt())),
                at);
    }

    private static StepOverdue overdue(Course course, Owed owed, Told told, Instant again, Instant at) {
        return new StepOverdue(course.about(), owed.step(), owed.of(), told, again, at);
    }

    /** Where nobody serves the need for so long that the next one is to be told. */
    List<ReferralEvent> climbed(Referral after, Instant at) {
        if (!(after instanceof Waiting || after instanceof Offered)) {
            return List.of();
        }
        Course course = Referral.course(after);
        Climb climb = course.climb();
        return climb == null || at.isBefore(next(course, climb))
                ? List.of()
                : List.of(new NeedEscalated(course.about(), Told.next(climb.told()), at));
    }

    /** The need's own clock ran out, and nobody has met the person: somebody above is told at once. */
    static NeedEscalated overdue(Course course, Instant at) {
        Climb climb = course.climb();
        int told = climb == null ? 0 : climb.told();
        return new NeedEscalated(course.about(), Told.next(told).atLeast(Told.SUPERVISOR), at);
    }

    /** Twice as long each time. */
    private Instant next(Course course, Climb climb) {
        return again(course, Math.max(climb.told() - 1, 0), false, climb.since());
    }

    /** @param begun then nothing presses as it did before the first contact */
    Instant again(Course course, int told, boolean begun, Instant at) {
        OfferClocks clocks = clocks(course.request());
        Duration base = begun ? clocks.normal() : clocks.of(course.request().urgency());
        Duration wait = base.multipliedBy(1L << Math.min(told, 12));
        Duration seldom = clocks.remindAtMostEvery();
        return at.plus(wait.compareTo(seldom) > 0 ? seldom : wait);
    }
}
