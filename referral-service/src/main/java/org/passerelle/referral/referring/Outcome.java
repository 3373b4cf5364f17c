package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** What came of the service, in the words of service directories. */
public enum Outcome {
    GOT_HELP("got-help"),
    NEEDS_CLIENT_ACTION("needs-client-action"),
    REFERRED_ELSEWHERE("referred-elsewhere"),
    ELIGIBLE("eligible"),
    COULD_NOT_CONTACT("could-not-contact"),
    NOT_ELIGIBLE("not-eligible"),
    NO_CAPACITY("no-capacity"),
    COULD_NOT_GET_HELP("could-not-get-help"),
    NO_LONGER_INTERESTED("no-longer-interested");

    private final String code;

    Outcome(String code) {
        this.code = code;
    }

    /** Whether the service could not be given. */
    boolean failed() {
        return switch (this) {
            case COULD_NOT_CONTACT, NOT_ELIGIBLE, NO_CAPACITY, COULD_NOT_GET_HELP -> true;
            case GOT_HELP, NEEDS_CLIENT_ACTION, REFERRED_ELSEWHERE, ELIGIBLE, NO_LONGER_INTERESTED -> false;
        };
    }

    @JsonValue
    public String code() {
        return code;
    }

    public static Optional<Outcome> byCode(String code) {
        return Arrays.stream(values()).filter(known -> known.code.equals(code)).findFirst();
    }

    @JsonCreator
    public static Outcome of(String code) {
        return byCode(code).orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
