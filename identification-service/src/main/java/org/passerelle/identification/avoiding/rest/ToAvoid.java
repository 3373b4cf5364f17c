package org.passerelle.identification.avoiding.rest;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.avoiding.WhyNot;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.codes.Place;

/**
 * Where and to whom the person must not be sent: by itself, or with a need. At least one of both.
 *
 * @param places where the trafficker has reach; ISO 3166-2. A service that is there, or may be, is left out
 */
public record ToAvoid(
        @Nullable @Size(max = 50) List<@NotNull Place> places,
        @Nullable @Size(max = 50) List<@Valid @NotNull OrganisationToAvoid> organisations) {

    /** @param why the trafficker has reach there, or it is in conflict with the person's interests */
    public record OrganisationToAvoid(
            @NotNull OrganisationId organisationId, @NotNull WhyNot why) {}
}
