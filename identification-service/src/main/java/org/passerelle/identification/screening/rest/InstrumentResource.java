package org.passerelle.identification.screening.rest;

import jakarta.inject.Inject;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.AccessTo;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.screening.Instrument;

/** The questions, with how to ask them, in every language: what a phone needs to ask them without network. */
@Path("/instruments")
@Tag(name = "Screening")
@Produces(MediaType.APPLICATION_JSON)
public class InstrumentResource {

    @Inject
    Instruments instruments;

    @GET
    @Path("/{id}")
    @AccessTo("instrument.read")
    @Operation(summary = "Read a screening instrument; the newest version unless one is asked for")
    public Instrument read(String id, @QueryParam("version") @Nullable @Min(1) Integer version) {
        Optional<Instrument> found = version == null ? instruments.newest(id) : instruments.find(id, version);
        return found.orElseThrow(() -> Refusal.of("instrument-unknown").unknown());
    }
}
