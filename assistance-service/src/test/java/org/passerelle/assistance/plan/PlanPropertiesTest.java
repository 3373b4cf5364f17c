package org.passerelle.assistance.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.NewEvent;
import org.passerelle.eventsourcing.Refusal;

/** Replay by {@code -Dseed=…}: the seed of a failing life is named in the failure. */
class PlanPropertiesTest {
    private static final PlanDecider RULES = new PlanDecider();
    private static final int LIVES = 500;
    private static final int COMMANDS = 60;

    private static void forAnyLife(BiConsumer<Long, List<PlanCommand>> property) {
        Long only = Long.getLong("seed");
        long first = only == null ? System.nanoTime() : only;
        int lives = only == null ? LIVES : 1;
        for (long seed = first; seed < first + lives; seed++) {
            property.accept(seed, new AnyPlan(seed).commands(COMMANDS));
        }
    }

    private static List<PlanEvent> decide(PlanCommand command, Plan plan) {
        try {
            return RULES.decide(command, plan);
        } catch (Refusal refused) {
            return List.of();
        }
    }

    private static List<PlanEvent> history(List<PlanCommand> commands) {
        List<PlanEvent> history = new ArrayList<>();
        Plan plan = RULES.initial();
        for (PlanCommand command : commands) {
            List<PlanEvent> events = decide(command, plan);
            history.addAll(events);
            plan = RULES.fold(plan, events);
        }
        return history;
    }

    @Test
    void replay_in_any_split_gives_the_same_plan() {
        forAnyLife((seed, commands) -> {
            List<PlanEvent> history = history(commands);
            Plan whole = RULES.fold(RULES.initial(), history);
            for (int split = 0; split <= history.size(); split++) {
                Plan snapshot = RULES.fold(RULES.initial(), history.subList(0, split));
                assertThat(RULES.fold(snapshot, history.subList(split, history.size())))
                        .as("seed %d split at %d", seed, split)
                        .isEqualTo(whole);
            }
        });
    }

    @Test
    void repeating_a_command_adds_nothing() {
        forAnyLife((seed, commands) -> {
            Plan plan = RULES.initial();
            for (PlanCommand command : commands) {
                plan = RULES.fold(plan, decide(command, plan));
                assertThat(decide(command, plan))
                        .as("seed %d: %s", seed, command)
                        .isEmpty();
            }
        });
    }

    @Test
    void every_event_comes_back_from_its_stored_bytes() {
        forAnyLife((seed, commands) -> {
            for (PlanEvent event : history(commands)) {
                NewEvent stored = Plans.TYPES.encode(event);
                assertThat(Plans.TYPES.decode(stored.type(), stored.schemaVersion(), stored.data()))
                        .as("seed %d", seed)
                        .isEqualTo(event);
            }
        });
    }

    @Test
    void a_plan_is_never_closed_over_an_open_referral() {
        forAnyLife((seed, commands) -> {
            Plan plan = RULES.initial();
            for (PlanEvent event : history(commands)) {
                if (event instanceof PlanEvent.PlanClosed) {
                    assertThat(plan.openReferrals()).as("seed %d", seed).isZero();
                }
                plan = RULES.evolve(plan, event);
            }
        });
    }
}
