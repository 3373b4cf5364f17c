package org.passerelle.identification.avoiding.rest;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.codes.Place;

/** Of what the case avoids, what is safe by now. At least one of both; what was not avoided changes nothing. */
public record SafeByNow(
        @Nullable @Size(max = 50) List<@NotNull Place> places,
        @Nullable @Size(max = 50) List<@NotNull OrganisationId> organisations) {}
