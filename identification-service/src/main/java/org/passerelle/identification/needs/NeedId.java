package org.passerelle.identification.needs;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** One need of one person; the referral that answers it has the same id. */
public record NeedId(@JsonValue UUID value) {

    @JsonCreator
    public static NeedId of(String text) {
        return new NeedId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
