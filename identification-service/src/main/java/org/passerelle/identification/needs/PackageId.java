package org.passerelle.identification.needs;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Several needs of one case that belong together. */
public record PackageId(@JsonValue UUID value) {

    @JsonCreator
    public static PackageId of(String text) {
        return new PackageId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
