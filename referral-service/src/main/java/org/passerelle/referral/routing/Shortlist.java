package org.passerelle.referral.routing;

import java.time.LocalDate;
import java.util.List;

/**
 * The services that a need is to be ranked among.
 *
 * @param candidates all services of the type that reach the place, and the first of those that do not, in any order
 * @param elsewhere how many more services of the type do not reach the place
 * @param otherTypes how many services of other types there are
 * @param day on which they are looked at: the areas of a service and the codes of places change with time
 */
public record Shortlist(List<Candidate> candidates, int elsewhere, int otherTypes, LocalDate day) {

    public Shortlist {
        candidates = List.copyOf(candidates);
    }
}
