package org.passerelle.referral.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** How soon the need must be met; its clock (dueAt) comes with the need from identification-service. */
public enum Urgency {
    EMERGENCY("emergency"),
    URGENT("urgent"),
    NORMAL("normal");

    private final String code;

    Urgency(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    public static Optional<Urgency> byCode(String code) {
        return Arrays.stream(values()).filter(known -> known.code.equals(code)).findFirst();
    }

    @JsonCreator
    public static Urgency of(String code) {
        return byCode(code).orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
