package org.passerelle.referral.proposing;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** Counter-referral: the person goes back to the sender, with what came of it and what is still needed. Onward referral: another service is needed too. */
public enum ProposalKind {
    COUNTER_REFERRAL("counter-referral"),
    ONWARD_REFERRAL("onward-referral");

    private final String code;

    ProposalKind(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    @JsonCreator
    public static ProposalKind of(String code) {
        return Arrays.stream(values())
                .filter(known -> known.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
