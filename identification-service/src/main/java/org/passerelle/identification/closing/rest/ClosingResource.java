package org.passerelle.identification.closing.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
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
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Answer;
import org.passerelle.edge.Commands;
import org.passerelle.edge.Role;
import org.passerelle.identification.casefile.CaseCommand.CloseCase;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.closing.ClosingReason;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.reading.CaseAccess;

/** Closing a case. */
@Path("/cases/{caseCode}/closure")
@Tag(name = "Closure")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ClosingResource {

    @Inject
    CaseAccess admission;

    @Inject
    Access access;

    @Inject
    Commands commands;

    public record Closure(@NotNull ClosingReason reason) {}

    public record Closed(CaseCode caseCode, long version) {}

    @POST
    @AccessTo("case.close")
    @Operation(
            summary = "Close a case; refused while a need is unmet",
            description =
                    "A need that nobody can meet is unmet. Where it is no longer wanted, or no service is looked for"
                            + " any more, cancel its referral first: POST /referral/referrals/{id}/cancellation.")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Closed.class)))
    public Uni<Response> close(String caseCode, @Valid @NotNull Closure request) {
        CloseCase command = new CloseCase(
                request.reason(),
                access.caller().isA(Role.SUPERVISOR),
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
        return admission
                .admit(caseCode)
                .chain(admitted -> commands.change(
                        CaseStream.KIND,
                        CaseStream.of(admitted.code()),
                        command,
                        request,
                        handled -> Answer.created(
                                "/identification/cases/" + admitted.code(),
                                new Closed(admitted.code(), handled.version()))));
    }
}
