package org.passerelle.identification.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;
import org.passerelle.eventsourcing.Refusal;

/**
 * A region, by its ISO 3166-2 code ({@code BI-BM}). The country part must exist; the part behind the hyphen is only
 * checked for its form, because countries redraw their regions faster than lists are published.
 */
public record Place(@JsonValue String code) {

    private static final Pattern FORM = Pattern.compile("[A-Z]{2}-[A-Z0-9]{1,3}");

    /** @throws Refusal {@code place-unknown} */
    public Place {
        if (!FORM.matcher(code).matches() || !Country.exists(code.substring(0, 2))) {
            throw Refusal.of("place-unknown").invalid();
        }
    }

    @JsonCreator
    public static Place of(String code) {
        return new Place(code);
    }

    @Override
    public String toString() {
        return code;
    }
}
