package org.passerelle.referral.members;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** Why an organisation is suspended; the words of it are kept where such things are decided. */
public enum SuspensionReason {
    SECURITY_INCIDENT("security-incident"),
    COMPLAINT("complaint"),
    AGREEMENT_ENDED("agreement-ended"),
    INACTIVE("inactive"),
    OTHER("other");

    private final String code;

    SuspensionReason(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    @JsonCreator
    public static SuspensionReason of(String code) {
        return Arrays.stream(values())
                .filter(known -> known.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown code"));
    }
}
