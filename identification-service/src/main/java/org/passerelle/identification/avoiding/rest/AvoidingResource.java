package org.passerelle.identification.avoiding.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Answer;
import org.passerelle.edge.Commands;
import org.passerelle.edge.Reads;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.identification.avoiding.Avoidance;
import org.passerelle.identification.avoiding.Avoidance.AvoidedOrganisation;
import org.passerelle.identification.avoiding.Avoidance.AvoidedPlace;
import org.passerelle.identification.casefile.CaseCommand;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.reading.CaseAccess;
import org.passerelle.identification.reading.CaseView;

/**
 * Where and to whom a person must not be sent. Nobody reads it but who keeps the case: whoever is avoided, or knows them,
 * would learn that they are feared.
 */
@Path("/cases/{caseCode}/avoidance")
@Tag(name = "Safety")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class AvoidingResource {

    @Inject
    CaseAccess admission;

    @Inject
    Access access;

    @Inject
    Commands commands;

    @Inject
    EventStore store;

    @Inject
    Reads reads;

    @Inject
    Avoidances avoidances;

    /** All that the case avoids now, who said so and when. */
    public record AvoidanceView(List<AvoidedPlace> places, List<AvoidedOrganisation> organisations, long version) {}

    public record AvoidanceSaid(long version) {}

    @GET
    @AccessTo("case.avoidance")
    @Operation(summary = "Where and to whom the person is not to be sent, who said so and when")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = AvoidanceView.class)))
    public Uni<Response> read(String caseCode) {
        return admission
                .admit(caseCode)
                .chain(admitted -> reads.recorded(
                        access,
                        List.of(admitted.code().text()),
                        "avoidance",
                        store.load(CaseStream.KIND, CaseStream.of(admitted.code()))
                                .map(loaded -> {
                                    Avoidance avoidance =
                                            CaseView.facts(loaded.state()).avoidance();
                                    return Response.ok(new AvoidanceView(
                                                    avoidance.places(), avoidance.organisations(), loaded.version()))
                                            .header(HttpHeaders.CACHE_CONTROL, "no-store")
                                            .header(HttpHeaders.ETAG, Commands.etag(loaded.version()))
                                            .build();
                                })));
    }

    @POST
    @AccessTo("case.avoid")
    @Operation(
            summary = "Say that the trafficker has reach at a place or in an organisation, or that one is in conflict",
            description = "Adds to what was said before. From then on no need of the case is offered there, by nobody:"
                    + " what is offered is taken back at once, and where somebody has accepted, a task asks the case"
                    + " worker to look at it.")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = AvoidanceSaid.class)))
    public Uni<Response> avoid(String caseCode, @Valid @NotNull ToAvoid request) {
        return done(caseCode, request, avoidances.avoid(request));
    }

    @POST
    @Path("/lifting")
    @AccessTo("case.lift-avoidance")
    @Operation(
            summary = "Say that a place or an organisation is safe by now",
            description = "The only way to have somebody sent there: no choice of a service sets an avoidance aside.")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = AvoidanceSaid.class)))
    public Uni<Response> lift(String caseCode, @Valid @NotNull SafeByNow request) {
        return done(caseCode, request, avoidances.lift(request));
    }

    private Uni<Response> done(String caseCode, Object request, CaseCommand command) {
        return admission
                .admit(caseCode)
                .chain(admitted -> commands.add(
                        CaseStream.KIND,
                        CaseStream.of(admitted.code()),
                        command,
                        request,
                        handled -> new Answer(201, null, new AvoidanceSaid(handled.version()))));
    }
}
