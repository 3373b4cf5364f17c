package org.passerelle.reporting.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.passerelle.reporting.funnel.Counts;
import org.passerelle.reporting.funnel.Stage;

class FunnelChartTest {
    @Test
    void bars_are_in_proportion_to_the_longest_whichever_stage_that_is() {
        FunnelChart chart =
                FunnelChart.of(new Counts(Map.of(Stage.DETECTED, 30L, Stage.SCREENED, 10L, Stage.REFERRED, 40L)));

        assertThat(chart.bars())
                .extracting(FunnelChart.Bar::width)
                .containsExactly("75.0%", "25.0%", "0.0%", "100.0%", "0.0%", "0.0%", "0.0%");
    }

    @Test
    void bars_do_not_overlap_and_stay_inside_the_picture() {
        FunnelChart chart = FunnelChart.of(Counts.NONE);

        for (int i = 1; i < chart.bars().size(); i++) {
            assertThat(chart.bars().get(i).labelY())
                    .isGreaterThan(chart.bars().get(i - 1).barY() + 20);
        }
        assertThat(chart.bars().getLast().barY() + 20).isLessThanOrEqualTo(chart.height());
    }

    @Test
    void without_cases_there_are_tracks_and_no_bars() {
        assertThat(FunnelChart.of(Counts.NONE).bars())
                .extracting(FunnelChart.Bar::width)
                .containsOnly("0%");
    }
}
