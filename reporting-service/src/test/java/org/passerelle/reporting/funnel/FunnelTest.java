package org.passerelle.reporting.funnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.passerelle.reporting.ToldCase;

class FunnelTest {
    private static final YearMonth OCTOBER = YearMonth.of(2026, 10);
    private static final YearMonth NOVEMBER = YearMonth.of(2026, 11);

    @Test
    void adds_up_by_month_and_by_place() {
        Funnel funnel = Funnel.of(
                new FunnelQuestion(YearMonth.of(2026, 9), NOVEMBER, null),
                "UTC",
                List.of(
                        new Funnel.Cohort(NOVEMBER, "BI-BM", counts(5, 3)),
                        new Funnel.Cohort(OCTOBER, "BI-BM", counts(2, 2)),
                        new Funnel.Cohort(NOVEMBER, "BI-GI", counts(1, 0))));

        assertThat(funnel.total()).isEqualTo(counts(8, 5));
        assertThat(funnel.months())
                .containsExactly(
                        new Funnel.OfMonth(YearMonth.of(2026, 9), Counts.NONE),
                        new Funnel.OfMonth(OCTOBER, counts(2, 2)),
                        new Funnel.OfMonth(NOVEMBER, counts(6, 3)));
        assertThat(funnel.places())
                .containsExactly(new Funnel.OfPlace("BI-BM", counts(7, 5)), new Funnel.OfPlace("BI-GI", counts(1, 0)));
    }

    @Test
    void without_cases_every_stage_is_zero() {
        Funnel funnel = Funnel.of(new FunnelQuestion(NOVEMBER, NOVEMBER, "BI-BM"), "UTC", List.of());

        assertThat(funnel.isEmpty()).isTrue();
        assertThat(funnel.total().cases()).hasSize(Stage.values().length).containsEntry(Stage.CLOSED, 0L);
    }

    @Test
    void refuses_a_range_that_runs_backwards_or_has_no_end() {
        assertThatThrownBy(() -> new FunnelQuestion(NOVEMBER, OCTOBER, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FunnelQuestion(YearMonth.of(1900, 1), NOVEMBER, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(FunnelQuestion.lastTwelveMonths(NOVEMBER).from()).isEqualTo(YearMonth.of(2025, 12));
    }

    @Test
    void the_whole_road_reaches_every_stage_and_keeps_the_first_time() {
        ToldCase told = ToldCase.wholeRoad("4829-1370-6158", Instant.parse("2026-11-20T10:00:00Z"));
        Instant closed = told.now();
        told.screened();

        Milestones milestones = Milestones.of(told.entries());

        assertThat(milestones.reached()).containsOnlyKeys(Stage.values());
        assertThat(milestones.reached().get(Stage.SCREENED)).isBefore(closed);
        assertThat(milestones.place()).isEqualTo("BI-BM");
    }

    private static Counts counts(long detected, long closed) {
        return new Counts(Map.of(Stage.DETECTED, detected, Stage.CLOSED, closed));
    }
}
