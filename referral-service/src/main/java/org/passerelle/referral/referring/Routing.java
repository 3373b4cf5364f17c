package org.passerelle.referral.referring;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.referring.Referral.Accepted;
import org.passerelle.referral.referring.Referral.Course;
import org.passerelle.referral.referring.Referral.Ended;
import org.passerelle.referral.referring.Referral.Offered;
import org.passerelle.referral.referring.Referral.Unrequested;
import org.passerelle.referral.referring.Referral.Waiting;
import org.passerelle.referral.referring.ReferralCommand.ChooseService;
import org.passerelle.referral.referring.ReferralCommand.RouteAgain;
import org.passerelle.referral.referring.ReferralEvent.CaseWorkerTaskRaised;
import org.passerelle.referral.referring.ReferralEvent.NeedHeldBack;
import org.passerelle.referral.referring.ReferralEvent.NeedRouted;
import org.passerelle.referral.referring.ReferralEvent.OfferWithdrawn;
import org.passerelle.referral.referring.ReferralEvent.ServiceChosen;
import org.passerelle.referral.referring.ReferralEvent.ServiceGapFound;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.PriorAnswer;
import org.passerelle.referral.routing.PriorAnswers;
import org.passerelle.referral.routing.Ranking;
import org.passerelle.referral.routing.Reason;
import org.passerelle.referral.routing.RoutingPolicy;
import org.passerelle.referral.routing.Together;
import org.passerelle.referral.routing.Verdict;

/** Where a need goes: to the next best, to whom a person chose, or to nobody until other needs of its package are further. */
final class Routing {

    /**
     * What somebody who knows more may set aside. Consent, suspension, status and free units are not among it, nor danger
     * and conflict: whoever answers for the case lifts those first.
     */
    private static final Set<String> A_PERSON_MAY_OVERRIDE = Set.of(
            "out.place",
            "out.sex",
            "out.too-young",
            "out.too-old",
            "out.urgency",
            "out.circumstances",
            "out.declined",
            "out.declined-here",
            "out.said-full",
            "out.expired",
            "out.transferred",
            Together.REFUSED,
            Together.APART);

    private final RoutingPolicy policy;
    private final Following following;

    Routing(RoutingPolicy policy, Following following) {
        this.policy = policy;
        this.following = following;
    }

    List<ReferralEvent> again(RouteAgain command, Referral state) {
        return switch (state) {
            case Unrequested none -> throw Refusal.of("referral-unknown").unknown();
            case Waiting waiting -> route(waiting.course(), command.trigger(), command.around(), command.at());
            case Offered offered ->
                reasonToTakeBack(command, offered)
                        .map(reason -> elsewhere(command, offered, reason))
                        .orElse(List.of());
            case Accepted settled ->
                switch (command.trigger()) {
                    case PACKAGE_CHANGED -> apart(command, settled);
                    case CIRCUMSTANCES_CHANGED, CONSENT_CHANGED, CONSENT_EXPIRED, STANDING_CHANGED ->
                        Stream.concat(
                                        Reviewing.looked(command, settled).stream(),
                                        Stopping.looked(command, settled).stream())
                                .toList();
                    case NEED_STATED, DECLINED, EXPIRED, TRANSFERRED, ASKED, DIRECTORY_CHANGED, UNIT_RETURNED, CHOSEN ->
                        Stopping.looked(command, settled);
                };
            case Ended over -> List.of();
        };
    }

    /** Two that belong together were accepted at two places, by a late yes: nobody is moved, a person decides. */
    private static List<ReferralEvent> apart(RouteAgain command, Accepted settled) {
        Course course = settled.course();
        return !course.tasks().contains(TaskReason.NO_PLACE_TOGETHER)
                        && isElsewhereForGood(
                                course, command.around(), settled.accepted().organisation())
                ? List.of(new CaseWorkerTaskRaised(course.about(), TaskReason.NO_PLACE_TOGETHER, command.at()))
                : List.of();
    }

    private Optional<WithdrawalReason> reasonToTakeBack(RouteAgain command, Offered offered) {
        Surroundings around = command.around().of(offered.course().request());
        if (around.isAvoided(offered.open())) {
            // like any choice against it: whoever was asked must not learn that they are feared
            return Optional.of(WithdrawalReason.CHOSEN_ELSEWHERE);
        }
        if (!around.stillConsented(offered.open())) {
            return Optional.of(
                    command.trigger() == RoutingTrigger.CONSENT_EXPIRED
                            ? WithdrawalReason.CONSENT_EXPIRED
                            : WithdrawalReason.CONSENT_WITHDRAWN);
        }
        if (around.suspended(offered.open().organisation())) {
            return Optional.of(WithdrawalReason.ORGANISATION_SUSPENDED);
        }
        return command.trigger() == RoutingTrigger.PACKAGE_CHANGED && mustMove(offered, around)
                ? Optional.of(WithdrawalReason.MOVED_TOGETHER)
                : Optional.empty();
    }

