package org.passerelle.assistance.followingup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.Period;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.passerelle.assistance.plan.FollowUpKind;

class FollowUpRuleTest {
    private static final Instant NOW = Instant.parse("2026-01-31T10:00:00Z");

    @Test
    void without_a_rule_nothing_is_scheduled_by_itself() {
        assertThat(new FollowUpRule(Optional.empty(), Optional.empty(), FollowUpKind.VISIT).after(NOW))
                .isNull();
    }

    @Test
    void a_monthly_rule_schedules_a_month_ahead_by_the_calendar() {
        var next = new FollowUpRule(
                        Optional.of(Period.ofMonths(1)), Optional.of("Manual 2023, 4.2"), FollowUpKind.VISIT)
                .after(NOW);
        assertThat(next).isNotNull();
        assertThat(next.dueAt()).isEqualTo(Instant.parse("2026-02-28T10:00:00Z"));
        assertThat(next.kind()).isEqualTo(FollowUpKind.VISIT);
    }

    @Test
    void a_rule_without_its_text_or_without_time_is_refused_at_the_start() {
        assertThatThrownBy(
                        () -> new FollowUpRule(Optional.of(Period.ofMonths(1)), Optional.of(" "), FollowUpKind.VISIT))
                .hasMessageContaining("basis");
        assertThatThrownBy(() -> new FollowUpRule(Optional.of(Period.ZERO), Optional.of("x"), FollowUpKind.VISIT))
                .hasMessageContaining("future");
    }
}
