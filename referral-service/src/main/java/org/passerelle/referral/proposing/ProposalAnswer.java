package org.passerelle.referral.proposing;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** What the sender says to it: an onward referral is agreed to or refused, a counter-referral acknowledged. */
public enum ProposalAnswer {
    AGREED("agreed"),
    REFUSED("refused"),
    ACKNOWLEDGED("acknowledged");

    private final String code;

    ProposalAnswer(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    @JsonCreator
    public static ProposalAnswer of(String code) {
        return Arrays.stream(values())
                .filter(known -> known.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }
}
