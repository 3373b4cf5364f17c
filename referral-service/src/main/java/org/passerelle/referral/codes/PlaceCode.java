package org.passerelle.referral.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** A place by its ISO 3166-2 code ({@code NG-LA}), or a whole country by its ISO 3166-1 alpha-2 code ({@code NG}). */
public record PlaceCode(@JsonValue String value) implements Comparable<PlaceCode> {

    private static final Pattern FORM = Pattern.compile("[A-Z]{2}(-[A-Z0-9]{1,3})?");

    @JsonCreator
    public PlaceCode {
        if (!isPlaceCode(value)) {
            throw new IllegalArgumentException("not an ISO 3166-2 code: " + value);
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

    /** A country covers each of its places; a place covers itself. */
    public boolean covers(PlaceCode other) {
        return equals(other) || (isCountry() && sameCountryAs(other));
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
