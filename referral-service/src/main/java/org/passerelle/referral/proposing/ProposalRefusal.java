package org.passerelle.referral.proposing;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** Why the sender refuses an onward referral. */
public enum ProposalRefusal {
    PERSON_DECLINED("person-declined"),
    ALREADY_ASKED("already-asked"),
    NOT_NEEDED("not-needed"),
    OTHER("other");

    private final String code;

    ProposalRefusal(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    @JsonCreator
    public static ProposalRefusal of(String code) {
        return Arrays.stream(values())
                .filter(known -> known.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
