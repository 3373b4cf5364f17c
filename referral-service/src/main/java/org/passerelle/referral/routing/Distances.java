package org.passerelle.referral.routing;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.PlaceCode;

/**
 * From one place to services. A place is where the register says, or the nearest one above it; where it says nothing, in
 * the middle of what the directory knows there, of the services that reach the need's place.
 */
final class Distances {

    /** Sums of whole numbers are the same in any order. */
    private static final double PER_DEGREE = 1e6;

    private final Places places;
    private final Reach reach;
    private final List<Candidate> among;
    private final Map<PlaceCode, Optional<Coordinates>> found = new HashMap<>();
    private final @Nullable Coordinates centre;

    Distances(Places places, Reach reach, List<Candidate> among) {
        this.places = places;
        this.reach = reach;
        this.among = among;
        // in the middle of a country is nowhere
        this.centre = reach.isEverywhere() ? null : of(reach.place()).orElse(null);
    }

    /** To the nearest site; infinite where either is not known. */
    double kilometres(Candidate candidate) {
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
        return place == null || place.isCountry()
                ? Double.POSITIVE_INFINITY
                : of(place).map(from::kilometresTo).orElse(Double.POSITIVE_INFINITY);
    }

    private Optional<Coordinates> of(PlaceCode place) {
        Optional<Coordinates> known = found.get(place);
        if (known == null) {
            known = places.centroid(place).or(() -> middle(place));
            found.put(place, known);
        }
        return known;
    }

    /** Each position counts once, however many services are there. */
    private Optional<Coordinates> middle(PlaceCode place) {
        Reach there = reach.to(place);
        Set<Coordinates> positions = new HashSet<>();
        for (Candidate candidate : among) {
            for (Site site : reach.reaches(candidate) ? candidate.sites() : List.<Site>of()) {
                PlaceCode at = site.place();
                Coordinates position = site.position();
                if (!site.virtual() && position != null && at != null && there.contains(at)) {
                    positions.add(position);
                }
            }
        }
        if (positions.isEmpty()) {
            return Optional.empty();
        }
        long north = 0;
        long east = 0;
        for (Coordinates position : positions) {
            north += Math.round(position.latitude() * PER_DEGREE);
            east += Math.round(position.longitude() * PER_DEGREE);
        }
        double all = positions.size() * PER_DEGREE;
        return Optional.of(new Coordinates(north / all, east / all));
    }
}
