package org.passerelle.referral.referring;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.passerelle.referral.referring.NextStep.Owed;
import org.passerelle.referral.referring.NextStep.Told;
import org.passerelle.referral.referring.Referral.Course;
import org.passerelle.referral.referring.Referral.Unrequested;
import org.passerelle.referral.referring.ReferralCommand.EscalateDecision;
import org.passerelle.referral.referring.ReferralEvent.CaseWorkerTaskRaised;
import org.passerelle.referral.referring.ReferralEvent.DecisionAwaited;
import org.passerelle.referral.referring.ReferralEvent.DecisionOverdue;

/**
 * What the requester decides beside the next step, which is whoever else's: whether a placement stands where a danger
 * became known, and what becomes of the place that somebody keeps who said yes too late. It has a clock of its own, also
 * after the referral has ended, and climbs like a step. Who gives the service sees nothing of it: their step, and their
 * clock, are what they were.
 */
final class Deciding {

    private static final Set<TaskReason> DECISIONS = Set.of(TaskReason.PLACEMENT_TO_REVIEW, TaskReason.LATE_ACCEPTANCE);

    private final Following following;

    Deciding(Following following) {
        this.following = following;
    }

    /** Something new brings the clock forward, never back, and takes nothing back of who was told. */
    List<ReferralEvent> awaited(List<ReferralEvent> decided, Referral after, Instant at) {
        if (after instanceof Unrequested) {
            return List.of();
        }
        Course course = Referral.course(after);
        Owed known = course.deciding();
        if (!isToDecide(course)) {
            return known == null ? List.of() : List.of(new DecisionAwaited(course.about(), null, at));
        }
        Request request = course.request();
        OfferClocks clocks = following.clocks(request);
        // a danger presses as the need did; a place that is kept in vain no more than that, though the need's clock is
        // over
        Instant soon = course.tasks().contains(TaskReason.PLACEMENT_TO_REVIEW)
                ? clocks.answerBy(request.urgency(), at, request.dueAt())
                : at.plus(clocks.of(request.urgency()));
        return known == null || decided.stream().anyMatch(Deciding::isNew) && soon.isBefore(known.by())
                ? List.of(new DecisionAwaited(course.about(), soon, at))
                : List.of();
    }

    static boolean isToDecide(Course course) {
        return course.tasks().stream().anyMatch(DECISIONS::contains);
    }

    private static boolean isNew(ReferralEvent event) {
        return event instanceof CaseWorkerTaskRaised raised && DECISIONS.contains(raised.reason());
    }

    /** Tasks from before there were clocks get theirs. */
    List<ReferralEvent> escalate(EscalateDecision command, Referral state) {
        if (state instanceof Unrequested) {
            return List.of();
        }
        Course course = Referral.course(state);
        Owed owed = course.deciding();
        if (owed == null) {
            return awaited(List.of(), state, command.at());
        }
        if (command.at().isBefore(owed.by())) {
            return List.of();
        }
        Told told = Told.next(owed.told());
        Instant again = following.again(course, told.after(owed.told()) - 1, false, command.at());
        return List.of(new DecisionOverdue(course.about(), told, again, command.at()));
    }

    static Course awaiting(Course course, DecisionAwaited awaited) {
        Instant by = awaited.by();
        Owed known = course.deciding();
        return course.deciding(by == null ? null : owed(course, by, known == null ? 0 : known.told()));
    }

    static Course told(Course course, DecisionOverdue overdue) {
        Owed known = course.deciding();
        return course.deciding(owed(course, overdue.again(), overdue.told().after(known == null ? 0 : known.told())));
    }

    private static Owed owed(Course course, Instant by, int told) {
        return new Owed(NextStep.DECISION, course.request().requestedBy(), by, told);
    }
}
