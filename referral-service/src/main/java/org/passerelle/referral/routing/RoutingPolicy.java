package org.passerelle.referral.routing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.ServiceStatus;
import org.passerelle.referral.codes.Sex;

/**
 * The rules of routing. Hard rules, in this order: suspension, status, reach, sex, age, urgency, circumstances, other needs,
 * danger, conflict, capacity, consent, authorities, earlier answers; a service that breaks several is told all of them. Soft rules give each of those that are left points
 * ({@link SoftRule}, {@link Weights}): the most points first, then organisation id, service id. All in whole numbers.
 */
public final class RoutingPolicy {

    /**
     * So many services that do not reach the need's place are told so one by one, with those that are asked about by name;
     * of the others it is said how many they are. A decision about one town is not to grow with the directory of the world.
     */
    public static final int LISTED_ELSEWHERE = 100;

    private final Places places;
    private final Weights.Table weights;

    public RoutingPolicy(Places places, Weights.Table weights) {
        this.places = places;
        this.weights = weights;
    }

    private record Kept(Candidate candidate, int points, List<Integer> got, List<Reason> reasons) {}

    private static final Comparator<Verdict> BY_ID =
            Comparator.comparing(Verdict::organisation).thenComparing(Verdict::service);

    /** Written out: boxes nothing for the thousands of comparisons of a ranking. */
    private static int bestFirst(Kept one, Kept other) {
        int order = Integer.compare(other.points(), one.points());
        order = order != 0
                ? order
                : one.candidate().organisation().compareTo(other.candidate().organisation());
        return order != 0
                ? order
                : one.candidate().service().compareTo(other.candidate().service());
    }

    /** A need that stands alone. */
    public Ranking rank(
            Need need, Shortlist among, ConsentTerms consent, PriorAnswers priorAnswers, Circumstances circumstances) {
        return rank(need, among, consent, priorAnswers, circumstances, Together.NONE);
    }

    /**
     * @param among services of the wanted type, in any order; others are only counted. Of those that do not reach the
     *     place, {@code elsewhere} come, by id, after {@value #LISTED_ELSEWHERE} such ones that were fetched
     * @param priorAnswers of those who declined this need or let an offer of it expire
     * @param together what the needs demand that must go to the same place
     */
    public Ranking rank(
            Need need,
            Shortlist among,
            ConsentTerms consent,
            PriorAnswers priorAnswers,
            Circumstances circumstances,
            Together together) {
        Weights weighing = weights.of(need.urgency());
        List<Kept> kept = new ArrayList<>();
        List<Verdict> leftOut = new ArrayList<>();
        List<Verdict> outOfReach = new ArrayList<>();
        Reach reach = places.reach(need.place(), among.day());
        SoftRules soft = new SoftRules(places, reach, among.candidates());
        Reason outOfPlace = Reason.of("out.place", places.name(need.place()));
        int others = among.otherTypes();
        boolean consentStands = false;
        boolean apartOnly = false;
        for (Candidate candidate : among.candidates()) {
            if (!candidate.types().contains(need.service())) {
                others++;
                continue;
            }
            boolean reaches = reach.reaches(candidate);
            List<Reason> against = new ArrayList<>(4);
            whyUnable(need, candidate, circumstances, reaches ? null : outOfPlace, against);
            boolean able = against.isEmpty();
            int unable = against.size();
            whyNotConsented(candidate, consent, against);
            boolean consented = against.size() == unable;
            Reason apart = together.whyNot(candidate);
            if (apart != null) {
                against.add(apart);
            }
            PriorAnswer prior = priorAnswers.of(candidate);
            if (prior != null) {
                against.add(whyAnswered(prior));
            }
            if (against.isEmpty()) {
                kept.add(weigh(soft, need, candidate, circumstances, weighing));
            } else {
                consentStands |= able && prior == null && !consented;
                apartOnly |= able && prior == null && consented;
                (reaches ? leftOut : outOfReach)
                        .add(new Verdict(candidate.service(), candidate.organisation(), against));
            }
        }
        kept.sort(RoutingPolicy::bestFirst);
        outOfReach.sort(BY_ID);
        int listed = Math.min(outOfReach.size(), LISTED_ELSEWHERE);
        leftOut.addAll(outOfReach.subList(0, listed));
        int untold = 0;
        for (Verdict verdict : outOfReach.subList(listed, outOfReach.size())) {
            if (among.asked().contains(verdict.service())) {
                leftOut.add(verdict);
            } else {
                untold++;
            }
        }
        leftOut.sort(BY_ID);
        List<Verdict> ranked = kept.stream()
                .map(one -> new Verdict(
                        one.candidate().service(), one.candidate().organisation(), one.reasons(), one.got()))
                .toList();
        return new Ranking(ranked, leftOut, among.elsewhere() + untold, others, consentStands, weighing, apartOnly);
    }

