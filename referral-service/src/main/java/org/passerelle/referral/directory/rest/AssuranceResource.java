package org.passerelle.referral.directory.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Answer;
import org.passerelle.edge.Commands;
import org.passerelle.edge.Relation;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.StreamAppend;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.directory.DirectoryStream;
import org.passerelle.referral.directory.DirectoryStream.AssureService;

/** That what the directory says of a service is right. */
@Path("/directory/services/{id}/assurance")
@Tag(name = "Directory")
@Produces(MediaType.APPLICATION_JSON)
public class AssuranceResource {

    @Inject
    Access access;

    @Inject
    Commands commands;

    @Inject
    EventStore store;

    @Inject
    Pool pool;

    @Inject
    Clock clock;

    /** @param assuredOn today */
    public record Assured(UUID service, LocalDate assuredOn) {}

    private record Plan(List<StreamAppend> appends) {}

    @POST
    @AccessTo("listing.assure")
    @Operation(
            summary = "Say that the listing of a service is right as it is",
            description = "By its provider, or by the coordination for it. The provider is not reminded again until the"
                    + " listing has grown too old once more.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Assured.class)))
    public Uni<Response> assure(@PathParam("id") UUID id) {
        LocalDate today = clock.instant().atOffset(ZoneOffset.UTC).toLocalDate();
        return organisation(id).flatMap(organisation -> {
            access.require(
                    access.caller().belongsTo(organisation.toString()) ? Relation.OWNING : Relation.COORDINATING);
            StreamId stream = DirectoryStream.of(new OrganisationId(organisation));
            Uni<Plan> plan = store.load(DirectoryStream.KIND, stream)
                    .map(loaded -> DirectoryStream.KIND.append(
                            stream,
                            ExpectedVersion.exactly(loaded.version()),
                            DirectoryStream.KIND
                                    .decider()
                                    .decide(new AssureService(new ServiceId(id), today), loaded.state())))
                    .map(append -> new Plan(append.events().isEmpty() ? List.of() : List.of(append)));
            return commands.append(Map.of(), plan, Plan::appends, planned -> Answer.ok(new Assured(id, today)));
        });
    }

    private Uni<UUID> organisation(UUID service) {
        return pool.preparedQuery("select organisation_id from directory_service where id = $1"
                        + " order by (organisation_id = $2) desc, status = 'defunct', organisation_id limit 1")
                .execute(Tuple.of(service, access.caller().organisationId()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw Access.unknown();
                    }
                    return rows.iterator().next().getUUID("organisation_id");
                });
    }
}
