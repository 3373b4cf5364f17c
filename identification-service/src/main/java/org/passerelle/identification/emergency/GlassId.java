package org.passerelle.identification.emergency;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** One time that somebody broke the glass. */
public record GlassId(@JsonValue UUID value) {

    @JsonCreator
    public static GlassId of(String text) {
        return new GlassId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