    /** How an offer stands that was taken back. */
    static Offer.Standing standing(WithdrawalReason reason) {
        return switch (reason) {
            case MOVED_TOGETHER -> Offer.Standing.MOVED;
            case CONSENT_WITHDRAWN,
                    CONSENT_EXPIRED,
                    CANCELLED,
                    CASE_CLOSED,
                    ACCEPTED_ELSEWHERE,
                    CHOSEN_ELSEWHERE,
                    ORGANISATION_SUSPENDED -> Offer.Standing.WITHDRAWN;
        };
    }

    private List<ReferralEvent> elsewhere(RouteAgain command, Offered offered, WithdrawalReason reason) {
        Offer open = offered.open();
        List<ReferralEvent> events = new ArrayList<>();
        events.add(new OfferWithdrawn(offered.course().about(), open.id(), open.organisation(), reason, command.at()));
        Course course = offered.course().answered(open.id(), standing(reason));
        events.addAll(route(course, command.trigger(), command.around(), command.at()));
        return events;
    }

    /**
     * The offer is not where those are that it must be together with, or they cannot come there. It stays where nothing
     * is better, unless the others cannot be there at all. Where one of them only got no answer in time, they can: the
     * organisation may still say yes to all.
     */
    private boolean mustMove(Offered offered, Surroundings around) {
        Course course = offered.course();
        Together together = together(course, around);
        Offer open = offered.open();
        Candidate here = around.among().candidates().stream()
                .filter(candidate -> candidate.service().equals(open.service())
                        && candidate.organisation().equals(open.organisation()))
                .findFirst()
                .orElse(null);
        if (here == null || together.suits(here)) {
            return false;
        }
        boolean silent = together.refused().contains(open.organisation());
        if (saidNo(course, around, open.organisation())
                || silent && !together.held().isEmpty()
                || isElsewhereForGood(course, around, open.organisation())) {
            return true;
        }
        return rank(course, around, together).kept().stream()
                .anyMatch(kept -> !kept.service().equals(open.service())
                        || !kept.organisation().equals(open.organisation()));
    }

    /** The organisation told one of the others no, or passed it on; who did not answer said neither. */
    private static boolean saidNo(Course course, Surroundings around, OrganisationId organisation) {
        return companions(course, around)
                .filter(other -> !(other instanceof Ended))
                .map(other -> Legs.said(Referral.course(other), around.news()).get(organisation))
                .anyMatch(answer -> answer != null && answer != PriorAnswer.EXPIRED);
    }

    /** Somebody said yes to one of the others, at another organisation. */
    private static boolean isElsewhereForGood(Course course, Surroundings around, OrganisationId here) {
        return companions(course, around)
                .anyMatch(other -> other instanceof Accepted accepted
                        && !accepted.accepted().organisation().equals(here));
    }

    /** The others that it must be together with, as far as they were stated; none once a person parted them. */
    private static Stream<Referral> companions(Course course, Surroundings around) {
        Leg leg = course.request().leg();
        return leg == null || course.apart()
                ? Stream.of()
                : leg.together().stream()
                        .flatMap(id -> Stream.ofNullable(around.legs().others().get(id)))
                        .filter(other -> !(other instanceof Unrequested)
                                && !Referral.course(other).apart());
    }

    List<ReferralEvent> choose(ChooseService command, Referral state) {
        return switch (state) {
            case Unrequested none -> throw Refusal.of("referral-unknown").unknown();
            case Waiting waiting -> chosen(command, waiting.course(), null);
            case Offered offered -> {
                if (offered.open().service().equals(command.service())) {
                    yield List.of();
                }
                yield chosen(command, offered.course(), offered.open());
            }
            case Accepted accepted -> throw Refusal.of("offer-already-accepted");
            case Ended ended -> throw Refusal.of("referral-ended");
        };
    }