    /** @param outOfPlace null where the service reaches the place */
    private static void whyUnable(
            Need need,
            Candidate candidate,
            Circumstances circumstances,
            @Nullable Reason outOfPlace,
            List<Reason> reasons) {
        if (candidate.suspended()) {
            reasons.add(Reason.of("out.suspended"));
        }
        if (candidate.status() != ServiceStatus.ACTIVE) {
            reasons.add(Reason.of("out.status." + candidate.status().name().toLowerCase(Locale.ROOT)));
        }
        if (outOfPlace != null) {
            reasons.add(outOfPlace);
        }
        if (!candidate.eligibleSexes().isEmpty()
                && !candidate.eligibleSexes().contains(need.sex())
                && !sexNeedsAsking(need.sex())) {
            reasons.add(Reason.of("out.sex"));
        }
        if (need.oldest() < minimum(candidate)) {
            reasons.add(Reason.of("out.too-young", Integer.toString(minimum(candidate))));
        }
        if (need.youngest() > maximum(candidate)) {
            reasons.add(Reason.of("out.too-old", Integer.toString(maximum(candidate))));
        }
        whyOnNoCondition(need, candidate.conditions(), circumstances, reasons);
        circumstances.avoidance().addWhyNot(candidate, reasons);
        Integer free = candidate.free();
        // a figure that is not trusted any more bars nobody: the service is asked, late
        if (free != null && free <= 0 && candidate.staleSince() == null) {
            reasons.add(Reason.of(Ranking.FULL));
        }
    }

    /** Without saying which circumstance or need it is: whoever reads it need not know. */
    private static void whyOnNoCondition(
            Need need, Conditions conditions, Circumstances circumstances, List<Reason> reasons) {
        if (!conditions.takes(need.urgency())) {
            reasons.add(Reason.of("out.urgency"));
        }
        if (conditions.excludesAny(need.circumstances())) {
            reasons.add(Reason.of("out.circumstances"));
        }
        if (conditions.mustNotMeetAny(circumstances.otherNeeds())) {
            reasons.add(Reason.of(Ranking.NOT_WITH));
        }
    }

    /** A list of two sexes says nothing of whom it did not think of: the provider is asked rather than the person barred. */
    private static boolean sexNeedsAsking(Sex sex) {
        return switch (sex) {
            case FEMININE, MASCULINE -> false;
            case TRANSGENDER_FEMININE, TRANSGENDER_MASCULINE, NON_CONFORMING, NON_SPECIFIED_UNKNOWN -> true;
        };
    }

    static int minimum(Candidate candidate) {
        Integer minimum = candidate.minimumAge();
        return minimum == null ? 0 : minimum;
    }

    static int maximum(Candidate candidate) {
        Integer maximum = candidate.maximumAge();
        return maximum == null ? Integer.MAX_VALUE : maximum;
    }

    /** Whether the person agreed that this service hears of the need. */
    public static List<Reason> whyNotConsented(Candidate candidate, ConsentTerms consent) {
        List<Reason> reasons = new ArrayList<>();
        whyNotConsented(candidate, consent, reasons);
        return reasons;
    }

    private static void whyNotConsented(Candidate candidate, ConsentTerms consent, List<Reason> reasons) {
        if (!consent.services()) {
            reasons.add(Reason.of("out.no-consent"));
        } else if (!consent.any() && !consent.recipients().contains(candidate.organisation())) {
            reasons.add(Reason.of("out.not-a-recipient"));
        }
        if (consent.withheldFrom().contains(candidate.organisation())) {
            reasons.add(Reason.of("out.withheld"));
        }
        if (isAuthority(candidate)) {
            if (consent.withheldFromAuthorities()) {
                reasons.add(Reason.of("out.withheld-from-authorities"));
            } else if (consent.services() && !consent.authorities()) {
                reasons.add(Reason.of("out.authorities-not-agreed"));
            }
        } else if (mayBeAnAuthority(candidate) && consent.withheldFromAuthorities()) {
            // it may be one: when the person said "no authorities", a blank in a form must not betray them
            reasons.add(Reason.of("out.perhaps-an-authority"));
        }
    }

    /**
     * Whether an organisation may be an authority: a blank in a form, or a service that left the directory, must not betray
     * the person.
     *
     * @param listed services of the organisation, all or some: each says the same of it
     */
    public static boolean mayBeAnAuthority(Collection<Candidate> listed) {
        return listed.isEmpty() || listed.stream().anyMatch(RoutingPolicy::mayBeAnAuthority);
    }

    private static boolean mayBeAnAuthority(Candidate candidate) {
        return isAuthority(candidate) || candidate.organisationType() == null;
    }

    private static boolean isAuthority(Candidate candidate) {
        OrganisationType type = candidate.organisationType();
        return candidate.policing() || (type != null && type.isAuthority());
    }

    private static Reason whyAnswered(PriorAnswer prior) {
        return switch (prior) {
            case DECLINED -> Reason.of("out.declined");
            case DECLINED_HERE -> Reason.of("out.declined-here");
            case SAID_FULL -> Reason.of(Ranking.SAID_FULL);
            case EXPIRED -> Reason.of(Ranking.EXPIRED);
            case TRANSFERRED -> Reason.of("out.transferred");
        };
    }

    private static Kept weigh(
            SoftRules soft, Need need, Candidate candidate, Circumstances circumstances, Weights weighing) {
        List<Reason> reasons = new ArrayList<>();
        List<Integer> got = new ArrayList<>(weighing.rules().size());
        for (Weights.Rule one : weighing.rules()) {
            got.add(soft.weigh(one.rule(), need, candidate, circumstances, reasons));
        }
        return new Kept(candidate, weighing.points(got), got, reasons);
    }
}
