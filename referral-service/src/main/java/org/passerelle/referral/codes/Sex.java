package org.passerelle.referral.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** HTCDS gender. */
public enum Sex {
    FEMININE("Feminine"),
    MASCULINE("Masculine"),
    TRANSGENDER_FEMININE("TransgenderFeminine"),
    TRANSGENDER_MASCULINE("TransgenderMasculine"),
    NON_CONFORMING("NonConforming"),
    NON_SPECIFIED_UNKNOWN("NonSpecifiedUnknown");

    private final String code;

    Sex(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    public static Optional<Sex> byCode(String code) {
        return Arrays.stream(values()).filter(known -> known.code.equals(code)).findFirst();
    }

    @JsonCreator
    public static Sex of(String code) {
        return byCode(code).orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
