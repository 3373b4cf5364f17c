package org.passerelle.reporting.funnel;

import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which cases the funnel counts: those found in these months, at this place.
 *
 * @param from first month, included
 * @param to last month, included
 * @param place ISO 3166-2 code or p-code, or a country's ISO 3166-1 code for all of its places; null for everywhere
 */
public record FunnelQuestion(
        YearMonth from, YearMonth to, @Nullable String place) {
    /** A longer range is refused: ten years. */
    public static final int MOST_MONTHS = 120;

    /** Shown when nothing is asked for: the current month and the eleven before. */
    private static final int USUAL_MONTHS = 12;

    public FunnelQuestion {
        if (from.isAfter(to)) {
            throw new IllegalArgumentException("from is after to");
        }
        if (ChronoUnit.MONTHS.between(from, to) >= MOST_MONTHS) {
            throw new IllegalArgumentException("more than " + MOST_MONTHS + " months");
        }
    }

    /** What is asked by default, on a day of this month. */
    public static FunnelQuestion lastTwelveMonths(YearMonth now) {
        return new FunnelQuestion(now.minusMonths(USUAL_MONTHS - 1L), now, null);
    }
}
