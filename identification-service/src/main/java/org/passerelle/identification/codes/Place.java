package org.passerelle.identification.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;
import org.passerelle.eventsourcing.Refusal;

/**
 * A region by its ISO 3166-2 code ({@code BI-BM}), or what is smaller by its p-code ({@code EC1101}): as far as communes and
 * districts, six digits, and no hamlet, because it leaves this service. The country must exist; the rest is only checked for
 * its form, because countries redraw their regions faster than lists are published. The referral service looks at a place
 * that it does not know as at its whole country.
 */
public record Place(@JsonValue String code) {

    private static final Pattern FORM = Pattern.compile("[A-Z]{2}(-[A-Z0-9]{1,3}|[0-9]{1,6})");

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
