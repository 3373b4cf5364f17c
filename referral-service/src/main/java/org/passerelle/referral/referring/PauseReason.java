package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** Why a service is on hold. */
public enum PauseReason {
    PERSON_ASKED("person-asked"),
    PERSON_UNREACHABLE("person-unreachable"),
    AWAITING_DOCUMENT("awaiting-document"),
    AWAITING_OTHER_SERVICE("awaiting-other-service"),
    PROVIDER_UNAVAILABLE("provider-unavailable"),
    OTHER("other");

    private final String code;

    PauseReason(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    @JsonCreator
    public static PauseReason of(String code) {
        return Arrays.stream(values())
                .filter(known -> known.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
