package org.passerelle.identification.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A region, by its ISO 3166-2 code ({@code BI-BM}). The country part must exist; the part behind the hyphen is only
 * checked for its form, because countries redraw their regions faster than lists are published.
 */
public record Place(@JsonValue String code) {

    private static final Pattern FORM = Pattern.compile("[A-Z]{2}-[A-Z0-9]{1,3}");
    private static final Set<String> COUNTRIES = Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2);

    public Place {
        if (!isPlace(code)) {
            throw new IllegalArgumentException("not an ISO 3166-2 code");
        }
    }

    @JsonCreator
    public static Place of(String code) {
        return new Place(code);
    }

    public static boolean isPlace(String code) {
        return FORM.matcher(code).matches() && isCountry(code.substring(0, 2));
    }

    public static boolean isCountry(String code) {
        return COUNTRIES.contains(code);
    }

    @Override
    public String toString() {
        return code;
    }
}
