package org.passerelle.identification.handingover;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** One hand-over across a border; the same on both sides, and all that the two cases have in common. */
public record HandOverId(@JsonValue UUID value) {

    @JsonCreator
    public static HandOverId of(String text) {
        return new HandOverId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
