package org.passerelle.reporting.funnel;

import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The funnel: how many cases found in a range of months reached each stage. Exact counts, for those who are allowed
 * inside; it is no public release.
 *
 * @param timeZone in which a month begins and ends
 * @param total over all months and places asked for
 * @param months one row for every month of the range, empty ones too, oldest first
 * @param places one row per place that has a case, by code
 */
public record Funnel(
        YearMonth from,
        YearMonth to,
        @Nullable String place,
        String timeZone,
        Counts total,
        List<OfMonth> months,
        List<OfPlace> places) {

    /** The cases found in one month at one place. */
    public record Cohort(YearMonth month, String place, Counts counts) {}

    public record OfMonth(YearMonth month, Counts cases) {}

    public record OfPlace(String place, Counts cases) {}

    public static Funnel of(FunnelQuestion question, String timeZone, Collection<Cohort> cohorts) {
        Map<YearMonth, Counts> byMonth = new TreeMap<>();
        Map<String, Counts> byPlace = new TreeMap<>();
        Counts total = Counts.NONE;
        for (Cohort cohort : cohorts) {
            byMonth.merge(cohort.month(), cohort.counts(), Counts::plus);
            byPlace.merge(cohort.place(), cohort.counts(), Counts::plus);
            total = total.plus(cohort.counts());
        }
        List<OfMonth> months = new ArrayList<>();
        for (YearMonth month = question.from(); !month.isAfter(question.to()); month = month.plusMonths(1)) {
            months.add(new OfMonth(month, byMonth.getOrDefault(month, Counts.NONE)));
        }
        List<OfPlace> places = byPlace.entrySet().stream()
                .map(place -> new OfPlace(place.getKey(), place.getValue()))
                .toList();
        return new Funnel(
                question.from(), question.to(), question.place(), timeZone, total, List.copyOf(months), places);
    }

    public boolean isEmpty() {
        return total.isEmpty();
    }
}
