package org.passerelle.referral.routing;

import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import org.passerelle.referral.codes.Area;
import org.passerelle.referral.codes.PlaceCode;

/**
 * What reaches one place on one day. A place reaches another when one of them lies in the other: who needs something in a
 * canton may go where the province is served, and of whom only the province is known, is shown what serves a part of it.
 * A place of which the register does not know where in its country it is, is looked at as the whole country: better to
 * ask somebody far away than to find a gap where there is none.
 */
public final class Reach {

    private final Places places;
    private final Map<PlaceCode, Set<PlaceCode>> today;
    private final PlaceCode place;
    private final PlaceCode wanted;
    private final LocalDate day;
    private final Set<PlaceCode> above;
    private final boolean unplaced;
    private final boolean everywhere;

    Reach(Places places, Map<PlaceCode, Set<PlaceCode>> today, PlaceCode place, LocalDate day) {
        this.places = places;
        this.today = today;
        this.place = place;
        this.wanted = places.canonical(place);
        this.day = day;
        this.above = places.above(place, today);
        this.unplaced = places.isMissing(place);
        this.everywhere = place.isCountry() || unplaced;
    }

    /** Another place on the same day. */
    Reach to(PlaceCode other) {
        return new Reach(places, today, other, day);
    }

    PlaceCode place() {
        return place;
    }

    /** In canonical codes: what the place lies in, itself and its country among it. */
    Set<PlaceCode> above() {
        return above;
    }

    /** Nobody knows where in its country the place is. */
    boolean isUnplaced() {
        return unplaced;
    }

    /** The place is its whole country, or looked at as that. */
    boolean isEverywhere() {
        return everywhere;
    }

    /** One lies in the other. */
    public boolean meets(PlaceCode other) {
        return other.sameCountryAs(place) && (everywhere || isWithin(other) || contains(other));
    }

    /** For dangers: what nobody can place may be there. */
    boolean mayMeet(PlaceCode other) {
        return meets(other)
                || other.sameCountryAs(place)
                        && places.isUnplaced(other)
                        && (places.isMissing(other) || other.isPCode() != place.isPCode());
    }

    /** The place lies in the other one, or is it. */
    boolean isWithin(PlaceCode other) {
        return above.contains(places.canonical(other));
    }

    /** The other one lies in the place, or is it. */
    boolean contains(PlaceCode other) {
        if (!other.sameCountryAs(place)) {
            return false;
        }
        PlaceCode canonical = places.canonical(other);
        if (place.isCountry() || canonical.equals(wanted)) {
            return true;
        }
        Set<PlaceCode> over = today.get(canonical);
        if (over == null && other.isPCode()) {
            over = places.above(other, today);
        }
        return over != null && over.contains(wanted);
    }

    /** Without declared areas a service is taken to serve its country: nobody is left without help for a blank in a form. */
    public boolean reaches(Candidate candidate) {
        for (Area area : candidate.areas()) {
            if (area.isServedOn(day) && meets(area.place())) {
                return true;
            }
        }
        for (Site site : candidate.sites()) {
            PlaceCode at = site.place();
            if (at != null && (meets(at) || (!candidate.limitedToAreas() && at.sameCountryAs(place)))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a service that reaches the place serves all of it. */
    boolean servesAll(Candidate candidate) {
        for (Area area : candidate.areas()) {
            if (area.isServedOn(day) && isWithin(area.place())) {
                return true;
            }
        }
        for (Site site : candidate.sites()) {
            PlaceCode at = site.place();
            if (at != null && (isWithin(at) || (!candidate.limitedToAreas() && at.sameCountryAs(place)))) {
                return true;
            }
        }
        return false;
    }
}
