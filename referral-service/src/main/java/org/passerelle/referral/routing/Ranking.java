package org.passerelle.referral.routing;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.ServiceId;

/**
 * The outcome of routing one need.
 *
 * @param kept best first
 * @param leftOut services of the wanted type that some hard rule excludes, by id; of those that do not reach the place
 *     the first {@value RoutingPolicy#LISTED_ELSEWHERE}
 * @param elsewhere how many more of the wanted type do not reach the place; their reason is the place
 * @param otherTypes how many services of other types the directory held; their reason is the type
 * @param consentStands in the way: somebody could have taken the need, had the person agreed to them
 * @param apart somebody could take the need, but not together with those that must be at the same place
 * @param weights that the kept ones were ranked by; null in decisions of before there were weights
 */
public record Ranking(
        List<Verdict> kept,
        List<Verdict> leftOut,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int elsewhere,
        int otherTypes,
        boolean consentStands,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Weights weights,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean apart) {

    /** No unit is free. */
    static final String FULL = "out.no-capacity";

    /** No unit was free when the provider last said so. */
    static final String FULL_LONG_AGO = "out.no-capacity-long-ago";

    /** Another need of the person stands in the way. */
    static final String NOT_WITH = "out.not-with";

    public Ranking {
        kept = List.copyOf(kept);
        leftOut = List.copyOf(leftOut);
    }

    /** Whether another need of the person kept some service from taking this one. */
    public boolean besideAnother() {
        return leftOut.stream()
                .flatMap(verdict -> verdict.reasons().stream())
                .anyMatch(reason -> reason.code().equals(NOT_WITH));
    }

    /** As whoever looks after the routing, but does not know the person, may read it. */
    public Ranking withoutCircumstances() {
        return new Ranking(
                kept.stream().map(Verdict::withoutCircumstances).toList(),
                leftOut.stream().map(Verdict::withoutCircumstances).toList(),
                elsewhere,
                otherTypes,
                consentStands,
                weights,
                apart);
    }

    /** Services that nothing but a free unit is wanting of, be it for another need that must be at the same place. */
    public Set<ServiceId> full() {
        return leftOut.stream()
                .filter(verdict -> verdict.reasons().stream()
                        .allMatch(reason -> reason.code().equals(FULL)
                                || reason.code().equals(FULL_LONG_AGO)
                                || reason.code().equals(Together.APART)))
                .map(Verdict::service)
                .collect(Collectors.toUnmodifiableSet());
    }
}
