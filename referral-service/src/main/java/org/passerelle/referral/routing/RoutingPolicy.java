package org.passerelle.referral.routing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceStatus;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;

/**
 * The rules of routing. Hard rules, in this order: suspension, status, reach, sex, age, capacity, consent, authorities, earlier
 * answers; a service that breaks several is told all of them. Soft rules, first difference decides: surely eligible
 * before perhaps eligible, same place, distance, free capacity (undeclared, or declared too long ago, counts as one),
 * organisation id, service id.
 */
public final class RoutingPolicy {

    /**
     * So many services that do not reach the need's place are told so one by one; of the others it is said how many they
     * are. A decision about one town is not to grow with the directory of the world.
     */
    public static final int LISTED_ELSEWHERE = 100;

    private final Places places;

    public RoutingPolicy(Places places) {
        this.places = places;
    }

    private record Kept(
            Candidate candidate, boolean sure, boolean samePlace, double kilometres, int free, List<Reason> reasons) {}

    private static final Comparator<Verdict> BY_ID =
            Comparator.comparing(Verdict::organisation).thenComparing(Verdict::service);

    /** Written out: boxes nothing for the thousands of comparisons of a ranking. */
    private static int bestFirst(Kept one, Kept other) {
        int order = Boolean.compare(other.sure(), one.sure());
        order = order != 0 ? order : Boolean.compare(other.samePlace(), one.samePlace());
        order = order != 0 ? order : Double.compare(one.kilometres(), other.kilometres());
        order = order != 0 ? order : Integer.compare(other.free(), one.free());
        order = order != 0
                ? order
                : one.candidate().organisation().compareTo(other.candidate().organisation());
        return order != 0
                ? order
                : one.candidate().service().compareTo(other.candidate().service());
    }

    /** Among all that there are. */
    public Ranking rank(
            Need need,
            Collection<Candidate> candidates,
            int otherTypes,
            ConsentTerms consent,
            Map<OrganisationId, PriorAnswer> priorAnswers) {
        return rank(need, candidates, 0, otherTypes, consent, priorAnswers);
    }

    /**
     * @param candidates services of the wanted type, in any order; others are only counted
     * @param elsewhere services of the type that do not reach the place and come, by id, after {@value #LISTED_ELSEWHERE}
     *     such ones that were fetched
     * @param otherTypes services of other types that were not even fetched
     * @param priorAnswers organisations that declined this need or let an offer of it expire
     */
    public Ranking rank(
            Need need,
            Collection<Candidate> candidates,
            int elsewhere,
            int otherTypes,
            ConsentTerms consent,
            Map<OrganisationId, PriorAnswer> priorAnswers) {
        List<Kept> kept = new ArrayList<>();
        List<Verdict> leftOut = new ArrayList<>();
        List<Verdict> outOfReach = new ArrayList<>();
        Reason outOfPlace = Reason.of("out.place", places.name(need.place()));
        int others = otherTypes;
        boolean consentStands = false;
        for (Candidate candidate : candidates) {
            if (!candidate.types().contains(need.service())) {
                others++;
                continue;
            }
            boolean reaches = reaches(candidate, need.place());
            List<Reason> against = new ArrayList<>(4);
            whyUnable(need, candidate, reaches ? null : outOfPlace, against);
            boolean able = against.isEmpty();
            whyNotConsented(candidate, consent, against);
            PriorAnswer prior = priorAnswers.get(candidate.organisation());
            if (prior != null) {
                against.add(whyAnswered(prior));
            }
            if (against.isEmpty()) {
                kept.add(weigh(need, candidate));
            } else {
                consentStands |= able && prior == null;
                (reaches ? leftOut : outOfReach)
                        .add(new Verdict(candidate.service(), candidate.organisation(), against));
            }
        }
        kept.sort(RoutingPolicy::bestFirst);
        outOfReach.sort(BY_ID);
        int listed = Math.min(outOfReach.size(), LISTED_ELSEWHERE);
        leftOut.addAll(outOfReach.subList(0, listed));
        leftOut.sort(BY_ID);
        List<Verdict> ranked = kept.stream()
                .map(one ->
                        new Verdict(one.candidate().service(), one.candidate().organisation(), one.reasons()))
                .toList();
        return new Ranking(ranked, leftOut, elsewhere + outOfReach.size() - listed, others, consentStands);
    }

    /** @param outOfPlace null where the service reaches the place */
    private static void whyUnable(Need need, Candidate candidate, @Nullable Reason outOfPlace, List<Reason> reasons) {
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
        Integer free = candidate.free();
        if (free != null && free <= 0) {
            reasons.add(
                    candidate.staleSince() == null
                            ? Reason.of(Ranking.FULL)
                            : Reason.of(
                                    Ranking.FULL_LONG_AGO,
                                    candidate.staleSince().toString()));
        }
    }

