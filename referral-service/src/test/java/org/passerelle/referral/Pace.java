package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;

/** Of a long test: says from time to time how far it is and how long it will yet take, and ends it where it takes too long. */
final class Pace {

    private static final Duration BETWEEN = Duration.ofSeconds(30);

    private final String what;
    private final int all;
    private final Duration limit;
    private final Instant begun = Instant.now();
    private Instant said = begun;

    Pace(String what, int all, Duration limit) {
        this.what = what;
        this.all = all;
        this.limit = limit;
    }

    void held(int done) {
        Duration taken = taken();
        assertThat(taken).as("%s: the time for %d of %d", what, done, all).isLessThan(limit);
        if (Duration.between(said, Instant.now()).compareTo(BETWEEN) > 0) {
            said = Instant.now();
            System.out.printf(
                    "%s: %d of %d, %d ms each, %d s to go%n",
                    what, done, all, taken.toMillis() / done, taken.toMillis() * (all - done) / done / 1_000);
        }
    }

    Duration taken() {
        return Duration.between(begun, Instant.now());
    }
}
