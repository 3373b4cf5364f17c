package org.passerelle.assistance.followingup;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.assistance.access.PlanAccess;
import org.passerelle.assistance.plan.FollowUpId;
import org.passerelle.assistance.plan.FollowUpKind;
import org.passerelle.assistance.plan.FollowUpOutcome;
import org.passerelle.assistance.plan.NewFollowUp;
import org.passerelle.assistance.plan.PlanCommand.RecordFollowUp;
import org.passerelle.assistance.plan.PlanCommand.ScheduleFollowUp;
import org.passerelle.assistance.plan.Plans;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Answer;
import org.passerelle.edge.Commands;

/** Scheduling follow-ups and recording how the person was found. */
@Path("/plans/{code}/follow-ups")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Follow-ups")
public class FollowUpsResource {

    @Inject
    PlanAccess plans;

    @Inject
    Commands commands;

    @Inject
    FollowUpRule rule;

    @Inject
    Clock clock;

    /**
     * @param dueAt in the future, at most five years from now
     * @param kind  {@code other} where it is left out
     */
    public record FollowUpRequest(
            @NotNull Instant dueAt, @Nullable FollowUpKind kind) {}

    public record FollowUpAnswer(FollowUpId followUpId, long version) {}

    /**
     * @param note free text; kept in this service, shown to the owning organisation only
     */
    public record OutcomeRequest(
            @NotNull FollowUpOutcome outcome,
            @Size(max = 2_000) @Nullable String note) {}

    @POST
    @AccessTo("plan.follow-up")
    @Operation(summary = "Schedule a follow-up: it comes due once, at its time")
    @APIResponse(
            responseCode = "201",
            description = "Scheduled; the plan's version is the ETag",
            content = @Content(schema = @Schema(implementation = FollowUpAnswer.class)))
    public Uni<Response> schedule(@PathParam("code") String code, @Valid @NotNull FollowUpRequest body) {
        FollowUpId id = new FollowUpId(UUID.randomUUID());
        FollowUpKind kind = body.kind() == null ? FollowUpKind.OTHER : body.kind();
        return plans.require(code)
                .flatMap(visible -> commands.add(
                        Plans.KIND,
                        Plans.of(code),
                        new ScheduleFollowUp(new NewFollowUp(id, body.dueAt(), kind), clock.instant()),
                        body,
                        handled -> Answer.created(
                                "/assistance/plans/" + code, new FollowUpAnswer(id, handled.version()))));
    }

    @POST
    @Path("/{id}/outcome")
    @AccessTo("plan.follow-up")
    @Operation(summary = "Record how the person was found, or that they were not")
    @APIResponse(
            responseCode = "201",
            description = "Recorded; the plan's version is the ETag",
            content = @Content(schema = @Schema(implementation = FollowUpAnswer.class)))
    public Uni<Response> done(
            @PathParam("code") String code, @PathParam("id") UUID id, @Valid @NotNull OutcomeRequest body) {
        FollowUpId followUp = new FollowUpId(id);
        return plans.require(code)
                .flatMap(visible -> commands.add(
                        Plans.KIND,
                        Plans.of(code),
                        new RecordFollowUp(followUp, body.outcome(), body.note(), rule.after(clock.instant())),
                        body,
                        handled -> Answer.created(
                                "/assistance/plans/" + code, new FollowUpAnswer(followUp, handled.version()))));
    }
}
