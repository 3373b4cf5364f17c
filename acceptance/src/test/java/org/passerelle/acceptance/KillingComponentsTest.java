package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.local.demonstration.Demo;
import org.passerelle.local.demonstration.Demo.Step;

/**
 * A component is killed in the middle of a road. Where, is drawn by a seed: {@code -Dkill.seed=N} repeats a run.
 */
@Tag("kill")
class KillingComponentsTest {
    private static final long SEED = Long.getLong("kill.seed", System.nanoTime() % 1_000_000);

    private final RunningPlatform platform = RunningPlatform.get();

    @ParameterizedTest
    @ValueSource(strings = {"identification", "referral", "assistance", "reporting"})
    void aServiceIsKilledTwiceAndTheRoadGoesOn(String service) {
        killedAt(service, 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "kafka"})
    void aStoreIsKilledAndTheRoadGoesOn(String store) {
        killedAt(store, 1);
    }

    private void killedAt(String component, int times) {
        var points = points(component, times);
        System.out.println("kill: seed " + SEED + ", " + component + " is killed after " + points);
        var killed = new ArrayList<Long>();
        var played = new Demo(platform.client(), "en", Clock.systemUTC(), line -> {}, step -> {
                    if (points.contains(step)) {
                        killed.add(platform.kill(component));
                    }
                })
                .play(RunningPlatform.newKey());

        assertThat(killed).as("each kill found a process of its own").hasSize(times);
        assertThat(platform.pid(component)).as("a new process took over").isNotIn(killed);
        Ledger.holdsExactlyOnce(played);
        logsAreSound();
    }

    private static Set<Step> points(String component, int times) {
        // The last step is left out: nothing would be left to go on.
        var steps = new ArrayList<>(List.of(Step.values()).subList(0, Step.values().length - 1));
        Collections.shuffle(steps, new Random(SEED + component.hashCode()));
        return Set.copyOf(steps.subList(0, times));
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
