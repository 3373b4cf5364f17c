package org.passerelle.referral.referring;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.routing.PriorAnswer;

/** Where a referral stands. */
public sealed interface Referral {

    /** Before anything was asked. */
    record Unrequested() implements Referral {}

    /** Nobody holds an offer: waiting for consent, for a person's decision, or for a service to appear. */
    record Waiting(Course course) implements Referral {}

    /** One organisation holds an offer and has not answered. */
    record Offered(Course course, Offer open) implements Referral {}

    /**
     * One organisation gives the service.
     *
     * @param begun it met the person
     * @param held it pauses
     */
    record Accepted(Course course, Offer accepted, boolean begun, boolean held) implements Referral {}

    /** Over; it changes no more. */
    record Ended(Course course, Ending ending) implements Referral {}

    /** How a referral ended. */
    enum Ending {
        COMPLETED,
        FAILED,
        DECLINED,
        EXPIRED,
        CANCELLED,
        ENTERED_IN_ERROR;

        static Ending of(Outcome outcome) {
            return outcome.failed() ? FAILED : COMPLETED;
        }

        /** Where no service was found, how the last one that was asked answered. */
        static Ending of(CancellationReason reason, List<Offer> offers) {
            return switch (reason) {
                case ENTERED_IN_ERROR -> ENTERED_IN_ERROR;
                case NO_SERVICE ->
                    offers.isEmpty()
                            ? CANCELLED
                            : switch (offers.getLast().standing()) {
                                case DECLINED -> DECLINED;
                                case EXPIRED, LATE -> EXPIRED;
                                case OPEN, ACCEPTED, WITHDRAWN, MOVED, TRANSFERRED -> CANCELLED;
                            };
                case PERSON_DECLINED, NO_LONGER_NEEDED, CONSENT_WITHDRAWN, CASE_CLOSED, OTHER -> CANCELLED;
            };
        }
    }

    static Course course(Referral state) {
        return switch (state) {
            case Unrequested none -> throw new IllegalStateException("a referral begins by being requested");
            case Waiting waiting -> waiting.course();
            case Offered offered -> offered.course();
            case Accepted accepted -> accepted.course();
            case Ended ended -> ended.course();
        };
    }

    /**
     * How a need stands with the others of its package.
     *
     * @param heldBy those that it waits for
     * @param routed it was its turn once, or a person said that it is: it waits for no other any more
     * @param apart a person chose a service away from those that it should be together with
     */
    record Joining(Set<ReferralId> heldBy, boolean routed, boolean apart) {

        static final Joining NONE = new Joining(Set.of(), false, false);

        public Joining {
            heldBy = Set.copyOf(heldBy);
        }

        Joining wasRouted() {
            return routed && heldBy.isEmpty() ? this : new Joining(Set.of(), true, apart);
        }
    }

