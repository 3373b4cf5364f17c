package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** Why a person chooses another service than the ranking's first. */
public enum ChoiceReason {
    PERSON_ASKED("person-asked"),
    SAFETY("safety"),
    AGREED_BY_TELEPHONE("agreed-by-telephone"),
    BETTER_SUITED("better-suited"),
    APART_IS_BETTER("apart-is-better"),
    OTHER("other");

    private final String code;

    ChoiceReason(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    @JsonCreator
    public static ChoiceReason of(String code) {
        return Arrays.stream(values())
                .filter(known -> known.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
