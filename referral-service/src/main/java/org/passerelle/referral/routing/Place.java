package org.passerelle.referral.routing;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.PlaceCode;

/**
 * A place of the register.
 *
 * @param pcode the same place's p-code, where it has another code; null where none is known
 * @param name in its country's own use
 * @param parent the place that it lies in; null where it lies in its country and in nothing smaller
 * @param validFrom the first day of its code; null where it always was
 * @param validTo the last one; null where no end is known
 * @param replacedBy after its last day: one that it became or became part of, or several that it was divided into
 * @param centroid its centre or its capital; null where nobody is sure
 * @param origin where all this is from; read by people only
 */
public record Place(
        PlaceCode code,
        @Nullable PlaceCode pcode,
        String name,
        @Nullable PlaceCode parent,
        @Nullable LocalDate validFrom,
        @Nullable LocalDate validTo,
        @Nullable List<PlaceCode> replacedBy,
        @Nullable Coordinates centroid,
        @Nullable String origin) {

    public Place {
        replacedBy = replacedBy == null ? List.of() : List.copyOf(replacedBy);
        if (!replacedBy.isEmpty() && validTo == null) {
            throw new IllegalArgumentException("replaced, but its last day is not said: " + code);
        }
        if (validFrom != null && validTo != null && validTo.isBefore(validFrom)) {
            throw new IllegalArgumentException("its last day is before its first: " + code);
        }
        if (code.isCountry() || replacedBy.contains(code) || code.equals(parent)) {
            throw new IllegalArgumentException("a country, or its own parent or successor: " + code);
        }
    }

    @Override
    public List<PlaceCode> replacedBy() {
        return replacedBy == null ? List.of() : replacedBy;
    }

    boolean beganAfter(Place other) {
        return validFrom != null && other.validTo != null && validFrom.isAfter(other.validTo);
    }

    boolean isReplacedOn(LocalDate day) {
        return validTo != null && day.isAfter(validTo);
    }
}
