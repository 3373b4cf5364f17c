package org.passerelle.referral.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.LocalDate;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A place that a service declared that it serves.
 *
 * @param validFrom the first day; null where it always did
 * @param validTo the last day; null where no end is known
 */
public record Area(
        PlaceCode place,
        @Nullable LocalDate validFrom,
        @Nullable LocalDate validTo) implements Comparable<Area> {

    private static final Comparator<Area> ORDER = Comparator.comparing(Area::place)
            .thenComparing(Area::validFrom, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(Area::validTo, Comparator.nullsLast(Comparator.naturalOrder()));

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public Area(
            @JsonProperty("place") PlaceCode place,
            @JsonProperty("validFrom") @Nullable LocalDate validFrom,
            @JsonProperty("validTo") @Nullable LocalDate validTo) {
        this.place = place;
        this.validFrom = validFrom;
        this.validTo = validTo;
    }

    /** At any time; how events are stored that were stored before areas had times. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Area of(String code) {
        return of(new PlaceCode(code));
    }

    public static Area of(PlaceCode place) {
        return new Area(place, null, null);
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Timed(
            PlaceCode place,
            @Nullable LocalDate validFrom,
            @Nullable LocalDate validTo) {}

    @JsonValue
    Object stored() {
        return isTimed() ? new Timed(place, validFrom, validTo) : place.value();
    }

    public boolean isTimed() {
        return validFrom != null || validTo != null;
    }

    public boolean isServedOn(LocalDate day) {
        return (validFrom == null || !day.isBefore(validFrom)) && (validTo == null || !day.isAfter(validTo));
    }

    @Override
    public int compareTo(Area other) {
        return ORDER.compare(this, other);
    }
}
