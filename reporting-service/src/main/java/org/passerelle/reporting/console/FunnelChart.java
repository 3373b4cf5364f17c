package org.passerelle.reporting.console;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.passerelle.reporting.funnel.Counts;
import org.passerelle.reporting.funnel.Stage;

/**
 * Geometry of the funnel's chart. Heights are in pixels and widths in per cent, without a view box: the picture grows
 * with the page while its letters keep their size, on a phone too.
 *
 * @param height of the picture, pixels
 */
public record FunnelChart(int height, List<Bar> bars) {
    private static final int ROW = 58;
    private static final int LABEL_BASELINE = 18;
    private static final int BAR_TOP = 26;

    /**
     * @param labelY baseline of label and number, pixels
     * @param barY top of the bar, pixels
     * @param width of the bar, per cent of the picture, e.g. {@code 62.5%}
     */
    public record Bar(Stage stage, long cases, int labelY, int barY, String width) {}

    /** The longest bar fills the width; the others are in proportion, whichever stage is the longest. */
    public static FunnelChart of(Counts counts) {
        long longest = counts.cases().values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
        List<Bar> bars = Arrays.stream(Stage.values())
                .map(stage -> new Bar(
                        stage,
                        counts.at(stage),
                        stage.ordinal() * ROW + LABEL_BASELINE,
                        stage.ordinal() * ROW + BAR_TOP,
                        width(counts.at(stage), longest)))
                .toList();
        return new FunnelChart(bars.size() * ROW, bars);
    }

    /** A part of a whole as the width of a bar; nothing for a whole of nothing. */
    static String width(long part, long whole) {
        return whole == 0 ? "0%" : String.format(Locale.ROOT, "%.1f%%", 100.0 * part / whole);
    }
}
