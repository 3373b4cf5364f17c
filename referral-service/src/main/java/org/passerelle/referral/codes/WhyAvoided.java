package org.passerelle.referral.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** Why an organisation must not hear of somebody, whatever they agreed to. */
public enum WhyAvoided {
    /** The trafficker, or somebody who acts for them, has reach there. */
    TRAFFICKER_REACH("trafficker-reach"),
    /** A suspect, or somebody of their family or business, works there. */
    EMPLOYS_SUSPECT("employs-suspect"),
    /** A suspect, or somebody of their family or business, owns or leads it. */
    RUN_BY_SUSPECT("run-by-suspect"),
    /** It counsels or represents a suspect, or whoever is complained of. */
    REPRESENTS_OTHER_SIDE("represents-other-side"),
    /** It cannot be impartial for another reason. */
    OTHER_CONFLICT("other-conflict");

    private final String code;

    WhyAvoided(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    @JsonCreator
    public static WhyAvoided of(String code) {
        return Arrays.stream(values())
                .filter(known -> known.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown code"));
    }
}
