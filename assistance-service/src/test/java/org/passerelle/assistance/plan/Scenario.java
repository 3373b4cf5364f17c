package org.passerelle.assistance.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.passerelle.eventsourcing.Refusal;

/** Given these facts, when this is asked, then that follows. */
final class Scenario {
    private static final PlanDecider RULES = new PlanDecider();
    private Plan plan;
    private List<PlanEvent> decided = List.of();

    private Scenario(Plan plan) {
        this.plan = plan;
    }

    static Scenario given(PlanEvent... facts) {
        return new Scenario(RULES.fold(RULES.initial(), List.of(facts)));
    }

    Scenario when(PlanCommand command) {
        decided = RULES.decide(command, plan);
        plan = RULES.fold(plan, decided);
        return this;
    }

    Scenario then(PlanEvent... expected) {
        assertThat(decided).containsExactly(expected);
        return this;
    }

    Scenario thenNothing() {
        assertThat(decided).isEmpty();
        return this;
    }

    Plan plan() {
        return plan;
    }

    Refusal refused(PlanCommand command) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> RULES.decide(command, plan));
        assertThat(refusal).as("refused").isNotNull();
        return refusal;
    }
}
