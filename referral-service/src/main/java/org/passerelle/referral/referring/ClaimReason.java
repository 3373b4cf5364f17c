package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** How a referral came to, or went from, somebody of the organisation. */
public enum ClaimReason {
    /** Taken from the inbox by oneself. */
    CLAIMED("claimed"),
    /** Given to a colleague by whoever had it. */
    HANDED_OVER("handed-over"),
    /** Whoever had it, or was to have it, is away. */
    ABSENCE("absence"),
    REASSIGNED("reassigned"),
    /** Put back into the inbox by whoever had it. */
    RETURNED("returned"),
    /** Whoever had it does not act for the organisation any more. */
    CLAIMANT_LEFT("claimant-left");

    private final String code;

    ClaimReason(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    @JsonCreator
    public static ClaimReason of(String code) {
        return Arrays.stream(values())
                .filter(known -> known.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