    /**
     * Without declared areas a service is taken to serve its country: nobody is left without help for a blank in a form.
     */
    public static boolean reaches(Candidate candidate, PlaceCode place) {
        for (PlaceCode area : candidate.areas()) {
            if (area.covers(place)) {
                return true;
            }
        }
        for (Site site : candidate.sites()) {
            PlaceCode at = site.place();
            if (at != null
                    && (at.covers(place)
                            || place.covers(at)
                            || (!candidate.limitedToAreas() && at.sameCountryAs(place)))) {
                return true;
            }
        }
        return false;
    }

    /** A list of two sexes says nothing of whom it did not think of: the provider is asked rather than the person barred. */
    private static boolean sexNeedsAsking(Sex sex) {
        return switch (sex) {
            case FEMININE, MASCULINE -> false;
            case TRANSGENDER_FEMININE, TRANSGENDER_MASCULINE, NON_CONFORMING, NON_SPECIFIED_UNKNOWN -> true;
        };
    }

    private static int minimum(Candidate candidate) {
        Integer minimum = candidate.minimumAge();
        return minimum == null ? 0 : minimum;
    }

    private static int maximum(Candidate candidate) {
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
        } else if (candidate.organisationType() == null && consent.withheldFromAuthorities()) {
            // it may be one: when the person said "no authorities", a blank in a form must not betray them
            reasons.add(Reason.of("out.perhaps-an-authority"));
        }
    }

    private static boolean isAuthority(Candidate candidate) {
        OrganisationType type = candidate.organisationType();
        return (type != null && type.isAuthority())
                || candidate.types().contains(ServiceType.POLICE)
                || candidate.types().contains(ServiceType.WITNESS_PROTECTION);
    }

    private static Reason whyAnswered(PriorAnswer prior) {
        return switch (prior) {
            case DECLINED -> Reason.of("out.declined");
            case EXPIRED -> Reason.of("out.expired");
        };
    }

    private Kept weigh(Need need, Candidate candidate) {
        List<Reason> reasons = new ArrayList<>();
        boolean samePlace = isAt(need.place(), candidate);
        double kilometres = kilometres(need.place(), candidate);
        reasons.add(placeReason(need.place(), candidate, samePlace, kilometres));
        boolean sexSure =
                candidate.eligibleSexes().isEmpty() || candidate.eligibleSexes().contains(need.sex());
        boolean ageSure = need.youngest() >= minimum(candidate) && need.oldest() <= maximum(candidate);
        if (!sexSure) {
            reasons.add(Reason.of("kept.ask-sex"));
        }
        if (!ageSure) {
            reasons.add(Reason.of("kept.ask-age"));
        }
        Integer free = candidate.free();
        reasons.add(capacityReason(candidate));
        int trusted = free == null ? 1 : candidate.staleSince() == null ? free : Math.min(free, 1);
        return new Kept(candidate, sexSure && ageSure, samePlace, kilometres, trusted, reasons);
    }

    private static Reason capacityReason(Candidate candidate) {
        Integer free = candidate.free();
        if (free == null) {
            return Reason.of("kept.capacity-unknown");
        }
        return candidate.staleSince() == null
                ? Reason.of("kept.free", free.toString())
                : Reason.of(
                        "kept.free-long-ago",
                        free.toString(),
                        candidate.staleSince().toString());
    }

    private Reason placeReason(PlaceCode place, Candidate candidate, boolean samePlace, double kilometres) {
        boolean measured = kilometres != Double.POSITIVE_INFINITY;
        String distance = Long.toString(Math.round(kilometres));
        if (samePlace) {
            return measured
                    ? Reason.of("kept.same-place", places.name(place), distance)
                    : Reason.of("kept.same-place-unmeasured", places.name(place));
        }
        if (measured) {
            return Reason.of("kept.other-place", siteName(candidate), places.name(place), distance);
        }
        return Reason.of("kept.reaches", places.name(place));
    }

    private static boolean isAt(PlaceCode place, Candidate candidate) {
        for (Site site : candidate.sites()) {
            if (!site.virtual() && place.equals(site.place())) {
                return true;
            }
        }
        return false;
    }

    private String siteName(Candidate candidate) {
        @Nullable PlaceCode named = null;
        for (Site site : candidate.sites()) {
            PlaceCode place = site.place();
            if (place != null && (named == null || place.compareTo(named) < 0)) {
                named = place;
            }
        }
        return named == null ? "-" : places.name(named);
    }

    /** From the place's centroid to the nearest site; infinite when either is unknown. */
    private double kilometres(PlaceCode place, Candidate candidate) {
        Coordinates centre = places.centroid(place).orElse(null);
        double nearest = Double.POSITIVE_INFINITY;
        if (centre != null) {
            for (Site site : candidate.sites()) {
                if (!site.virtual()) {
                    nearest = Math.min(nearest, kilometres(centre, site));
                }
            }
        }
        return nearest;
    }

    private double kilometres(Coordinates from, Site site) {
        Coordinates position = site.position();
        if (position != null) {
            return from.kilometresTo(position);
        }
        PlaceCode place = site.place();
        return place == null
                ? Double.POSITIVE_INFINITY
                : places.centroid(place).map(from::kilometresTo).orElse(Double.POSITIVE_INFINITY);
    }
}
