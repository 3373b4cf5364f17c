package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** What a provider says of a service that goes on. */
public enum HowItGoes {
    AS_AGREED("as-agreed"),
    TAKES_LONGER("takes-longer"),
    PERSON_ABSENT("person-absent"),
    ENDS_SOON("ends-soon"),
    OTHER("other");

    private final String code;

    HowItGoes(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    public static Optional<HowItGoes> byCode(String code) {
        return Arrays.stream(values()).filter(known -> known.code.equals(code)).findFirst();
    }

    @JsonCreator
    public static HowItGoes of(String code) {
        return byCode(code).orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
