package org.passerelle.referral.directory.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
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
import org.passerelle.referral.directory.DirectoryStream.DeclareCapacity;

/** What a service can take now, as its provider says and as offers and referrals left it. */
@Path("/directory/services/{id}/capacity")
@Tag(name = "Directory")
public class CapacityResource {

    private static final String STATED = "select s.organisation_id, s.capacity_available, s.capacity_maximum,"
            + " s.capacity_updated,"
            + " free_units(s.id, s.capacity_available, s.capacity_maximum, s.capacity_updated) as free,"
            + " (select count(*) from offer_view f where f.service_id = s.id and f.standing = 'open') as held,"
            + " (select count(*) from offer_view f where f.service_id = s.id and f.standing = 'accepted') as taken,"
            + " (select count(*) from waiting_list w where w.service_id = s.id and not w.anew) as waiting"
            + " from directory_service s where s.id = $1 order by s.status = 'defunct', s.organisation_id limit 1";

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

    /**
     * What is free and what is not.
     *
     * @param declared free units when the provider last said; null when it never did
     * @param free now: what is declared, less what offers hold and referrals took since, with what was given back
     * @param held by offers that await their answer
     * @param taken by referrals under way
     * @param waiting needs that would be offered to the service if it had a unit free
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CapacityView(
            UUID service,
            @Nullable Integer declared,
            @Nullable Integer maximum,
            @Nullable OffsetDateTime declaredAt,
            @Nullable Integer free,
            long held,
            long taken,
            long waiting) {}

    /**
     * @param unit needed where the service counts several things
     * @param available free units now; those that offers hold are still to be counted as free
     * @param maximum left as it was when left out
     */
    public record Declaration(
            @Nullable @Size(min = 1, max = 100) String unit,
            @NotNull @Min(0) @Max(1_000_000) Integer available,
            @Nullable @Min(0) @Max(1_000_000) Integer maximum) {}

    /** What is declared from now on. */
    public record Declared(UUID service, int available) {}

    @GET
    @AccessTo("directory.read")
    @Operation(summary = "What a service can take now")
    public Uni<CapacityView> capacity(@PathParam("id") UUID id) {
        return row(id).map(row -> {
            Integer free = row.getInteger("free");
            return new CapacityView(
                    id,
                    row.getInteger("capacity_available"),
                    row.getInteger("capacity_maximum"),
                    row.getOffsetDateTime("capacity_updated"),
                    free == null ? null : (Integer) Math.max(free, 0),
                    row.getLong("held"),
                    row.getLong("taken"),
                    row.getLong("waiting"));
        });
    }

    @POST
    @AccessTo("capacity.declare")
    @Operation(
            summary = "Say what a service can take now",
            description = "By its provider, or by the coordination for it. Needs that wait are routed again by"
                    + " themselves, the most pressing first.")
    public Uni<Response> declare(@PathParam("id") UUID id, @Valid @NotNull Declaration declaration) {
        return declared(id, declaration.unit(), declaration.available(), declaration.maximum(), declaration);
    }

    @POST
    @Path("/line")
    @Consumes(MediaType.TEXT_PLAIN)
    @AccessTo("capacity.declare")
    @Operation(
            summary = "The same in one line: 3, or 3/12",
            description = "Free units, and after a slash how many there are. For a service that counts one thing.")
    public Uni<Response> line(
            @PathParam("id") UUID id, @NotNull @Pattern(regexp = "\\s*\\d{1,6}\\s*(/\\s*\\d{1,6}\\s*)?") String line) {
        String[] figures = line.strip().split("\\s*/\\s*");
        return declared(
                id,
                null,
                Integer.parseInt(figures[0]),
                figures.length == 1 ? null : (Integer) Integer.parseInt(figures[1]),
                line);
    }

    private record Plan(List<StreamAppend> appends) {}

    private Uni<Response> declared(
            UUID id, @Nullable String unit, int available, @Nullable Integer maximum, Object body) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        DeclareCapacity command = new DeclareCapacity(new ServiceId(id), unit, available, maximum, now);
        return row(id).flatMap(row -> {
            UUID organisation = row.getUUID("organisation_id");
            access.require(
                    access.caller().belongsTo(organisation.toString()) ? Relation.OWNING : Relation.COORDINATING);
            StreamId stream = DirectoryStream.of(new OrganisationId(organisation));
            Uni<Plan> plan = store.load(DirectoryStream.KIND, stream)
                    .map(loaded -> DirectoryStream.KIND.append(
                            stream,
                            ExpectedVersion.exactly(loaded.version()),
                            DirectoryStream.KIND.decider().decide(command, loaded.state())))
                    .map(append -> new Plan(
                            append.events().isEmpty() ? List.of() : List.of(append, DirectoryStream.changed(now))));
            return commands.append(body, plan, Plan::appends, planned -> Answer.ok(new Declared(id, available)));
        });
    }

    private Uni<Row> row(UUID id) {
        return pool.preparedQuery(STATED).execute(Tuple.of(id)).map(rows -> {
            if (rows.size() == 0) {
                throw Access.unknown();
            }
            return rows.iterator().next();
        });
    }
}
