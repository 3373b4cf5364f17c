package org.passerelle.referral.investigating;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** How far justice has come, as the police tell it. */
public enum JusticeStep {
    /** The police investigate. */
    INVESTIGATION("investigation"),
    /** They will not. */
    REFUSED("refused"),
    PROSECUTION("prosecution"),
    CONVICTION("conviction"),
    ACQUITTAL("acquittal"),
    /** Given up, before or in court. */
    DISCONTINUED("discontinued");

    private final String code;

    JusticeStep(String code) {
        this.code = code;
    }

    /** Nothing comes after it but a new investigation, where something new is found. */
    public boolean ends() {
        return switch (this) {
            case INVESTIGATION, PROSECUTION -> false;
            case REFUSED, CONVICTION, ACQUITTAL, DISCONTINUED -> true;
        };
    }

    /** Whether it can be told after {@code before}; an investigation that goes on is told again. */
    boolean follows(JusticeStep before) {
        return switch (this) {
            case INVESTIGATION -> before != PROSECUTION && before != CONVICTION;
            case REFUSED -> before == REFUSED;
            case PROSECUTION, DISCONTINUED -> !before.ends();
            case CONVICTION, ACQUITTAL -> before == PROSECUTION;
        };
    }

    /** Whether a reason is to be given. */
    boolean needsReason() {
        return this == REFUSED || this == DISCONTINUED;
    }

    @JsonValue
    public String code() {
        return code;
    }

    @JsonCreator
    public static JusticeStep of(String code) {
        return Arrays.stream(values())
                .filter(known -> known.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
