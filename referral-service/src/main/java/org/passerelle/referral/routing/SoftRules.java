package org.passerelle.referral.routing;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.Urgency;

/** What a service gets of each soft rule, from 0 to {@link Weights#FULL}, and the sentence that says why. */
final class SoftRules {

    /** Within the place asked for, a service loses one of a thousand for a kilometre, and no more than this. */
    private static final int MOST_LOST_IN_PLACE = 200;

    /** At once beyond the place's border; half of it at {@link #HALF_WAY_KM}. */
    private static final int BEYOND_THE_PLACE = 700;

    private static final int HALF_WAY_KM = 100;

    /** More free units than this make no service better. */
    private static final int ENOUGH_FREE = 10;

    /** So many open referrals of an organisation halve what it gets for its load. */
    private static final int BUSY = 10;

    private static final int NOT_THE_BEST_SPOKEN = 700;
    private static final int NOT_KNOWN = 300;

    private final Places places;
    private final Reach reach;
    private final Distances distances;

    /** @param among those that the need is ranked among */
    SoftRules(Places places, Reach reach, List<Candidate> among) {
        this.places = places;
        this.reach = reach;
        this.distances = new Distances(places, reach, among);
    }

    int weigh(SoftRule rule, Need need, Candidate candidate, Circumstances circumstances, List<Reason> reasons) {
        return switch (rule) {
            case ELIGIBILITY -> eligibility(need, candidate, reasons);
            case DISTANCE -> distance(candidate, reasons);
            case CAPACITY -> capacity(candidate, reasons);
            case RESPONSE ->
                response(
                        circumstances.records().getOrDefault(RoutingIndex.Key.of(candidate), TrackRecord.NONE),
                        reasons);
            case LANGUAGE -> language(need.languages(), candidate, reasons);
            case CONTINUITY -> continuity(circumstances.helping().contains(candidate.organisation()), reasons);
            case LOAD -> load(circumstances.open().getOrDefault(candidate.organisation(), 0), reasons);
            case PROMISE -> promise(need.urgency(), candidate.conditions().respondsWithin(), reasons);
        };
    }

    private static int eligibility(Need need, Candidate candidate, List<Reason> reasons) {
        boolean sexSure =
                candidate.eligibleSexes().isEmpty() || candidate.eligibleSexes().contains(need.sex());
        boolean ageSure = need.youngest() >= RoutingPolicy.minimum(candidate)
                && need.oldest() <= RoutingPolicy.maximum(candidate);
        if (!sexSure) {
            reasons.add(Reason.of("kept.ask-sex"));
        }
        boolean preparedFor = candidate.conditions().admits().containsAll(need.circumstances());
        if (!ageSure) {
            reasons.add(Reason.of("kept.ask-age"));
        }
        if (!preparedFor) {
            // without saying for which: whoever reads it need not know
            reasons.add(Reason.of(Verdict.ASK_CIRCUMSTANCES));
        }
        return sexSure && ageSure && preparedFor ? Weights.FULL : 0;
    }

    private static int capacity(Candidate candidate, List<Reason> reasons) {
        reasons.add(capacityReason(candidate));
        Integer free = candidate.free();
        // undeclared, or declared too long ago, counts as one at most
        int trusted = free == null ? 1 : candidate.staleSince() == null ? free : Math.min(free, 1);
        int declared = Weights.FULL / ENOUGH_FREE * Math.min(trusted, ENOUGH_FREE);
        if (!candidate.conditions().assesses()) {
            return declared;
        }
        // free, but perhaps not for this person
        reasons.add(Reason.of("kept.assesses-first"));
        return declared / 2;
    }

    private static int response(TrackRecord lately, List<Reason> reasons) {
        reasons.add(
                lately.offers() == 0
                        ? Reason.of("kept.not-asked-lately")
                        : Reason.of(
                                "kept.answers",
                                Integer.toString(lately.offers()),
                                Integer.toString(lately.inTime()),
                                Integer.toString(lately.accepted())));
        return lately.rating();
    }

    /** Where nobody knows what the person speaks, all get the same. */
    private static int language(List<String> spoken, Candidate candidate, List<Reason> reasons) {
        if (spoken.isEmpty()) {
            return Weights.FULL;
        }
        if (candidate.languages().isEmpty()) {
            reasons.add(Reason.of("kept.languages-unknown"));
            return NOT_KNOWN;
        }
        if (spoken.stream().noneMatch(candidate.languages()::contains)) {
            reasons.add(Reason.of("kept.other-languages"));
            return 0;
        }
        // without saying which: whoever reads it need not know
        reasons.add(Reason.of("kept.speaks"));
        return candidate.languages().contains(spoken.getFirst()) ? Weights.FULL : NOT_THE_BEST_SPOKEN;
    }

    private static int continuity(boolean helping, List<Reason> reasons) {
        if (helping) {
            reasons.add(Reason.of("kept.helps-already"));
        }
        return helping ? Weights.FULL : 0;
    }

    private static int load(int open, List<Reason> reasons) {
        if (open > 0) {
            reasons.add(Reason.of("kept.open-referrals", Integer.toString(open)));
        }
        return Weights.FULL * BUSY / (BUSY + open);
    }

    /** Half of it where the service promises to act within so many hours as a need of this urgency bears. */
    private static int promise(Urgency urgency, @Nullable Integer hours, List<Reason> reasons) {
        if (hours == null) {
            return NOT_KNOWN;
        }
        reasons.add(Reason.of("kept.promises", hours.toString()));
        int borne = switch (urgency) {
            case EMERGENCY -> 2;
            case URGENT -> 24;
            case NORMAL -> 72;
        };
        return Weights.FULL * borne / (borne + hours);
    }

    private int distance(Candidate candidate, List<Reason> reasons) {
        boolean samePlace = isAt(candidate);
        double kilometres = distances.kilometres(candidate);
        reasons.add(placeReason(reach.place(), candidate, samePlace, kilometres));
        if (reach.isUnplaced()) {
            reasons.add(Reason.of("kept.place-unknown", reach.place().value()));
        } else if (!reach.servesAll(candidate)) {
            reasons.add(Reason.of("kept.serves-a-part", places.name(reach.place())));
        }
        if (samePlace) {
            return Weights.FULL - (int) Math.min(MOST_LOST_IN_PLACE, Math.round(kilometres));
        }
        return kilometres == Double.POSITIVE_INFINITY
                ? 0
                : (int) Math.round(BEYOND_THE_PLACE * HALF_WAY_KM / (HALF_WAY_KM + kilometres));
    }

    private static Reason capacityReason(Candidate candidate) {
        Integer free = candidate.free();
        if (free == null) {
            return Reason.of("kept.capacity-unknown");
        }
        LocalDate since = candidate.staleSince();
        if (since == null) {
            return Reason.of("kept.free", free.toString());
        }
        if (since.equals(Candidate.UNDATED)) {
            return free > 0 ? Reason.of("kept.free-undated", free.toString()) : Reason.of("kept.full-undated");
        }
        return free > 0
                ? Reason.of("kept.free-long-ago", free.toString(), since.toString())
                : Reason.of("kept.full-long-ago", since.toString());
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

    private boolean isAt(Candidate candidate) {
        for (Site site : candidate.sites()) {
            PlaceCode at = site.place();
            if (!site.virtual() && at != null && reach.contains(at)) {
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
}
