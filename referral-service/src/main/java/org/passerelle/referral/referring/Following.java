package org.passerelle.referral.referring;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.referring.NextStep.Owed;
import org.passerelle.referral.referring.NextStep.Told;
import org.passerelle.referral.referring.Referral.Accepted;
import org.passerelle.referral.referring.Referral.Course;
import org.passerelle.referral.referring.Referral.Ended;
import org.passerelle.referral.referring.Referral.Offered;
import org.passerelle.referral.referring.Referral.Unrequested;
import org.passerelle.referral.referring.Referral.Waiting;
import org.passerelle.referral.referring.ReferralCommand.EscalateStep;
import org.passerelle.referral.referring.ReferralEvent.StepAwaited;
import org.passerelle.referral.referring.ReferralEvent.StepOverdue;

/**
 * No referral that is not over is ever without a next step, somebody whose step it is, and a clock. A step that is not
 * taken in time is told to its owner, then to the supervisor, then to the coordinator: to the last again and again, ever
 * more seldom.
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
                Duration half = Duration.between(at, open.answerBy()).dividedBy(2);
                yield Optional.of(new Due(NextStep.ANSWER, open.organisation(), at.plus(half)));
            }
            case Accepted accepted -> {
                Request request = accepted.course().request();
                OfferClocks clocks = clocks(request);
                OrganisationId provider = accepted.accepted().organisation();
                if (!accepted.stopped().isEmpty()) {
                    Instant soon = clocks.answerBy(request.urgency(), at, request.dueAt());
                    yield Optional.of(new Due(NextStep.DECISION, request.requestedBy(), soon));
                }
                yield Optional.of(
                        accepted.held()
                                ? new Due(NextStep.RESUMPTION, provider, at.plus(clocks.report()))
                                : accepted.begun()
                                        ? new Due(NextStep.REPORT, provider, at.plus(clocks.report()))
                                        : new Due(
                                                NextStep.FIRST_CONTACT,
                                                provider,
                                                clocks.answerBy(request.urgency(), at, request.dueAt())));
            }
        };
    }

    /** For another need, and there is nothing to decide about it. */
    private static boolean waits(Course course) {
        return !course.joining().heldBy().isEmpty() && !course.tasks().contains(TaskReason.OTHER_NEED_FAILED);
    }

    List<ReferralEvent> escalate(EscalateStep command, Referral state) {
        if (state instanceof Unrequested || state instanceof Ended) {
            return List.of();
        }
        Course course = Referral.course(state);
        Owed owed = course.owed();
        if (owed == null || command.at().isBefore(owed.by())) {
            return List.of();
        }
        Told told = owed.told() == 0 ? Told.OWNER : owed.told() == 1 ? Told.SUPERVISOR : Told.COORDINATOR;
        return List.of(new StepOverdue(
                course.about(), owed.step(), owed.of(), told, again(course, owed, command.at()), command.at()));
    }

    /** Twice as long each time. */
    private Instant again(Course course, Owed owed, Instant at) {
        OfferClocks clocks = clocks(course.request());
        Duration base = clocks.of(course.request().urgency());
        Duration wait = base.multipliedBy(1L << Math.min(owed.told(), 12));
        Duration seldom = clocks.remindAtMostEvery();
        return at.plus(wait.compareTo(seldom) > 0 ? seldom : wait);
    }
}
