package org.passerelle.referral.investigating;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** What kind of thing is handed over. Never what is in it. */
public enum EvidenceKind {
    OBJECT("object"),
    DOCUMENT("document"),
    IDENTITY_DOCUMENT("identity-document"),
    DEVICE("device"),
    MESSAGES("messages"),
    PHOTOGRAPH_OR_VIDEO("photograph-or-video"),
    MEDICAL_CERTIFICATE("medical-certificate"),
    FINANCIAL_RECORD("financial-record"),
    WITNESS("witness"),
    PLACE_OR_VEHICLE("place-or-vehicle"),
    OTHER("other");

    private final String code;

    EvidenceKind(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    @JsonCreator
    public static EvidenceKind of(String code) {
        return Arrays.stream(values())
                .filter(known -> known.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
