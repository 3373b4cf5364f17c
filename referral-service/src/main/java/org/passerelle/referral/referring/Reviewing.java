package org.passerelle.referral.referring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.referring.Referral.Accepted;
import org.passerelle.referral.referring.Referral.Course;
import org.passerelle.referral.referring.Referral.Dangers;
import org.passerelle.referral.referring.ReferralCommand.ReviewPlacement;
import org.passerelle.referral.referring.ReferralCommand.RouteAgain;
import org.passerelle.referral.referring.ReferralEvent.CaseWorkerTaskRaised;
import org.passerelle.referral.referring.ReferralEvent.DangersFound;
import org.passerelle.referral.referring.ReferralEvent.PlacementReviewed;
import org.passerelle.referral.routing.Danger;

/**
 * Dangers that become known where a service is given. The person may be there already: nobody is moved by the software,
 * whoever keeps the case decides with them. Whoever gives the service hears nothing of it.
 */
final class Reviewing {

    private Reviewing() {}

    /** A danger that is new is told, each one; one that is lifted is to be reviewed no more. */
    static List<ReferralEvent> looked(RouteAgain command, Accepted accepted) {
        Course course = accepted.course();
        Dangers known = accepted.dangers();
        Set<Danger> found = command.around().dangers(accepted.accepted(), known.found());
        if (found.equals(known.found()) && !isLiftedOfBefore(command, accepted)) {
            return List.of();
        }
        Set<Danger> news = new HashSet<>(found);
        news.removeAll(known.found());
        List<ReferralEvent> events = new ArrayList<>();
        events.add(new DangersFound(
                course.about(),
                accepted.accepted().id(),
                found.stream().sorted(Comparator.comparing(Danger::code)).toList(),
                known.found(found).isToReview(),
                command.at()));
        if (!news.isEmpty()) {
            events.add(new CaseWorkerTaskRaised(course.about(), TaskReason.PLACEMENT_TO_REVIEW, command.at()));
        }
        return events;
    }

    /** Of tasks from before the dangers themselves were kept nobody knows which it was: but here is none any more. */
    private static boolean isLiftedOfBefore(RouteAgain command, Accepted accepted) {
        return accepted.dangers().found().isEmpty()
                && accepted.course().tasks().contains(TaskReason.PLACEMENT_TO_REVIEW)
                && command.around().canTellThatNothingIsAvoided(accepted.accepted());
    }

    static List<ReferralEvent> review(ReviewPlacement command, Referral state) {
        Accepted accepted = Serving.accepted(state);
        Course course = accepted.course();
        if (course.tasks().contains(TaskReason.PLACEMENT_TO_REVIEW)) {
            return List.of(
                    new PlacementReviewed(course.about(), accepted.accepted().id(), command.note(), command.at()));
        }
        if (accepted.dangers().standing().isEmpty()) {
            throw Refusal.of("no-placement-to-review");
        }
        return List.of();
    }
}
