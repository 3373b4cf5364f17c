package org.passerelle.referral.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** Circumstances of a person for whom a service is, or is not. What is not said of a person is not known. */
public enum Circumstance {
    CHILDREN_WITH_CAREGIVER("children-with-caregiver"),
    PREGNANT("pregnant"),
    DISABILITY("disability"),
    NATIONAL("national"),
    FOREIGN("foreign"),
    IRREGULAR("irregular"),
    ASYLUM_SEEKER("asylum-seeker"),
    REFUGEE("refugee"),
    STATELESS("stateless"),
    RETURNEE("returnee");

    private final String code;

    Circumstance(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    public static Optional<Circumstance> byCode(String code) {
        return Arrays.stream(values()).filter(known -> known.code.equals(code)).findFirst();
    }

    @JsonCreator
    public static Circumstance of(String code) {
        return byCode(code).orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
