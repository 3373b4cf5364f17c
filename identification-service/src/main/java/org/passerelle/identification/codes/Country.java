package org.passerelle.identification.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Set;
import org.passerelle.eventsourcing.Refusal;

/** A country, by its ISO 3166-1 alpha-2 code ({@code BI}). */
public record Country(@JsonValue String code) {

    private static final Set<String> CODES = Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2);

    /** @throws Refusal {@code country-unknown} */
    public Country {
        if (!exists(code)) {
            throw Refusal.of("country-unknown").invalid();
        }
    }

    @JsonCreator
    public static Country of(String code) {
        return new Country(code);
    }

    static boolean exists(String code) {
        return CODES.contains(code);
    }

    @Override
    public String toString() {
        return code;
    }
}
