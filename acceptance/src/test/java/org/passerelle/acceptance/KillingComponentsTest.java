package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.local.demonstration.Demo;
import org.passerelle.local.demonstration.Demo.Step;

/**
 * Components are killed in the middle of a road. Where, is drawn by a seed: {@code -Dkill.seed=N} repeats a run.
 */
@Tag("kill")
class KillingComponentsTest {
    private static final long SEED = Long.getLong("kill.seed", System.nanoTime() % 1_000_000);

    private final RunningPlatform platform = RunningPlatform.get();

    @Test
    void everyServiceIsKilledOnOneRoadAndTheRoadGoesOn() {
        killedOnTheWay(List.of("identification", "referral", "assistance", "reporting"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "kafka"})
    void aStoreIsKilledAndTheRoadGoesOn(String store) {
        killedOnTheWay(List.of(store));
    }

    private void killedOnTheWay(List<String> components) {
        var points = points(components);
        System.out.println("kill: seed " + SEED + ", killed after " + points);
        var killed = new HashMap<String, Long>();
        var played = new Demo(platform.client(), "en", Clock.systemUTC(), line -> {}, step -> {
                    var component = points.get(step);
                    if (component != null) {
                        killed.put(component, platform.kill(component));
                    }
                })
                .play(RunningPlatform.newKey());

        assertThat(killed.keySet()).as("each was killed").containsExactlyInAnyOrderElementsOf(components);
        killed.forEach((component, pid) -> assertThat(platform.pid(component))
                .as("a new process took over")
                .isNotEqualTo(pid));
        Ledger.holdsExactlyOnce(played);
        logsAreSound();
    }

    /** After which step of the road each of them is killed. */
    private static Map<Step, String> points(List<String> components) {
        // The last step is left out: nothing would be left to go on.
        var steps = new ArrayList<>(List.of(Step.values()).subList(0, Step.values().length - 1));
        Collections.shuffle(steps, new Random(SEED + components.hashCode()));
        var points = new EnumMap<Step, String>(Step.class);
        for (int i = 0; i < components.size(); i++) {
            points.put(steps.get(i), components.get(i));
        }
        return points;
    }

    /** Every log holds all its events and no gap, and everything in it has gone out. */
    private void logsAreSound() {
        for (String service : List.of("identification", "referral", "assistance")) {
            var report = platform.client()
                    .await(
                            "exploitation",
                            "/" + service + "/operations/audit",
                            "all events of " + service + " in its log",
                            body -> body.path("sound").asBoolean()
                                    && body.path("counts").path("pending").asLong() == 0)
                    .body();
            System.out.println("kill: " + service + " " + report);
        }
    }

    @AfterEach
    void everythingIsUpAgain() {
        var end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        for (String path : Arrays.asList("/identification", "/referral", "/assistance", "/reporting")) {
            while (platform.client()
                                    .get("exploitation", path + "/operations/status")
                                    .status()
                            >= 500
                    && System.nanoTime() < end) {
                RunningPlatform.pause(Duration.ofMillis(200));
            }
        }
    }
}
