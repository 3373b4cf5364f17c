package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** Why an offer was taken back. {@code accepted-elsewhere}: another organisation's late yes came first. */
public enum WithdrawalReason {
    CONSENT_WITHDRAWN("consent-withdrawn"),
    CONSENT_EXPIRED("consent-expired"),
    CANCELLED("cancelled"),
    CASE_CLOSED("case-closed"),
    ACCEPTED_ELSEWHERE("accepted-elsewhere"),
    /** Those that must be at one place go to another. */
    MOVED_TOGETHER("moved-together"),
    /** A person chose another service. */
    CHOSEN_ELSEWHERE("chosen-elsewhere"),
    /** Nobody of the organisation could answer. */
    ORGANISATION_SUSPENDED("organisation-suspended");

    private final String code;

    WithdrawalReason(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    public static Optional<WithdrawalReason> byCode(String code) {
        return Arrays.stream(values()).filter(known -> known.code.equals(code)).findFirst();
    }

    @JsonCreator
    public static WithdrawalReason of(String code) {
        return byCode(code).orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
