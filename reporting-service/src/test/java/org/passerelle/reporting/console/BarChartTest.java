package org.passerelle.reporting.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.passerelle.reporting.console.BarChart.Count;

class BarChartTest {
    @Test
    void bars_are_in_proportion_to_the_longest_whichever_that_is() {
        BarChart chart =
                BarChart.of(List.of(new Count("a", 30), new Count("b", 10), new Count("c", 0), new Count("d", 40)));

        assertThat(chart.bars()).extracting(BarChart.Bar::width).containsExactly("75.0%", "25.0%", "0.0%", "100.0%");
    }

    @Test
    void bars_do_not_overlap_and_stay_inside_the_picture() {
        BarChart chart = BarChart.of(List.of(new Count("a", 1), new Count("b", 2), new Count("c", 3)));

        for (int i = 1; i < chart.bars().size(); i++) {
            assertThat(chart.bars().get(i).labelY())
                    .isGreaterThan(chart.bars().get(i - 1).barY() + 20);
        }
        assertThat(chart.bars().getLast().barY() + 20).isLessThanOrEqualTo(chart.height());
    }

    @Test
    void where_nothing_was_counted_there_are_tracks_and_no_bars() {
        assertThat(BarChart.of(List.of(new Count("a", 0), new Count("b", 0))).bars())
                .extracting(BarChart.Bar::width)
                .containsOnly("0%");
    }
}
