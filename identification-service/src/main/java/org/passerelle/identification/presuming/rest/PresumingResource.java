package org.passerelle.identification.presuming.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Answer;
import org.passerelle.edge.Commands;
import org.passerelle.identification.casefile.CaseCommand.PresumeVictim;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.presuming.Presumption;
import org.passerelle.identification.reading.CaseAccess;

/** The decision that somebody is presumed to be a victim. */
@Path("/cases/{caseCode}/presumption")
@Tag(name = "Presumption")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class PresumingResource {

    @Inject
    CaseAccess admission;

    @Inject
    Commands commands;

    /** @param grounds free text; never leaves this service */
    public record Presume(
            Presumption.@NotNull DecidedBy decidedBy,
            @NotBlank @Size(max = 20_000) String grounds) {}

    public record Presumed(CaseCode caseCode, long version) {}

    @POST
    @AccessTo("case.presume")
    @Operation(summary = "Presume that the person is a victim")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Presumed.class)))
    public Uni<Response> presume(String caseCode, @Valid @NotNull Presume request) {
        PresumeVictim command = new PresumeVictim(new Presumption(
                request.decidedBy(), request.grounds(), Instant.now().truncatedTo(ChronoUnit.MILLIS)));
        return admission
                .admit(caseCode)
                .chain(admitted -> commands.add(
                        CaseStream.KIND,
                        CaseStream.of(admitted.code()),
                        command,
                        request,
                        handled -> Answer.created(
                                "/identification/cases/" + admitted.code(),
                                new Presumed(admitted.code(), handled.version()))));
    }
}
