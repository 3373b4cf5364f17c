package org.passerelle.referral.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * A place by its ISO 3166-2 code ({@code NG-LA}) or by the p-code of any level that OCHA's common data sets give it
 * ({@code NG025001}), or a whole country by its ISO 3166-1 alpha-2 code ({@code NG}). Which place lies in which,
 * {@code routing.Places} knows.
 */
public record PlaceCode(@JsonValue String value) implements Comparable<PlaceCode> {

    private static final Pattern FORM = Pattern.compile("[A-Z]{2}(-[A-Z0-9]{1,3}|[0-9]{1,14})?");

    private static final int COMMUNE = 8;

    @JsonCreator
    public PlaceCode {
        if (!isPlaceCode(value)) {
            throw new IllegalArgumentException("neither an ISO 3166-2 code nor a p-code: " + value);
        }
    }

    public static boolean isPlaceCode(String text) {
        return FORM.matcher(text).matches();
    }

    /** ISO 3166-1 alpha-2. */
    public String country() {
        return value.substring(0, 2);
    }

    public boolean isCountry() {
        return value.length() == 2;
    }

    public boolean isPCode() {
        return value.length() > 2 && value.charAt(2) != '-';
    }

    /** Six digits of a p-code: those that a finer place shares with its neighbours. */
    public PlaceCode asFarAsCommunes() {
        return isPCode() && value.length() > COMMUNE ? new PlaceCode(value.substring(0, COMMUNE)) : this;
    }

    public boolean sameCountryAs(PlaceCode other) {
        return value.charAt(0) == other.value.charAt(0) && value.charAt(1) == other.value.charAt(1);
    }

    @Override
    public int compareTo(PlaceCode other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
