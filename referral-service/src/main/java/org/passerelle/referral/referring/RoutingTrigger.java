package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** What made the software route a need. */
public enum RoutingTrigger {
    NEED_STATED("need-stated"),
    DECLINED("declined"),
    EXPIRED("expired"),
    TRANSFERRED("transferred"),
    CONSENT_CHANGED("consent-changed"),
    CONSENT_EXPIRED("consent-expired"),
    /** Something else became known of the person: what it is the trigger does not tell. */
    CIRCUMSTANCES_CHANGED("circumstances-changed"),
    ASKED("asked"),
    DIRECTORY_CHANGED("directory-changed"),
    /** Somebody was found unable, or is done: a unit is free, or what another need of the case stood in the way of. */
    UNIT_RETURNED("unit-returned"),
    /** Another need of the package went on. */
    PACKAGE_CHANGED("package-changed"),
    /** A person chose another service than the ranking's first. */
    CHOSEN("chosen"),
    /** An organisation was suspended, or is so no more. */
    STANDING_CHANGED("standing-changed");

    private final String code;

    RoutingTrigger(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    public static Optional<RoutingTrigger> byCode(String code) {
        return Arrays.stream(values()).filter(known -> known.code.equals(code)).findFirst();
    }

    @JsonCreator
    public static RoutingTrigger of(String code) {
        return byCode(code).orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
