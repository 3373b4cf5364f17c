package org.passerelle.identification.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.NewEvent;
import org.passerelle.eventsourcing.Refusal;

/**
 * Properties of every history. A failure names its seed; run it again with {@code -Dseed=}.
 */
class CasePropertiesTest {

    private static final int HISTORIES = 100;
    private static final int COMMANDS = 60;

    private final CaseDecider decider = new CaseDecider();

    @Test
    void replayInAnySplitGivesTheSameState() {
        forEachHistory((seed, events) -> {
            CaseFile whole = decider.fold(decider.initial(), events);
            int split = new Random(seed).nextInt(events.size() + 1);
            CaseFile half = decider.fold(decider.initial(), events.subList(0, split));
            assertThat(decider.fold(half, events.subList(split, events.size())))
                    .as("seed %d", seed)
                    .isEqualTo(whole);
        });
    }

    @Test
    void repeatingACommandAddsNothing() {
        for (long seed : seeds()) {
            Random random = new Random(seed);
            CaseFile file = decider.initial();
            Instant now = Commands.NOW;
            for (int i = 0; i < COMMANDS; i++) {
                now = now.plusSeconds(60);
                CaseCommand command = i == 0 ? Commands.randomDetection(random, now) : Commands.random(random, now);
                try {
                    CaseFile after = decider.fold(file, decider.decide(command, file));
                    assertThat(decider.decide(command, after))
                            .as("seed %d, %s", seed, command)
                            .isEmpty();
                    file = after;
                } catch (Refusal refused) {
                    assertThat(refused.code()).isNotEmpty();
                }
            }
        }
    }

    @Test
    void everyEventRoundTripsThroughItsStoredBytes() {
        forEachHistory((seed, events) -> {
            for (CaseEvent event : events) {
                NewEvent stored = CaseStream.TYPES.encode(event);
                CaseEvent read = CaseStream.TYPES.decode(stored.type(), stored.schemaVersion(), stored.data());
                assertThat(read).as("seed %d", seed).isEqualTo(event);
                assertThat(CaseStream.TYPES.encode(read).data()).isEqualTo(stored.data());
            }
        });
    }

    @Test
    void aNeedsClockNeverMoves() {
        forEachHistory((seed, events) -> {
            CaseFile file = decider.initial();
            List<Instant> due = new ArrayList<>();
            for (CaseEvent event : events) {
                file = decider.evolve(file, event);
                List<Instant> now =
                        facts(file).needs().stream().map(need -> need.dueAt()).toList();
                assertThat(now.subList(0, due.size())).as("seed %d", seed).isEqualTo(due);
                due = now;
            }
        });
    }

    private static CaseFile.Facts facts(CaseFile file) {
        return switch (file) {
            case CaseFile.Unrecorded unrecorded -> throw new AssertionError("every history starts with a detection");
            case CaseFile.Open open -> open.facts();
            case CaseFile.Closed closed -> closed.facts();
        };
    }

    private interface Check {
        void on(long seed, List<CaseEvent> events);
    }

    private void forEachHistory(Check check) {
        for (long seed : seeds()) {
            check.on(seed, history(seed));
        }
    }

    private List<CaseEvent> history(long seed) {
        Random random = new Random(seed);
        List<CaseEvent> events = new ArrayList<>();
        CaseFile file = decider.initial();
        Instant now = Commands.NOW;
        for (int i = 0; i < COMMANDS; i++) {
            now = now.plusSeconds(60);
            CaseCommand command = i == 0 ? Commands.randomDetection(random, now) : Commands.random(random, now);
            try {
                List<CaseEvent> more = decider.decide(command, file);
                events.addAll(more);
                file = decider.fold(file, more);
            } catch (Refusal refused) {
                // Most random commands make no sense for a random state; what matters is what was decided.
                continue;
            }
        }
        return events;
    }

    private static List<Long> seeds() {
        Long one = Long.getLong("seed");
        if (one != null) {
            return List.of(one);
        }
        List<Long> seeds = new ArrayList<>();
        for (long seed = 1; seed <= HISTORIES; seed++) {
            seeds.add(seed);
        }
        return seeds;
    }
}
