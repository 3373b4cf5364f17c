package org.passerelle.referral.referring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * See {@link Quarter}. {@code -Dseed=…} replays one; {@code -Dpasserelle.quarter.needs=…} and {@code …quarters=…} make it
 * larger.
 */
@Tag("quarter")
class QuarterTest {

    private static final int NEEDS = Integer.getInteger("passerelle.quarter.needs", 400);
    private static final int QUARTERS = Integer.getInteger("passerelle.quarter.quarters", 5);

    private final long seed = Long.getLong("seed", System.nanoTime());

    @Test
    void noReferralIsEverWithoutAnOwnerAClockAndANextStep() {
        Map<String, Long> all = new TreeMap<>();
        for (int number = 0; number < QUARTERS; number++) {
            System.out.printf("quarter: seed %d, %d needs%n", seed + number, NEEDS);
            Map<String, Long> table = new Quarter(seed + number, NEEDS).run();
            assertThat(table.get("needs")).isEqualTo(NEEDS);
            table.forEach((what, count) -> System.out.printf("  %-45s %8d%n", what, count));
            assertThat(table)
                    .containsKeys(
                            "told reminder",
                            "told supervisor",
                            "told coordinator",
                            "told of a need supervisor",
                            "told of a need coordinator",
                            "reports of a service that goes on",
                            "a gap at some time",
                            "placed after re-routing",
                            "packages",
                            "held back for another need",
                            "claims returned because somebody left",
                            "dangers where a service is given",
                            "told of a decision supervisor",
                            "ended completed");
            table.forEach((what, count) -> all.merge(what, count, Long::sum));
        }
        assertThat(all).as("needs that got to one place together").containsKey("together at one place");
        assertThat(all).as("whatever turns out otherwise").containsKeys(QuarterTurns.ALL.toArray(String[]::new));
    }

    @Test
    void theSameSeedIsTheSameQuarter() {
        assertThat(new Quarter(7, 100).run()).isEqualTo(new Quarter(7, 100).run());
    }
}
