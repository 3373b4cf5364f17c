package org.passerelle.referral.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** What a service has assessed before it gives one of its units to somebody. */
public enum Assessment {
    MEDICAL("medical"),
    PSYCHOSOCIAL("psychosocial"),
    SECURITY("security"),
    BEST_INTERESTS("best-interests"),
    LEGAL_STATUS("legal-status"),
    OTHER("other");

    private final String code;

    Assessment(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    public static Optional<Assessment> byCode(String code) {
        return Arrays.stream(values()).filter(known -> known.code.equals(code)).findFirst();
    }

    @JsonCreator
    public static Assessment of(String code) {
        return byCode(code).orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
