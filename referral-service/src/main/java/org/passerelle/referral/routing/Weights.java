package org.passerelle.referral.routing;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.passerelle.referral.codes.Urgency;

/**
 * What each soft rule counts for a need of some urgency. A service gets 0 to {@value #FULL} of each rule; its points are
 * the sum of weight times that.
 *
 * @param version of the country's configuration: who changes a weight changes it too
 * @param rules in the order in which decisions list what a service got
 */
public record Weights(int version, List<Rule> rules) {

    /** The most that a service gets of one rule. */
    public static final int FULL = 1_000;

    private static final int HEAVIEST = 1_000;

    /** @param weight 0 to 1 000; 0 where the rule does not count */
    public record Rule(SoftRule rule, int weight) {}

    public Weights {
        rules = List.copyOf(rules);
        if (rules.stream().map(Rule::rule).distinct().count() != rules.size()) {
            throw new IllegalArgumentException("a rule has one weight");
        }
        for (Rule one : rules) {
            if (one.weight() < 0 || one.weight() > HEAVIEST) {
                throw new IllegalArgumentException(
                        "the weight of " + one.rule().code() + " is not from 0 to " + HEAVIEST);
            }
        }
    }

    /**
     * @param weights each {@code rule:weight}, of every rule; a promise does not count where a table from before there were
     *     promises has none
     * @throws IllegalArgumentException where they are not that
     */
    public static Weights of(int version, List<String> weights) {
        List<Rule> rules = weights.stream()
                .map(one -> one.split(":", 2))
                .map(parts -> new Rule(SoftRule.of(parts[0].strip()), Integer.parseInt(parts[1].strip())))
                .toList();
        Set<SoftRule> missing = EnumSet.complementOf(EnumSet.of(SoftRule.PROMISE));
        rules.forEach(one -> missing.remove(one.rule()));
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("every rule has a weight");
        }
        return new Weights(version, rules);
    }

    /** The points of a service that got so much of each rule. */
    public int points(List<Integer> got) {
        int sum = 0;
        for (int at = 0; at < rules.size(); at++) {
            sum += rules.get(at).weight() * got.get(at);
        }
        return sum;
    }

    /** The weights by urgency. */
    public record Table(Weights emergency, Weights urgent, Weights normal) {

        Weights of(Urgency urgency) {
            return switch (urgency) {
                case EMERGENCY -> emergency;
                case URGENT -> urgent;
                case NORMAL -> normal;
            };
        }
    }
}
