package org.passerelle.reporting.funnel.rest;

import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.passerelle.reporting.funnel.FunnelQuestion;

/** A question about the funnel as it came in: clear, or with the field that is not. Empty fields say nothing. */
public sealed interface FunnelAsked {
    record Clear(FunnelQuestion question) implements FunnelAsked {}

    /** @param code of the problem's text */
    record Unclear(String field, String code) implements FunnelAsked {}

    Pattern PLACE = Pattern.compile("[A-Z]{2}(-[A-Z0-9]{1,3}|[0-9]{1,14})?");

    static FunnelAsked read(@Nullable String from, @Nullable String to, @Nullable String place, YearMonth thisMonth) {
        FunnelQuestion usual = FunnelQuestion.lastTwelveMonths(thisMonth);
        YearMonth last;
        YearMonth first;
        try {
            last = isEmpty(to) ? usual.to() : YearMonth.parse(to);
        } catch (DateTimeParseException e) {
            return new Unclear("to", "not-a-month");
        }
        try {
            first = isEmpty(from) ? FunnelQuestion.lastTwelveMonths(last).from() : YearMonth.parse(from);
        } catch (DateTimeParseException e) {
            return new Unclear("from", "not-a-month");
        }
        if (first.isAfter(last)) {
            return new Unclear("from", "range-backwards");
        }
        if (ChronoUnit.MONTHS.between(first, last) >= FunnelQuestion.MOST_MONTHS) {
            return new Unclear("from", "range-too-long");
        }
        if (!isEmpty(place) && !PLACE.matcher(place).matches()) {
            return new Unclear("place", "not-a-place");
        }
        return new Clear(new FunnelQuestion(first, last, isEmpty(place) ? null : place));
    }

    private static boolean isEmpty(@Nullable String text) {
        return text == null || text.isBlank();
    }
}
