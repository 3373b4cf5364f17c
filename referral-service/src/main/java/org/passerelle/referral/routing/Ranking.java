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

    /** No unit was free when the provider last said so, long ago; in decisions of before such a service was asked. */
    static final String FULL_LONG_AGO = "out.no-capacity-long-ago";

    /** The service said that it has no room, whatever its figures say. */
    static final String SAID_FULL = "out.said-full";

    /** An offer of this need got no answer. */
    static final String EXPIRED = "out.expired";

    /** Another need of the person stands in the way. */
    static final String NOT_WITH = "out.not-with";

    /**
     * A service that the need waits for.
     *
     * @param anew it was asked and did not answer, or said that it has no room: only what it says anew helps, no unit that
     *     another offer held
     */
    public record Awaited(ServiceId service, boolean anew) {}

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

    /**
     * Services that nothing but a free unit, or word of one, is wanting of, be it for another need that must be at the same
     * place.
     */
    public Set<Awaited> full() {
        return leftOut.stream()
                .filter(verdict -> verdict.reasons().stream()
                        .map(Reason::code)
                        .allMatch(code -> waitsForUnit(code) || waitsForWord(code)))
                .map(verdict -> new Awaited(
                        verdict.service(), verdict.reasons().stream().anyMatch(reason -> waitsForWord(reason.code()))))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean waitsForUnit(String code) {
        return code.equals(FULL) || code.equals(FULL_LONG_AGO) || code.equals(Together.APART);
    }

    private static boolean waitsForWord(String code) {
        return code.equals(SAID_FULL) || code.equals(EXPIRED);
    }
}
