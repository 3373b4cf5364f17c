package org.passerelle.referral.referring;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.routing.Danger;
import org.passerelle.referral.routing.Ranking;

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
     * @param stopped why it is not to go on until the sender has decided; mostly empty
     * @param dangers what of the dangers of the case is known there; mostly none
     */
    record Accepted(
            Course course, Offer accepted, boolean begun, boolean held, Set<StopReason> stopped, Dangers dangers)
            implements Referral {

        public Accepted {
            stopped = Set.copyOf(stopped);
        }

        /** Nobody is to serve until the sender has decided: the need presses as one that nobody serves. */
        boolean isStopped() {
            return !stopped.isEmpty();
        }

        Accepted serving(boolean begun, boolean held) {
            return new Accepted(course, accepted, begun, held, stopped, dangers);
        }

        Accepted stopped(StopReason reason) {
            Set<StopReason> more = EnumSet.of(reason);
            more.addAll(stopped);
            return new Accepted(course, accepted, begun, held, more, dangers);
        }

        Accepted goingOn(StopReason reason) {
            Set<StopReason> fewer = new HashSet<>(stopped);
            fewer.remove(reason);
            Course now = course.settled(reason.task());
            return new Accepted(fewer.isEmpty() ? now.climbed(null) : now, accepted, begun, held, fewer, dangers);
        }

        /** @param toReview whether nobody has reviewed some of them */
        Accepted endangered(List<Danger> found, boolean toReview) {
            Course now = toReview ? course : course.settled(TaskReason.PLACEMENT_TO_REVIEW);
            return new Accepted(now, accepted, begun, held, stopped, dangers.found(Set.copyOf(found)));
        }

        Accepted reviewed() {
            Course now = course.settled(TaskReason.PLACEMENT_TO_REVIEW);
            return new Accepted(now, accepted, begun, held, stopped, new Dangers(dangers.found(), dangers.found()));
        }
    }

    /**
     * Dangers of the case where a service is given.
     *
     * @param standing those that whoever keeps the case reviewed: the person stays all the same
     */
    record Dangers(Set<Danger> found, Set<Danger> standing) {

        static final Dangers NONE = new Dangers(Set.of(), Set.of());

        public Dangers {
            found = Set.copyOf(found);
            standing = Set.copyOf(standing);
        }

        /** One that was lifted and is said again is to be reviewed again. */
        Dangers found(Set<Danger> now) {
            return new Dangers(now, standing.stream().filter(now::contains).collect(Collectors.toUnmodifiableSet()));
        }

        boolean isToReview() {
            return !standing.containsAll(found);
        }
    }

    /**
     * Over; it changes no more.
     *
     * @param givenUp for want of a service: a yes that comes after that is noted beside it
     */
    record Ended(Course course, Ending ending, boolean givenUp) implements Referral {}

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
                                case EXPIRED, LATE, RELEASED -> EXPIRED;
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
     * What became of a need beside the ranking: how it stands with the others of its package, and what a person chose.
     *
     * @param heldBy those that it waits for
     * @param routed it was its turn once, or a person said that it is: it waits for no other any more
     * @param apart a person chose a service away from those that it should be together with
     * @param chosen the service that a person chose last; null where the ranking alone decided
     */
    record Joining(
            Set<ReferralId> heldBy,
            boolean routed,
            boolean apart,
            @Nullable ServiceId chosen) {

        static final Joining NONE = new Joining(Set.of(), false, false, null);

        public Joining {
            heldBy = Set.copyOf(heldBy);
        }

        Joining wasRouted() {
            return routed && heldBy.isEmpty() ? this : new Joining(Set.of(), true, apart, chosen);
        }
    }

    /** A link to an offer, for as long as it opens anything. */
    record Link(UUID id, OfferId offer, Instant issued, Instant until) {}

    /**
     * What the referral has been through.
     *
     * @param offers oldest first
     * @param tasks raised and not yet overtaken by events
     * @param gap a service gap was found and nothing was offered since
     * @param full services that it waits for since it was last routed in vain
     * @param acknowledged the offer that the organisation has seen
     * @param claimant whose of the organisation it is; null while it lies in the inbox
     * @param links that were issued and not revoked
     * @param joining how it stands with the other needs of its package
     * @param owed the next step; null only before the first, once it was taken, and in referrals from before there were
     *     steps
     * @param climb who was told that nobody serves the need; null while another need comes first, and once somebody does
     * @param deciding what the requester decides beside the next step, see {@link Deciding}; mostly null
     */
    record Course(
            Request request,
            List<Offer> offers,
            Set<TaskReason> tasks,
            boolean gap,
            Set<Ranking.Awaited> full,
            @Nullable OfferId acknowledged,
            @Nullable String claimant,
            NextStep.@Nullable Owed owed,
            List<Link> links,
            Joining joining,
            NextStep.@Nullable Climb climb,
            NextStep.@Nullable Owed deciding) {

        public Course {
            offers = List.copyOf(offers);
            tasks = Set.copyOf(tasks);
            full = Set.copyOf(full);
            links = List.copyOf(links);
        }

        About about() {
            return request.about();
        }

        static Course of(Request request) {
            return new Course(
                    request,
                    List.of(),
                    Set.of(),
                    false,
                    Set.of(),
                    null,
                    null,
                    null,
                    List.of(),
                    Joining.NONE,
                    null,
                    null);
        }

        /** What comes next, as long as it is written: as it was, but for what is set. */
        private static final class Next {
            List<Offer> offers;
            Set<TaskReason> tasks;
            boolean gap;
            Set<Ranking.Awaited> full;

            @Nullable
            OfferId acknowledged;

            @Nullable
            String claimant;

            NextStep.@Nullable Owed owed;
            List<Link> links;
            Joining joining;
            NextStep.@Nullable Climb climb;
            NextStep.@Nullable Owed deciding;

            Next(Course now) {
                offers = now.offers;
                tasks = now.tasks;
                gap = now.gap;
                full = now.full;
                acknowledged = now.acknowledged;
                claimant = now.claimant;
                owed = now.owed;
                links = now.links;
                joining = now.joining;
                climb = now.climb;
                deciding = now.deciding;
            }
        }

        private Course next(Consumer<Next> what) {
            Next next = new Next(this);
            what.accept(next);
            return new Course(
                    request,
                    next.offers,
                    next.tasks,
                    next.gap,
                    next.full,
                    next.acknowledged,
                    next.claimant,
                    next.owed,
                    next.links,
                    next.joining,
                    next.climb,
                    next.deciding);
        }

        public Optional<Offer> offer(OfferId id) {
            return offers.stream().filter(offer -> offer.id().equals(id)).findFirst();
        }

        Course offered(Offer offer) {
            return next(next -> {
                next.offers = and(offers, offer);
                next.tasks = tasksThatOutliveAnOffer();
                next.gap = false;
                next.full = Set.of();
                next.acknowledged = null;
                next.claimant = null;
                next.owed = null;
            });
        }

        private static <T> List<T> and(List<T> some, T one) {
            List<T> more = new ArrayList<>(some);
            more.add(one);
            return more;
        }

        /** Whether a new offer settles the task. */
        private static boolean endsWithAnOffer(TaskReason task) {
            return switch (task) {
                case NO_CONSENT, NO_CONSENTED_RECIPIENT, OTHER_NEED_FAILED, NO_PLACE_TOGETHER -> true;
                case EMERGENCY_UNANSWERED,
                        NEED_CLOCK_OVERDUE,
                        LATE_ACCEPTANCE,
                        LINK_CLOSED,
                        CONSENT_ENDED_WHILE_SERVING,
                        PROVIDER_SUSPENDED,
                        PLACEMENT_TO_REVIEW -> false;
            };
        }

        Course declined(OfferId id, DeclineReason reason, Instant at) {
            return answered(id, Offer.Standing.DECLINED, offer -> offer.declined(reason, at));
        }

        Course expired(OfferId id, Instant at) {
            return answered(id, Offer.Standing.EXPIRED, offer -> offer.expired(at));
        }

        Course answered(OfferId id, Offer.Standing standing) {
            return answered(id, standing, offer -> offer.standing(standing));
        }

        private Course answered(OfferId id, Offer.Standing standing, UnaryOperator<Offer> answer) {
            return next(next -> {
                next.offers = offers.stream()
                        .map(offer -> offer.id().equals(id) ? answer.apply(offer) : offer)
                        .toList();
                switch (standing) {
                    case ACCEPTED -> {
                        next.tasks = tasksThatOutliveAYes(next.offers);
                        next.gap = false;
                        next.full = Set.of();
                    }
                    // what becomes of somebody's late yes is no answer to the offer that is open, nor its holder's
                    // business
                    case LATE, RELEASED -> {}
                    case OPEN, DECLINED, EXPIRED, WITHDRAWN, MOVED, TRANSFERRED -> {
                        next.tasks = without(TaskReason.LINK_CLOSED);
                        next.claimant = null;
                    }
                }
            });
        }

        /** The acceptance settled what was to be decided before; now it is to be decided anew. */
        Course transferred(OfferId id) {
            return answered(id, Offer.Standing.TRANSFERRED).next(next -> {
                next.tasks = tasksThatOutliveAYes(next.offers);
                next.acknowledged = null;
                next.owed = null;
            });
        }

        Course released(OfferId id) {
            Course now = answered(id, Offer.Standing.RELEASED);
            return awaitsRelease(now.offers) ? now : now.settled(TaskReason.LATE_ACCEPTANCE);
        }

        Course settled(TaskReason task) {
            return next(next -> next.tasks = without(task));
        }

        /** Nobody holds it, and nothing is to be decided any more, but for the place that whoever was too late keeps. */
        Course over() {
            return next(next -> {
                next.tasks = tasksThatOutliveAYes(offers);
                next.claimant = null;
            });
        }

        /** Why the referral waits is one thing at a time: a newer reason takes the place of the older. */
        Course task(TaskReason reason) {
            Set<TaskReason> now = EnumSet.of(reason);
            tasks.stream()
                    .filter(task -> !(endsWithAnOffer(reason) && endsWithAnOffer(task)))
                    .forEach(now::add);
            return next(next -> {
                next.tasks = now;
                next.gap = gap && !endsWithAnOffer(reason);
            });
        }

        Course gapFound() {
            return next(next -> {
                next.tasks = tasksThatOutliveAnOffer();
                next.gap = true;
            });
        }

        Course considered(Set<Ranking.Awaited> full) {
            return next(next -> {
                next.full = full;
                next.joining = joining.wasRouted();
            });
        }

        Course seen(OfferId offer) {
            return next(next -> next.acknowledged = offer);
        }

        Course claimed(@Nullable String account) {
            return next(next -> next.claimant = account);
        }

        public Optional<Link> link(UUID id) {
            return links.stream().filter(link -> link.id().equals(id)).findFirst();
        }

        /** Whoever needed a new one has it. */
        Course linked(Link link) {
            return settled(TaskReason.LINK_CLOSED).next(next -> next.links = and(links, link));
        }

        Course renewed(UUID id, Instant until) {
            return next(next -> next.links = links.stream()
                    .map(link -> link.id().equals(id) ? new Link(id, link.offer(), link.issued(), until) : link)
                    .toList());
        }

        Course unlinked(UUID id) {
            return next(next -> next.links =
                    links.stream().filter(link -> !link.id().equals(id)).toList());
        }

        Course joining(Joining now) {
            return next(next -> next.joining = now);
        }

        boolean apart() {
            return joining.apart();
        }

        Course climbed(NextStep.@Nullable Climb now) {
            return next(next -> next.climb = now);
        }

        Course owing(NextStep.@Nullable Owed step) {
            return next(next -> next.owed = step);
        }

        Course deciding(NextStep.@Nullable Owed decision) {
            return next(next -> next.deciding = decision);
        }

        private Set<TaskReason> without(TaskReason settled) {
            return tasks.stream().filter(task -> task != settled).collect(Collectors.toUnmodifiableSet());
        }

        private Set<TaskReason> tasksThatOutliveAnOffer() {
            return tasks.stream().filter(task -> !endsWithAnOffer(task)).collect(Collectors.toUnmodifiableSet());
        }

        private Set<TaskReason> tasksThatOutliveAYes(List<Offer> now) {
            return tasks.stream()
                    .filter(task -> task == TaskReason.LATE_ACCEPTANCE && awaitsRelease(now))
                    .collect(Collectors.toUnmodifiableSet());
        }

        private static boolean awaitsRelease(List<Offer> offers) {
            return offers.stream().anyMatch(offer -> offer.standing() == Offer.Standing.LATE);
        }
    }
}
