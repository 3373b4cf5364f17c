package org.passerelle.referral.investigating;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** Why the police do not investigate, or stop. */
public enum InvestigationReason {
    NO_OFFENCE_FOUND("no-offence-found"),
    INSUFFICIENT_EVIDENCE("insufficient-evidence"),
    NO_JURISDICTION("no-jurisdiction"),
    SUSPECT_UNKNOWN("suspect-unknown"),
    PERSON_DOES_NOT_COOPERATE("person-does-not-cooperate"),
    OTHER("other");

    private final String code;

    InvestigationReason(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    @JsonCreator
    public static InvestigationReason of(String code) {
        return Arrays.stream(values())
                .filter(known -> known.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
