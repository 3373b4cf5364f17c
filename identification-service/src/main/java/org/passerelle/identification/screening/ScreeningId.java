package org.passerelle.identification.screening;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** One answered screening of one person. */
public record ScreeningId(@JsonValue UUID value) {

    @JsonCreator
    public static ScreeningId of(String text) {
        return new ScreeningId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
