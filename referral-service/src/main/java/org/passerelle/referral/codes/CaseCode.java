package org.passerelle.referral.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * The code of a case, as identification-service issued it: twelve digits in groups of four, e.g. {@code
 * 4829-1370-6158}. This service never makes one and does not re-check its check digits: it only arrives from the
 * ledger of identification, never from a keyboard.
 */
public record CaseCode(@JsonValue String value) {

    private static final Pattern FORM = Pattern.compile("\\d{4}-\\d{4}-\\d{4}");

    @JsonCreator
    public CaseCode {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a case code");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
