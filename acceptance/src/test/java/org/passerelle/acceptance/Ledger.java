package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.passerelle.local.demonstration.Demo.Played;
import org.passerelle.local.demonstration.Road;

/** What the ledger of a played road must hold. */
final class Ledger {
    /** Every fact of the demonstration road and how often it happens on it. */
    static final Map<String, Integer> OF_A_PLAYED_ROAD = Map.ofEntries(
            Map.entry("case-detected", 1),
            Map.entry("consent-recorded", 1),
            Map.entry("screened", 1),
            Map.entry("victim-presumed", 1),
            Map.entry("need-stated", 1),
            Map.entry("referral-requested", 1),
            Map.entry("service-offered", 2),
            Map.entry("offer-declined", 1),
            Map.entry("offer-accepted", 1),
            Map.entry("plan-opened", 1),
            Map.entry("service-agreed", 1),
            Map.entry("service-delivered", 1),
            Map.entry("follow-up-scheduled", 1),
            Map.entry("follow-up-done", 1),
            Map.entry("referral-completed", 1),
            Map.entry("service-ended", 1),
            Map.entry("plan-closed", 1),
            Map.entry("case-closed", 1));

    private Ledger() {}

    /** Nothing lost, nothing twice: each fact as often as it happened, each position of each log once. */
    static void holdsExactlyOnce(Played played) {
        assertThat(counts(played.timeline()))
                .as("facts in the ledger of %s", played.caseCode())
                .containsExactlyInAnyOrderEntriesOf(OF_A_PLAYED_ROAD);
        var positions = new HashSet<String>();
        for (JsonNode line : played.timeline()) {
            assertThat(positions.add(line.path("service").asText() + "/"
                            + line.path("sequence").asText()))
                    .as("a position told twice: %s", line)
                    .isTrue();
        }
    }

    static Map<String, Integer> counts(List<JsonNode> timeline) {
        var counts = new TreeMap<String, Integer>();
        timeline.forEach(line -> counts.merge(Road.kind(line), 1, Integer::sum));
        return counts;
    }
}
