package org.passerelle.referral.routing;

import java.util.List;

/**
 * The services that a need is to be ranked among.
 *
 * @param candidates all services of the type that reach the place, and the first of those that do not, in any order
 * @param elsewhere how many more services of the type do not reach the place
 * @param otherTypes how many services of other types there are
 */
public record Shortlist(List<Candidate> candidates, int elsewhere, int otherTypes) {

    public Shortlist {
        candidates = List.copyOf(candidates);
    }
}
