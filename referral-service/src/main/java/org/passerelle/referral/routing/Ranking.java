package org.passerelle.referral.routing;

import java.util.List;

/**
 * The outcome of routing one need.
 *
 * @param kept best first
 * @param leftOut services of the wanted type that some hard rule excludes, by id
 * @param otherTypes how many services of other types the directory held; their reason is the type
 * @param consentStands in the way: somebody could have taken the need, had the person agreed to them
 */
public record Ranking(List<Verdict> kept, List<Verdict> leftOut, int otherTypes, boolean consentStands) {

    public Ranking {
        kept = List.copyOf(kept);
        leftOut = List.copyOf(leftOut);
    }
}
