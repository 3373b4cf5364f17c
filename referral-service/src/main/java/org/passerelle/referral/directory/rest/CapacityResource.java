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
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Answer;
import org.passerelle.edge.Commands;
import org.passerelle.edge.Relation;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.directory.Capacity;
import org.passerelle.referral.directory.CapacityDeclaring;
import org.passerelle.referral.directory.CapacityDeclaring.Plan;
import org.passerelle.referral.directory.DirectoryStream;
import org.passerelle.referral.directory.DirectoryStream.DeclareCapacity;
import org.passerelle.referral.directory.DirectoryStream.Figure;

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

    /** A figure of a line, perhaps with what it counts. */
    private static final String FIGURE = "[^\\d,/\\p{Cntrl}]{0,100}\\d{1,6}\\s*(/\\s*\\d{1,6}\\s*)?";

    private static final java.util.regex.Pattern WORDS =
            java.util.regex.Pattern.compile("([^\\d,/]*)(\\d{1,6})\\s*(?:/\\s*(\\d{1,6}))?");

    @Inject
    Access access;

    @Inject
    Commands commands;

    @Inject
    EventStore store;

    @Inject
    CapacityDeclaring declaring;

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
     * @param units what it counts; where that is several things, declared and maximum are of those that a need of one
     *     person is counted against
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
            long waiting,
            List<UnitView> units) {}

    /**
     * One of the things that a service counts.
     *
     * @param declaredAt when its provider, or a directory that was imported, said so
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record UnitView(
            String unit,
            int available,
            @Nullable Integer maximum,
            @Nullable Instant declaredAt) {

        static UnitView of(Capacity capacity) {
            return new UnitView(capacity.unit(), capacity.available(), capacity.maximum(), capacity.updated());
        }
    }

    /**
     * One thing that the service counts, or all of them.
     *
     * @param unit needed where the service counts several things, and one that it counts
     * @param available free units now; those that offers hold are still to be counted as free. Needed without units
     * @param maximum left as it was when left out
     * @param units instead of the others: all that the service counts from now on
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Declaration(
            @Nullable @Size(min = 1, max = 100) String unit,
            @Nullable @Min(0) @Max(1_000_000) Integer available,
            @Nullable @Min(0) @Max(1_000_000) Integer maximum,
            @Nullable @Valid @Size(min = 1, max = 20) List<@NotNull UnitDeclaration> units) {

        private List<Figure> figures() {
            if (units != null && (unit != null || available != null || maximum != null)) {
                throw Refusal.of("one-unit-or-all").invalid().field("units");
            }
            if (units != null) {
                return units.stream()
                        .map(one -> new Figure(one.unit(), one.available(), one.maximum()))
                        .toList();
            }
            if (available == null) {
                throw Refusal.of("available-needed").invalid().field("available");
            }
            return List.of(new Figure(unit, available, maximum));
        }
    }

    /** One of several things that a service counts. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record UnitDeclaration(
            @NotNull @Size(min = 1, max = 100) String unit,
            @NotNull @Min(0) @Max(1_000_000) Integer available,
            @Nullable @Min(0) @Max(1_000_000) Integer maximum) {}

    /**
     * What is declared from now on.
     *
     * @param available of what a need of one person is counted against
     */
    public record Declared(UUID service, int available) {}

    @GET
    @AccessTo("directory.read")
    @Operation(summary = "What a service can take now")
    public Uni<CapacityView> capacity(@PathParam("id") UUID id) {
        return row(id).flatMap(row -> store.load(
                        DirectoryStream.KIND, DirectoryStream.of(new OrganisationId(row.getUUID("organisation_id"))))
                .map(loaded -> view(id, row, loaded.state().capacities(new ServiceId(id)))));
    }

    private static CapacityView view(UUID id, Row row, List<Capacity> capacities) {
        Integer free = row.getInteger("free");
        return new CapacityView(
                id,
                row.getInteger("capacity_available"),
                row.getInteger("capacity_maximum"),
                row.getOffsetDateTime("capacity_updated"),
                free == null ? null : (Integer) Math.max(free, 0),
                row.getLong("held"),
                row.getLong("taken"),
                row.getLong("waiting"),
                capacities.stream().map(UnitView::of).toList());
    }

    @POST
    @AccessTo("capacity.declare")
    @Operation(
            summary = "Say what a service can take now",
            description = "By its provider, or by the coordination for it; of a service that counts several things,"
                    + " which of them, or units with all of them. Needs that wait are routed again by themselves, the"
                    + " most pressing first.")
    public Uni<Response> declare(@PathParam("id") UUID id, @Valid @NotNull Declaration declaration) {
        return declared(id, declaration.figures(), declaration.units() != null, false, declaration);
    }

    @POST
    @Path("/line")
    @Consumes(MediaType.TEXT_PLAIN)
    @AccessTo("capacity.declare")
    @Operation(
            summary = "The same in one line: 3, or 3/12",
            description =
                    "Free units, and after a slash how many there are. Of a service that counts several things, all"
                            + " of them: bed 3/12, family 1; or one: bed 3. Needs no Idempotency-Key: without one, the same line"
                            + " within a minute is a repeat.")
    public Uni<Response> line(
            @PathParam("id") UUID id, @NotNull @Pattern(regexp = FIGURE + "(," + FIGURE + "){0,19}") String line) {
        List<Figure> figures =
                Stream.of(line.split(",")).map(CapacityResource::figure).toList();
        return declared(id, figures, figures.size() > 1, !commands.hasKey(), line);
    }

    private static Figure figure(String text) {
        Matcher figure = WORDS.matcher(text.strip());
        if (!figure.matches()) {
            throw new IllegalStateException("the pattern of the line lets pass what is none");
        }
        String unit = figure.group(1).strip();
        String maximum = figure.group(3);
        return new Figure(
                unit.isEmpty() ? null : unit,
                Integer.parseInt(figure.group(2)),
                maximum == null ? null : (Integer) Integer.parseInt(maximum));
    }

    private Uni<Response> declared(UUID id, List<Figure> figures, boolean all, boolean withoutKey, Object body) {
        ServiceId service = new ServiceId(id);
        // Also where it is planned again: what is taken meanwhile is not yet in what the provider says.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return row(id).flatMap(row -> {
            UUID organisation = row.getUUID("organisation_id");
            access.require(
                    access.caller().belongsTo(organisation.toString()) ? Relation.OWNING : Relation.COORDINATING);
            Uni<Plan> plan = declaring.plan(
                    new OrganisationId(organisation), new DeclareCapacity(service, figures, all, withoutKey, now));
            Function<Plan, Answer> answer = planned -> Answer.ok(new Declared(id, planned.counted()));
            return withoutKey
                    ? commands.appendAlsoWithoutKey(body, plan, Plan::appends, answer)
                    : commands.append(body, plan, Plan::appends, answer);
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
