package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.local.demonstration.Cast;
import org.passerelle.local.demonstration.Demo;
import org.passerelle.local.demonstration.Demo.Played;
import org.passerelle.local.demonstration.Demo.Step;
import org.passerelle.local.demonstration.PlatformClient;
import org.passerelle.local.demonstration.Road;

@Tag("road")
class WalkingTheRoadTest {
    private final PlatformClient client = RunningPlatform.get().client();

    @Test
    void aFoundPersonIsReferredHelpedAndReportedOn() {
        var said = new ArrayList<String>();
        var steps = new ArrayList<Step>();
        var before = funnel();

        var played = play(said, steps);

        assertThat(steps).containsExactly(Step.values());
        assertThat(played.caseCode()).matches("\\d{4}-\\d{4}-\\d{4}");
        assertThat(said.subList(
                        0,
                        said.indexOf(said.stream()
                                .filter(line -> line.startsWith("Le registre"))
                                .findFirst()
                                .orElseThrow())))
                .allSatisfy(sentence -> assertThat(sentence).startsWith("Dossier " + played.caseCode()));
        Ledger.holdsExactlyOnce(played);
        assertThat(kinds(played)).containsSubsequence("offer-declined", "service-offered", "offer-accepted");
        countsOneMoreAtEveryStage(before, funnel());
    }

    @Test
    void theLedgerShowsTheCaseAsItStoodAtAnyMoment() {
        var when = new HashMap<Step, Instant>();
        var played = new Demo(client, "en", Clock.systemUTC(), line -> {}, step -> {
                    RunningPlatform.pause(Duration.ofMillis(5));
                    when.put(step, Instant.now());
                    RunningPlatform.pause(Duration.ofMillis(5));
                })
                .play(RunningPlatform.newKey());

        var atFirst = stateAt(played, when.get(Step.DETECTED));
        assertThat(atFirst.path("detected").path("place").asText()).isEqualTo("BI-BM");
        assertThat(atFirst.path("presumed").isObject()).isFalse();
        assertThat(atFirst.path("needs")).isEmpty();

        var offered = stateAt(played, when.get(Step.OFFERED));
        assertThat(offered.path("presumed").isObject()).isTrue();
        assertThat(need(offered)).isEqualTo("offered");
        assertThat(need(stateAt(played, when.get(Step.ACCEPTED)))).isEqualTo("accepted");

        var atLast = stateAt(played, Instant.now());
        assertThat(need(atLast)).isEqualTo("completed");
        assertThat(atLast.path("closed").path("reason").asText()).isEqualTo("plan_completed");
        assertThat(atLast.path("plan")
                        .path("services")
                        .path(0)
                        .path("deliveries")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void theSameJourneyPlayedAgainAddsNothing() {
        var clock = Clock.fixed(Instant.now(), ZoneOffset.UTC);
        var journey = RunningPlatform.newKey();
        var first = new Demo(client, "es", clock, line -> {}, step -> {}).play(journey);

        var detectedAgain = new Road(client, Cast.load(), journey);
        assertThat(first.timeline())
                .hasSize(Ledger.OF_A_PLAYED_ROAD.values().stream()
                        .mapToInt(Integer::intValue)
                        .sum());
        assertThat(detectedAgain.timeline(
                        Cast.load().person("dossiers-bujumbura"), first.caseCode(), Set.of("case-closed")))
                .hasSameSizeAs(first.timeline());
    }

    private Played play(List<String> said, List<Step> steps) {
        return new Demo(client, "fr", Clock.systemUTC(), said::add, steps::add).play(RunningPlatform.newKey());
    }

    private static List<String> kinds(Played played) {
        return played.timeline().stream().map(Road::kind).toList();
    }

    private JsonNode stateAt(Played played, Instant moment) {
        return client.read("dossiers-bujumbura", "/reporting/cases/" + played.caseCode() + "?at=" + moment)
                .body();
    }

    private static String need(JsonNode state) {
        return state.path("needs").path(0).path("status").asText();
    }

    private JsonNode funnel() {
        return client.read("statistiques", "/reporting/funnel?place=BI-BM").body();
    }

    private static void countsOneMoreAtEveryStage(JsonNode before, JsonNode after) {
        var grown = new HashMap<String, Integer>();
        for (String stage : List.of("detected", "screened", "presumed", "referred", "accepted", "assisted", "closed")) {
            grown.put(stage, total(after, stage) - total(before, stage));
        }
        assertThat(grown)
                .isEqualTo(Map.of(
                        "detected",
                        1,
                        "screened",
                        1,
                        "presumed",
                        1,
                        "referred",
                        1,
                        "accepted",
                        1,
                        "assisted",
                        1,
                        "closed",
                        1));
    }

    private static int total(JsonNode funnel, String stage) {
        return funnel.path("total").path(stage).asInt();
    }
}
