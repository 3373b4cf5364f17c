package org.passerelle.reporting.console;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Geometry of a chart of bars, one under the other. Heights are in pixels and widths in per cent, without a view box:
 * the picture grows with the page while its letters keep their size, on a phone too.
 *
 * @param height of the picture, pixels
 */
public record BarChart(int height, List<Bar> bars) {
    private static final int ROW = 58;
    private static final int LABEL_BASELINE = 18;
    private static final int BAR_TOP = 26;

    /** What a bar stands for, in words, and how many. */
    public record Count(String name, long count) {}

    /**
     * @param labelY baseline of label and number, pixels
     * @param barY top of the bar, pixels
     * @param width of the bar, per cent of the picture, e.g. {@code 62.5%}
     */
    public record Bar(String name, long count, int labelY, int barY, String width) {}

    /** The longest bar fills the width; the others are in proportion, whichever is the longest. */
    static BarChart of(List<Count> counts) {
        long longest = counts.stream().mapToLong(Count::count).max().orElse(0);
        List<Bar> bars = IntStream.range(0, counts.size())
                .mapToObj(at -> new Bar(
                        counts.get(at).name(),
                        counts.get(at).count(),
                        at * ROW + LABEL_BASELINE,
                        at * ROW + BAR_TOP,
                        width(counts.get(at).count(), longest)))
                .toList();
        return new BarChart(bars.size() * ROW, bars);
    }

    /** A part of a whole as the width of a bar; nothing for a whole of nothing. */
    static String width(long part, long whole) {
        return whole == 0 ? "0%" : String.format(Locale.ROOT, "%.1f%%", 100.0 * part / whole);
    }
}
