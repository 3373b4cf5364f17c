package org.passerelle.assistance.delivering;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
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
import org.passerelle.assistance.plan.DeliveryId;
import org.passerelle.assistance.plan.PlanCommand.RecordDelivery;
import org.passerelle.assistance.plan.Plans;
import org.passerelle.assistance.plan.ReferralId;
import org.passerelle.assistance.plan.ServiceType;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Answer;
import org.passerelle.edge.Commands;

/** The organisation that gives a service records that it did; or the owning one does for it. */
@Path("/plans/{code}/deliveries")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Services")
public class DeliveriesResource {

    @Inject
    PlanAccess plans;

    @Inject
    Commands commands;

    @Inject
    Clock clock;

    /**
     * @param service     as agreed; may be left out, since a referral is for one service
     * @param deliveredAt when it was given, not in the future
     * @param units       nights, sessions, meals; 1 where it is left out
     * @param note        free text; kept in this service, shown to the owning organisation and to the one that gave it
     */
    public record DeliveryRequest(
            @NotNull ReferralId referralId,
            @Nullable ServiceType service,
            @NotNull Instant deliveredAt,
            @Min(1) @Max(100_000) @Nullable Integer units,
            @Size(max = 2_000) @Nullable String note) {}

    public record DeliveryAnswer(DeliveryId deliveryId, long version) {}

    @POST
    @AccessTo("plan.deliver")
    @Operation(summary = "Record that an agreed service was given")
    @APIResponse(
            responseCode = "201",
            description = "Recorded; the plan's version is the ETag",
            content = @Content(schema = @Schema(implementation = DeliveryAnswer.class)))
    public Uni<Response> record(@PathParam("code") String code, @Valid @NotNull DeliveryRequest body) {
        DeliveryId id = new DeliveryId(UUID.randomUUID());
        Integer units = body.units();
        return plans.requireForService(code, body.referralId())
                .flatMap(visible -> commands.add(
                        Plans.KIND,
                        Plans.of(code),
                        new RecordDelivery(
                                id,
                                body.referralId(),
                                body.service(),
                                body.deliveredAt(),
                                units == null ? 1 : units,
                                body.note(),
                                clock.instant()),
                        body,
                        handled -> Answer.created(
                                "/assistance/plans/" + code, new DeliveryAnswer(id, handled.version()))));
    }
}
