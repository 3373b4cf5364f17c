package org.passerelle.chart;

import java.util.List;
import java.util.stream.Stream;

/** Every rule that the services' chart must keep, whatever the values. */
final class Policy {

    static final List<Rule> RULES = Stream.of(PodRules.ALL, ReleaseRules.ALL, ReferenceRules.ALL)
            .flatMap(List::stream)
            .toList();

    private Policy() {}

    static Rule named(String claim) {
        return RULES.stream()
                .filter(rule -> rule.claim().equals(claim))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no rule claims: " + claim));
    }
}
