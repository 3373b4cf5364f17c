package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** Why a referral ended without a service. */
public enum CancellationReason {
    PERSON_DECLINED("person-declined"),
    NO_LONGER_NEEDED("no-longer-needed"),
    CONSENT_WITHDRAWN("consent-withdrawn"),
    ENTERED_IN_ERROR("entered-in-error"),
    CASE_CLOSED("case-closed"),
    /** Everybody was asked, or nobody could be; how the last one answered says how it ended. */
    NO_SERVICE("no-service"),
    OTHER("other");

    private final String code;

    CancellationReason(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    public static Optional<CancellationReason> byCode(String code) {
        return Arrays.stream(values()).filter(known -> known.code.equals(code)).findFirst();
    }

    @JsonCreator
    public static CancellationReason of(String code) {
        return byCode(code).orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
