package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** Why a person must decide. */
public enum TaskReason {
    NO_CONSENT("no-consent"),
    NO_CONSENTED_RECIPIENT("no-consented-recipient"),
    EMERGENCY_UNANSWERED("emergency-unanswered"),
    NEED_CLOCK_OVERDUE("need-clock-overdue"),
    /** Wrong codes closed the link of who is asked or gives the service: they need a new one, and the new code. */
    LINK_CLOSED("link-closed"),
    /** Somebody said yes too late: thanked and released, or asked after all. */
    LATE_ACCEPTANCE("late-acceptance"),
    /** What the person agreed to does not cover whoever gives the service any more. */
    CONSENT_ENDED_WHILE_SERVING("consent-ended-while-serving"),
    /** Nobody acts for whoever gives the service. */
    PROVIDER_SUSPENDED("provider-suspended"),
    /** A need that should come first ended without help. */
    OTHER_NEED_FAILED("other-need-failed"),
    /** No service can take it at the place of those that it must be together with. */
    NO_PLACE_TOGETHER("no-place-together"),
    /** Since it was accepted, something became known that speaks against this place. Which it is the case worker reads. */
    PLACEMENT_TO_REVIEW("placement-to-review");

    private final String code;

    TaskReason(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    public static Optional<TaskReason> byCode(String code) {
        return Arrays.stream(values()).filter(known -> known.code.equals(code)).findFirst();
    }

    @JsonCreator
    public static TaskReason of(String code) {
        return byCode(code).orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
