package org.passerelle.referral.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** The service's id in the imported HSDS directory. */
public record ServiceId(@JsonValue UUID value) implements Comparable<ServiceId> {

    @JsonCreator
    public static ServiceId of(String text) {
        return new ServiceId(UUID.fromString(text));
    }

    /** Text order of the canonical form: the same in Java, SQL and on paper (UUID's own order is signed). */
    @Override
    public int compareTo(ServiceId other) {
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
