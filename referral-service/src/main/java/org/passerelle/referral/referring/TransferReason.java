package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** Why whoever gives a service passes the referral on. */
public enum TransferReason {
    PERSON_ASKED("person-asked"),
    OTHER_SERVICE_FITS_BETTER("other-service-fits-better"),
    PERSON_MOVED("person-moved"),
    NOT_SAFE_HERE("not-safe-here"),
    NO_LONGER_ABLE("no-longer-able"),
    OTHER("other");

    private final String code;

    TransferReason(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    @JsonCreator
    public static TransferReason of(String code) {
        return Arrays.stream(values())
                .filter(known -> known.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
