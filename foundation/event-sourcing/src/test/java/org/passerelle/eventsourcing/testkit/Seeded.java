package org.passerelle.eventsourcing.testkit;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Runs a property on many random cases. A failure names the seed; {@code -Dseed=N} replays that one case.
 */
public final class Seeded {

    private Seeded() {}

    public static void check(int cases, Consumer<Random> property) {
        Long replay = Long.getLong("seed");
        long first = replay != null ? replay : System.nanoTime();
        for (long seed = first; seed < first + (replay != null ? 1 : cases); seed++) {
            try {
                property.accept(new Random(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("fails with -Dseed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }

    public static <T> T oneOf(Random random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
