package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;

/** Why an organisation that gives a service is not to go on with it until its sender has decided. */
public enum StopReason {
    /** What the person agreed to does not cover the organisation any more. */
    CONSENT_ENDED("consent-ended", TaskReason.CONSENT_ENDED_WHILE_SERVING),
    /** Nobody acts for the organisation. */
    PROVIDER_SUSPENDED("provider-suspended", TaskReason.PROVIDER_SUSPENDED);

    private final String code;
    private final TaskReason task;

    StopReason(String code, TaskReason task) {
        this.code = code;
        this.task = task;
    }

    @JsonValue
    public String code() {
        return code;
    }

    /** What the sender decides. */
    TaskReason task() {
        return task;
    }

    /** Whether a service is stopped whose open tasks are these. */
    static boolean isAmong(List<String> tasks) {
        return Arrays.stream(values()).anyMatch(reason -> tasks.contains(reason.task.code()));
    }

    @JsonCreator
    public static StopReason of(String code) {
        return Arrays.stream(values())
                .filter(known -> known.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
