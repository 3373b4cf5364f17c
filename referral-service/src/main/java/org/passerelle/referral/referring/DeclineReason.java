package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** Why a provider said no. */
public enum DeclineReason {
    NO_CAPACITY("no-capacity"),
    NOT_ELIGIBLE("not-eligible"),
    OUT_OF_AREA("out-of-area"),
    SAFETY_CONCERN("safety-concern"),
    OTHER("other");

    private final String code;

    DeclineReason(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    public static Optional<DeclineReason> byCode(String code) {
        return Arrays.stream(values()).filter(known -> known.code.equals(code)).findFirst();
    }

    @JsonCreator
    public static DeclineReason of(String code) {
        return byCode(code).orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
