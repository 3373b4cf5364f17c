package org.passerelle.referral.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** A referral; the same id as the need that it answers: one referral per need. */
public record ReferralId(@JsonValue UUID value) implements Comparable<ReferralId> {

    @JsonCreator
    public static ReferralId of(String text) {
        return new ReferralId(UUID.fromString(text));
    }

    /** Text order of the canonical form: the same in Java, SQL and on paper (UUID's own order is signed). */
    @Override
    public int compareTo(ReferralId other) {
        return value.toString().compareTo(other.value.toString());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
