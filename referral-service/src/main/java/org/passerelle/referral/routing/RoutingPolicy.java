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

    private final Places places;

    public RoutingPolicy(Places places) {
        this.places = places;
    }

    private record Kept(
            Candidate candidate, boolean sure, boolean samePlace, double kilometres, int free, List<Reason> reasons) {}

    private static final Comparator<Kept> BEST_FIRST = Comparator.comparing((Kept kept) -> !kept.sure())
            .thenComparing(kept -> !kept.samePlace())
            .thenComparingDouble(Kept::kilometres)
            .thenComparing(Comparator.comparingInt(Kept::free).reversed())
            .thenComparing(kept -> kept.candidate().organisation())
            .thenComparing(kept -> kept.candidate().service());

    /**
     * @param candidates services of the wanted type, in any order; others are only counted
     * @param otherTypes services of other types that were not even fetched
     * @param priorAnswers organisations that declined this need or let an offer of it expire
     */
    public Ranking rank(
            Need need,
            Collection<Candidate> candidates,
            int otherTypes,
            ConsentTerms consent,
            Map<OrganisationId, PriorAnswer> priorAnswers) {
        List<Kept> kept = new ArrayList<>();
        List<Verdict> leftOut = new ArrayList<>();
        int others = otherTypes;
        boolean consentStands = false;
        for (Candidate candidate : candidates) {
            if (!candidate.types().contains(need.service())) {
                others++;
                continue;
            }
            List<Reason> ability = whyUnable(need, candidate);
            List<Reason> refused = whyNotConsented(candidate, consent);
            List<Reason> answered = whyAnswered(candidate, priorAnswers);
            List<Reason> against = new ArrayList<>(ability);
            against.addAll(refused);
            against.addAll(answered);
            if (against.isEmpty()) {
                kept.add(weigh(need, candidate));
            } else {
                consentStands |= ability.isEmpty() && answered.isEmpty();
                leftOut.add(new Verdict(candidate.service(), candidate.organisation(), against));
            }
        }
        kept.sort(BEST_FIRST);
        leftOut.sort(Comparator.comparing(Verdict::organisation).thenComparing(Verdict::service));
        List<Verdict> ranked = kept.stream()
                .map(one ->
                        new Verdict(one.candidate().service(), one.candidate().organisation(), one.reasons()))
                .toList();
        return new Ranking(ranked, leftOut, others, consentStands);
    }

    private List<Reason> whyUnable(Need need, Candidate candidate) {
        List<Reason> reasons = new ArrayList<>();
        if (candidate.suspended()) {
            reasons.add(Reason.of("out.suspended"));
        }
        if (candidate.status() != ServiceStatus.ACTIVE) {
            reasons.add(Reason.of("out.status." + candidate.status().name().toLowerCase(Locale.ROOT)));
        }
        if (!reaches(candidate, need.place())) {
            reasons.add(Reason.of("out.place", places.name(need.place())));
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
        return reasons;
    }

    /**
     * Without declared areas a service is taken to serve its country: nobody is left without help for a blank in a form.
     */
    private static boolean reaches(Candidate candidate, PlaceCode place) {
        boolean declared = candidate.areas().stream().anyMatch(area -> area.covers(place));
        boolean atHome = candidate.sites().stream()
                .map(Site::place)
                .anyMatch(site -> site != null && (site.covers(place) || place.covers(site)));
        boolean sameCountry = candidate.sites().stream()
                .map(Site::place)
                .anyMatch(site -> site != null && site.country().equals(place.country()));
        return declared || atHome || (!candidate.limitedToAreas() && sameCountry);
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
        return reasons;
    }

    private static boolean isAuthority(Candidate candidate) {
        OrganisationType type = candidate.organisationType();
        return (type != null && type.isAuthority())
                || candidate.types().contains(ServiceType.POLICE)
                || candidate.types().contains(ServiceType.WITNESS_PROTECTION);
    }

    private static List<Reason> whyAnswered(Candidate candidate, Map<OrganisationId, PriorAnswer> priorAnswers) {
        PriorAnswer prior = priorAnswers.get(candidate.organisation());
        if (prior == null) {
            return List.of();
        }
        return switch (prior) {
            case DECLINED -> List.of(Reason.of("out.declined"));
            case EXPIRED -> List.of(Reason.of("out.expired"));
        };
    }

    private Kept weigh(Need need, Candidate candidate) {
        List<Reason> reasons = new ArrayList<>();
        boolean samePlace =
                candidate.sites().stream().anyMatch(site -> need.place().equals(site.place()) && !site.virtual());
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

    private String siteName(Candidate candidate) {
        @Nullable
        PlaceCode named = candidate.sites().stream()
                .map(Site::place)
                .filter(site -> site != null)
                .sorted()
                .findFirst()
                .orElse(null);
        return named == null ? "-" : places.name(named);
    }

    /** From the place's centroid to the nearest site; infinite when either is unknown. */
    private double kilometres(PlaceCode place, Candidate candidate) {
        return places.centroid(place)
                .map(centre -> candidate.sites().stream()
                        .filter(site -> !site.virtual())
                        .mapToDouble(site -> kilometres(centre, site))
                        .min()
                        .orElse(Double.POSITIVE_INFINITY))
                .orElse(Double.POSITIVE_INFINITY);
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
