package org.passerelle.assistance.closing;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.passerelle.assistance.access.PlanAccess;
import org.passerelle.assistance.plan.ClosureReason;
import org.passerelle.assistance.plan.PlanCommand.ClosePlan;
import org.passerelle.assistance.plan.Plans;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Answer;
import org.passerelle.edge.Commands;

/** Closing a plan: refused while a referral of its case is open. */
@Path("/plans/{code}/closure")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Plans")
public class ClosureResource {

    @Inject
    PlanAccess plans;

    @Inject
    Commands commands;

    public record ClosureRequest(@NotNull ClosureReason reason) {}

    public record ClosureAnswer(String caseCode, long version) {}

    @POST
    @AccessTo("plan.close")
    @Operation(summary = "Close the plan; refused while a referral of the case is open")
    @APIResponse(
            responseCode = "201",
            description = "Closed; the plan's version is the ETag",
            content = @Content(schema = @Schema(implementation = ClosureAnswer.class)))
    public Uni<Response> close(@PathParam("code") String code, @Valid @NotNull ClosureRequest body) {
        return plans.require(code)
                .flatMap(visible -> commands.change(
                        Plans.KIND,
                        Plans.of(code),
                        new ClosePlan(body.reason()),
                        body,
                        handled -> Answer.created(
                                "/assistance/plans/" + code, new ClosureAnswer(code, handled.version()))));
    }
}
