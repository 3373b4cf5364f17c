package org.passerelle.referral.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** The organisation's id in the imported HSDS directory; also the {@code organisation} claim of its people's tokens. */
public record OrganisationId(@JsonValue UUID value) implements Comparable<OrganisationId> {

    @JsonCreator
    public static OrganisationId of(String text) {
        return new OrganisationId(UUID.fromString(text));
    }

    /** Text order of the canonical form: the same in Java, SQL and on paper (UUID's own order is signed). */
    @Override
    public int compareTo(OrganisationId other) {
        int high = Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
