package org.passerelle.referral.referring;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.routing.PriorAnswer;

/** Where a referral stands. */
public sealed interface Referral {

    /** Before anything was asked. */
    record Unrequested() implements Referral {}

    /** Nobody holds an offer: waiting for consent, for a person's decision, or for a service to appear. */
    record Waiting(Course course) implements Referral {}

    /** One organisation holds an offer and has not answered. */
    record Offered(Course course, Offer open) implements Referral {}

    /** One organisation gives the service. */
    record Accepted(Course course, Offer accepted) implements Referral {}

    /** Over; it changes no more. */
    record Ended(Course course, Ending ending) implements Referral {}

    /** How a referral ended. */
    enum Ending {
        COMPLETED,
        CANCELLED
    }

    /**
     * What the referral has been through.
     *
     * @param offers oldest first
     * @param tasks raised and not yet overtaken by events
     * @param gap a service gap was found and nothing was offered since
     */
    record Course(Request request, List<Offer> offers, Set<TaskReason> tasks, boolean gap) {

        public Course {
            offers = List.copyOf(offers);
            tasks = Set.copyOf(tasks);
        }

        About about() {
            return request.about();
        }

        static Course of(Request request) {
            return new Course(request, List.of(), Set.of(), false);
        }

        Optional<Offer> offer(OfferId id) {
            return offers.stream().filter(offer -> offer.id().equals(id)).findFirst();
        }

        Course offered(Offer offer) {
            List<Offer> more = new ArrayList<>(offers);
            more.add(offer);
            return new Course(request, more, tasksThatOutliveAnOffer(), false);
        }

        /** Whether a new offer settles the task. */
        private static boolean endsWithAnOffer(TaskReason task) {
            return switch (task) {
                case NO_CONSENT, NO_CONSENTED_RECIPIENT -> true;
                case EMERGENCY_UNANSWERED, NEED_CLOCK_OVERDUE, LATE_ACCEPTANCE -> false;
            };
        }

        Course answered(OfferId id, Offer.Standing standing) {
            List<Offer> changed = offers.stream()
                    .map(offer -> offer.id().equals(id) ? offer.standing(standing) : offer)
                    .toList();
            return new Course(request, changed, tasks, gap);
        }

        /** Why the referral waits is one thing at a time: a newer reason takes the place of the older. */
        Course task(TaskReason reason) {
            Set<TaskReason> now = EnumSet.of(reason);
            tasks.stream()
                    .filter(task -> !(endsWithAnOffer(reason) && endsWithAnOffer(task)))
                    .forEach(now::add);
            return new Course(request, offers, now, gap && !endsWithAnOffer(reason));
        }

        Course gapFound() {
            return new Course(request, offers, tasksThatOutliveAnOffer(), true);
        }

        private Set<TaskReason> tasksThatOutliveAnOffer() {
            return tasks.stream().filter(task -> !endsWithAnOffer(task)).collect(Collectors.toUnmodifiableSet());
        }

        /** Organisations that had their chance with this need. */
        Map<OrganisationId, PriorAnswer> priorAnswers() {
            Map<OrganisationId, PriorAnswer> answers = new HashMap<>();
            for (Offer offer : offers) {
                switch (offer.standing()) {
                    case DECLINED -> answers.put(offer.organisation(), PriorAnswer.DECLINED);
                    case EXPIRED, LATE -> answers.putIfAbsent(offer.organisation(), PriorAnswer.EXPIRED);
                    case OPEN, ACCEPTED, WITHDRAWN -> {}
                }
            }
            return answers;
        }
    }
}