    private List<ReferralEvent> chosen(ChooseService command, Course before, @Nullable Offer open) {
        Course course = open == null ? before : before.answered(open.id(), Offer.Standing.WITHDRAWN);
        Surroundings around = command.around().of(course.request());
        Ranking ranking = rank(course, around, together(course, around));
        Verdict wanted = Stream.concat(ranking.kept().stream(), ranking.leftOut().stream())
                .filter(verdict -> verdict.service().equals(command.service()))
                .findFirst()
                .orElseThrow(
                        () -> Refusal.of("service-not-considered").invalid().field("serviceId"));
        boolean kept = ranking.kept().contains(wanted);
        List<Reason> against = kept ? List.of() : wanted.reasons();
        List<String> standing = against.stream()
                .map(Reason::code)
                .filter(code -> !A_PERSON_MAY_OVERRIDE.contains(code))
                .toList();
        if (!standing.isEmpty()) {
            throw Refusal.of("not-to-be-overridden")
                    .invalid()
                    .field("serviceId")
                    .with(standing.toArray());
        }
        List<ReferralEvent> events = new ArrayList<>();
        if (open != null) {
            events.add(new OfferWithdrawn(
                    course.about(), open.id(), open.organisation(), WithdrawalReason.CHOSEN_ELSEWHERE, command.at()));
        }
        events.add(new NeedRouted(course.about(), RoutingTrigger.CHOSEN, ranking, command.at()));
        events.add(new ServiceChosen(
                course.about(),
                wanted.organisation(),
                wanted.service(),
                command.reason(),
                command.note(),
                against,
                against.stream().map(Reason::code).anyMatch(Together::isParting),
                command.at()));
        events.add(offer(course, around, wanted, command.at()));
        return events;
    }

    /** To the next best, else to the case worker, else to the planners. Nothing new gives no events. */
    List<ReferralEvent> route(Course course, RoutingTrigger trigger, Surroundings found, Instant at) {
        Surroundings around = found.of(course.request());
        Leg leg = course.request().leg();
        if (leg != null && !course.joining().routed()) {
            Legs.Held held = around.legs().held(leg);
            boolean goOn = held.by().isEmpty() && (!held.failed() || trigger == RoutingTrigger.ASKED);
            if (!goOn) {
                return heldBack(course, held, at);
            }
        }
        return routed(course, trigger, around, at);
    }

    private static List<ReferralEvent> heldBack(Course course, Legs.Held held, Instant at) {
        List<ReferralEvent> events = new ArrayList<>();
        if (!held.by().equals(course.joining().heldBy())) {
            events.add(new NeedHeldBack(course.about(), held.by(), at));
        }
        if (held.failed() && !course.tasks().contains(TaskReason.OTHER_NEED_FAILED)) {
            events.add(new CaseWorkerTaskRaised(course.about(), TaskReason.OTHER_NEED_FAILED, at));
        }
        return events;
    }

    private List<ReferralEvent> routed(Course course, RoutingTrigger trigger, Surroundings around, Instant at) {
        Ranking ranking = rank(course, around, together(course, around));
        NeedRouted routed = new NeedRouted(course.about(), trigger, ranking, at);
        if (!ranking.kept().isEmpty()) {
            return List.of(routed, offer(course, around, ranking.kept().getFirst(), at));
        }
        if (!around.consent().services()) {
            return unlessRaised(course, TaskReason.NO_CONSENT, routed, at);
        }
        if (ranking.consentStands()) {
            return unlessRaised(course, TaskReason.NO_CONSENTED_RECIPIENT, routed, at);
        }
        if (ranking.apart()) {
            return unlessRaised(course, TaskReason.NO_PLACE_TOGETHER, routed, at);
        }
        if (course.gap()) {
            return unlessTheSame(course, routed);
        }
        return List.of(routed, new ServiceGapFound(course.about(), at));
    }

    private ServiceOffered offer(Course course, Surroundings around, Verdict best, Instant at) {
        Request request = course.request();
        return new ServiceOffered(
                course.about(),
                around.nextOffer(),
                best.organisation(),
                best.service(),
                following.clocks(request).answerBy(request.urgency(), at, request.dueAt()),
                at);
    }

    /** Where nobody is kept of those who were not asked in vain, also of those of whom something newer is known. */
    private Ranking rank(Course course, Surroundings around, Together together) {
        Ranking ranking = rank(course, around, Answers.whileOthersAreLeft(course.offers()), together);
        return ranking.kept().isEmpty() && !course.offers().isEmpty()
                ? rank(course, around, Answers.inTheEnd(course.offers(), around.news()), together)
                : ranking;
    }

    private Ranking rank(Course course, Surroundings around, PriorAnswers answers, Together together) {
        return policy.rank(
                course.request().need(), around.among(), around.consent(), answers, around.circumstances(), together);
    }

    private Together together(Course course, Surroundings around) {
        Leg leg = course.request().leg();
        return leg == null || course.apart()
                ? Together.NONE
                : around.legs()
                        .together(
                                leg,
                                course,
                                policy,
                                around.consent(),
                                around.news(),
                                around.circumstances().avoidance());
    }

    /** The waiting lists that the need is on may have become others. */
    private static List<ReferralEvent> unlessTheSame(Course course, NeedRouted routed) {
        return routed.full().equals(course.full()) ? List.of() : List.of(routed);
    }

    private static List<ReferralEvent> unlessRaised(Course course, TaskReason reason, NeedRouted routed, Instant at) {
        return course.tasks().contains(reason)
                ? unlessTheSame(course, routed)
                : List.of(routed, new CaseWorkerTaskRaised(course.about(), reason, at));
    }
}
