package org.passerelle.identification.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** An organisation of the mechanism, by its id in the service directory (HSDS). */
public record OrganisationId(@JsonValue UUID value) {

    @JsonCreator
    public static OrganisationId of(String text) {
        return new OrganisationId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
