package org.passerelle.identification.retaining;

import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;

/**
 * How long what is personal of a case is kept after it was closed, by a text that says so. Its end erases nothing by
 * itself: two people still decide.
 *
 * @param legalBasis the dated text of law; without one nothing ends
 */
public record RetentionPolicy(Period afterClosing, String legalBasis) {

    /** Months differ in length: so many days the last moment of closing can be off when it is counted backwards. */
    private static final int MONTHS_DIFFER = 4;

    public RetentionPolicy {
        if (afterClosing.isNegative() || afterClosing.isZero() || legalBasis.isBlank()) {
            throw new IllegalArgumentException("a time of keeping is longer than nothing and rests on a text");
        }
    }

    /** The first day on which it need not be kept any more. */
    public LocalDate endsOn(Instant closedAt) {
        return LocalDate.ofInstant(closedAt, ZoneOffset.UTC).plus(afterClosing);
    }

    public boolean over(Instant closedAt, LocalDate today) {
        return !today.isBefore(endsOn(closedAt));
    }

    /** Whatever was closed at this moment or later is kept today. */
    public Instant keptSince(LocalDate today) {
        return today.minus(afterClosing)
                .plusDays(MONTHS_DIFFER)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
    }
}
