package org.passerelle.reporting.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.passerelle.reporting.ToldCase;
import org.passerelle.reporting.funnel.Milestones;
import org.passerelle.reporting.ledger.Entry;

/** However the three topics interleave, the case reads the same. Replay a failure by its seed. */
class AnyInterleavingTest {
    private static final int ROUNDS = 300;
    private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

    @Test
    void any_interleaving_of_the_three_topics_gives_the_same_state_at_every_moment() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        ToldCase told = ToldCase.wholeRoad("4829-1370-6158", START);
        for (int round = 0; round < ROUNDS; round++) {
            List<Entry> arrived = told.arrivingAnyhow(random);
            Instant at = START.plus(Duration.ofSeconds(random.nextInt(1500)));

            assertThat(CaseStory.at(told.code(), arrived, at))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(CaseStory.at(told.code(), told.entries(), at));
            assertThat(Milestones.of(arrived))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(Milestones.of(told.entries()));
        }
    }

    @Test
    void any_part_that_has_arrived_reads_without_error() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        ToldCase told = ToldCase.wholeRoad("4829-1370-6158", START);
        for (int round = 0; round < ROUNDS; round++) {
            List<Entry> arrived = told.arrivingAnyhow(random);
            List<Entry> part = arrived.subList(0, random.nextInt(arrived.size() + 1));

            assertThat(CaseStory.at(told.code(), part, told.now()).entries())
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(part.size());
        }
    }
}
