package org.passerelle.referral.routing;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** What ranks the services that can take a need. A decision keeps the weight of each, and what each service got for it. */
public enum SoftRule {
    DISTANCE("distance"),
    /** Surely eligible before perhaps eligible. */
    ELIGIBILITY("eligibility"),
    CAPACITY("capacity"),
    /** How fast and how often the service answered and accepted lately. */
    RESPONSE("response"),
    /** Speaks what the person speaks. */
    LANGUAGE("language"),
    /** Its organisation helps the person already. */
    CONTINUITY("continuity"),
    /** Its organisation has few referrals open. */
    LOAD("load"),
    /** How soon the service promises to act. */
    PROMISE("promise");

    private final String code;

    SoftRule(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    @JsonCreator
    public static SoftRule of(String code) {
        return Arrays.stream(values())
                .filter(known -> known.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