    /**
     * What the referral has been through.
     *
     * @param offers oldest first
     * @param tasks raised and not yet overtaken by events
     * @param gap a service gap was found and nothing was offered since
     * @param full services that wanted nothing but a free unit when the need was last routed in vain
     * @param acknowledged the offer that the organisation has seen
     * @param claimant whose of the organisation it is; null while it lies in the inbox
     * @param links that were issued and not revoked
     * @param joining how it stands with the other needs of its package
     * @param owed the next step; null only before the first and in referrals from before there were steps
     */
    record Course(
            Request request,
            List<Offer> offers,
            Set<TaskReason> tasks,
            boolean gap,
            Set<ServiceId> full,
            @Nullable OfferId acknowledged,
            @Nullable String claimant,
            NextStep.@Nullable Owed owed,
            Set<UUID> links,
            Joining joining) {

        public Course {
            offers = List.copyOf(offers);
            tasks = Set.copyOf(tasks);
            full = Set.copyOf(full);
            links = Set.copyOf(links);
        }

        About about() {
            return request.about();
        }

        static Course of(Request request) {
            return new Course(request, List.of(), Set.of(), false, Set.of(), null, null, null, Set.of(), Joining.NONE);
        }

        Optional<Offer> offer(OfferId id) {
            return offers.stream().filter(offer -> offer.id().equals(id)).findFirst();
        }

        Course offered(Offer offer) {
            List<Offer> more = new ArrayList<>(offers);
            more.add(offer);
            return new Course(
                    request, more, tasksThatOutliveAnOffer(), false, Set.of(), null, null, null, links, joining);
        }

        /** Whether a new offer settles the task. */
        private static boolean endsWithAnOffer(TaskReason task) {
            return switch (task) {
                case NO_CONSENT, NO_CONSENTED_RECIPIENT, OTHER_NEED_FAILED, NO_PLACE_TOGETHER -> true;
                case EMERGENCY_UNANSWERED, NEED_CLOCK_OVERDUE, LATE_ACCEPTANCE, PLACEMENT_TO_REVIEW -> false;
            };
        }

        Course answered(OfferId id, Offer.Standing standing) {
            List<Offer> changed = offers.stream()
                    .map(offer -> offer.id().equals(id) ? offer.standing(standing) : offer)
                    .toList();
            return new Course(
                    request,
                    changed,
                    standing == Offer.Standing.ACCEPTED ? tasksThatOutliveAYes() : tasks,
                    gap,
                    full,
                    acknowledged,
                    standing == Offer.Standing.ACCEPTED || standing == Offer.Standing.LATE ? claimant : null,
                    owed,
                    links,
                    joining);
        }

        /** The acceptance settled what was to be decided before; now it is to be decided anew. */
        Course transferred(OfferId id) {
            Course now = answered(id, Offer.Standing.TRANSFERRED);
            return new Course(request, now.offers, tasksThatOutliveAYes(), gap, full, null, null, owed, links, joining);
        }

        /** Why the referral waits is one thing at a time: a newer reason takes the place of the older. */
        Course task(TaskReason reason) {
            Set<TaskReason> now = EnumSet.of(reason);
            tasks.stream()
                    .filter(task -> !(endsWithAnOffer(reason) && endsWithAnOffer(task)))
                    .forEach(now::add);
            return new Course(
                    request,
                    offers,
                    now,
                    gap && !endsWithAnOffer(reason),
                    full,
                    acknowledged,
                    claimant,
                    owed,
                    links,
                    joining);
        }

        Course gapFound() {
            return new Course(
                    request,
                    offers,
                    tasksThatOutliveAnOffer(),
                    true,
                    full,
                    acknowledged,
                    claimant,
                    owed,
                    links,
                    joining);
        }

        Course considered(Set<ServiceId> full) {
            return new Course(
                    request, offers, tasks, gap, full, acknowledged, claimant, owed, links, joining.wasRouted());
        }

        Course seen(OfferId offer) {
            return new Course(request, offers, tasks, gap, full, offer, claimant, owed, links, joining);
        }

        Course claimed(@Nullable String account) {
            return new Course(request, offers, tasks, gap, full, acknowledged, account, owed, links, joining);
        }

        Course linked(UUID link) {
            Set<UUID> more = new HashSet<>(links);
            more.add(link);
            return new Course(request, offers, tasks, gap, full, acknowledged, claimant, owed, more, joining);
        }

        Course unlinked(UUID link) {
            Set<UUID> fewer = new HashSet<>(links);
            fewer.remove(link);
            return new Course(request, offers, tasks, gap, full, acknowledged, claimant, owed, fewer, joining);
        }

        Course joining(Joining now) {
            return new Course(request, offers, tasks, gap, full, acknowledged, claimant, owed, links, now);
        }

        boolean apart() {
            return joining.apart();
        }

        Course owing(NextStep.Owed step) {
            return new Course(request, offers, tasks, gap, full, acknowledged, claimant, step, links, joining);
        }

        private Set<TaskReason> tasksThatOutliveAnOffer() {
            return tasks.stream().filter(task -> !endsWithAnOffer(task)).collect(Collectors.toUnmodifiableSet());
        }

        private Set<TaskReason> tasksThatOutliveAYes() {
            return tasks.stream()
                    .filter(task -> task == TaskReason.LATE_ACCEPTANCE)
                    .collect(Collectors.toUnmodifiableSet());
        }

        /** Organisations that had their chance with this need. */
        Map<OrganisationId, PriorAnswer> priorAnswers() {
            Map<OrganisationId, PriorAnswer> answers = new HashMap<>();
            for (Offer offer : offers) {
                switch (offer.standing()) {
                    case DECLINED -> answers.put(offer.organisation(), PriorAnswer.DECLINED);
                    case EXPIRED, LATE -> answers.putIfAbsent(offer.organisation(), PriorAnswer.EXPIRED);
                    case TRANSFERRED -> answers.put(offer.organisation(), PriorAnswer.TRANSFERRED);
                    case OPEN, ACCEPTED, WITHDRAWN, MOVED -> {}
                }
            }
            return answers;
        }
    }
}
