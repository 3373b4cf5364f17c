package org.passerelle.referral.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** The location's id in the imported HSDS directory. */
public record LocationId(@JsonValue UUID value) implements Comparable<LocationId> {

    @JsonCreator
    public static LocationId of(String text) {
        return new LocationId(UUID.fromString(text));
    }

    /** Text order of the canonical form: the same in Java, SQL and on paper (UUID's own order is signed). */
    @Override
    public int compareTo(LocationId other) {
        return value.toString().compareTo(other.value.toString());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
