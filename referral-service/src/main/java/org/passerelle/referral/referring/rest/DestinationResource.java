package org.passerelle.referral.referring.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Reads;
import org.passerelle.edge.Relation;
import org.passerelle.edge.Role;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.directory.Destinations;
import org.passerelle.referral.directory.Destinations.Destination;
import org.passerelle.referral.referring.CaseAvoidances;
import org.passerelle.referral.referring.Lifecycle.Stage;
import org.passerelle.referral.referring.TaskReason;
import org.passerelle.referral.referring.Worklists.ReferralView;

/** Where the person is to be brought. */
@Path("/referrals")
@Tag(name = "Referrals")
@Produces(MediaType.APPLICATION_JSON)
public class DestinationResource {

    private static final Set<String> SERVED = Stream.of(Stage.ACCEPTED, Stage.IN_PROGRESS, Stage.ON_HOLD)
            .map(Stage::code)
            .collect(Collectors.toUnmodifiableSet());

    @Inject
    Access access;

    @Inject
    Reads reads;

    @Inject
    Changing changing;

    @Inject
    CaseAvoidances avoidances;

    @Inject
    Destinations destinations;

    @GET
    @Path("/{id}/destination")
    @AccessTo("referral.destination")
    @Operation(
            summary = "Where the service that accepted is given, of a confidential place too",
            description = "For the organisation that sent the person and brings them there, as long as the service is"
                    + " given: not before somebody has accepted, not after the end, not while the service is stopped or"
                    + " the case avoids the place. The reading is on record. Nobody else is to be told.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Destination.class)))
    public Uni<Response> destination(@PathParam("id") UUID id) {
        return changing.known(id)
                .invoke(referral -> {
                    // an account may be both: what a system reads is on telephones and in other databases
                    if (access.caller().isA(Role.PARTNER_SYSTEM)) {
                        throw Access.unknown();
                    }
                    Relations.require(access, referral, Relation.OWNING);
                })
                .flatMap(referral -> reads.recorded(
                        access,
                        List.of(referral.caseCode()),
                        "destination",
                        whereToBring(referral)
                                .map(destination -> Response.ok(destination)
                                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                                        .build())));
    }

    private Uni<Destination> whereToBring(ReferralView referral) {
        if (referral.hasEnded()) {
            throw Refusal.of("referral-ended");
        }
        if (!SERVED.contains(referral.state())) {
            throw Refusal.of("referral-not-accepted");
        }
        if (Boolean.TRUE.equals(referral.stopped())) {
            throw Refusal.of("do-not-bring-stopped");
        }
        if (referral.tasks().contains(TaskReason.PLACEMENT_TO_REVIEW.code())) {
            throw Refusal.of("not-to-be-brought");
        }
        OrganisationId organisation = new OrganisationId(Objects.requireNonNull(referral.provider()));
        ServiceId service = new ServiceId(Objects.requireNonNull(referral.providerService()));
        return avoidances
                .requireSafe(referral.about().caseCode(), organisation, service)
                .chain(() -> destinations.of(organisation, service))
                .map(destination -> {
                    if (destination == null) {
                        throw Refusal.of("service-not-listed");
                    }
                    return destination;
                });
    }
}
