package org.passerelle.referral.referring.rest;

import java.util.LinkedHashMap;
import java.util.Map;
import org.passerelle.referral.routing.Weights;

/**
 * What each soft rule counted in a decision.
 *
 * @param version of the country's configuration
 */
record WeightsView(int version, Map<String, Integer> weights) {

    static WeightsView of(Weights weights) {
        Map<String, Integer> byRule = new LinkedHashMap<>();
        weights.rules().forEach(one -> byRule.put(one.rule().code(), one.weight()));
        return new WeightsView(weights.version(), byRule);
    }
}
