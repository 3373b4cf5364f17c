package org.passerelle.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.Metadata;

/** Who looked at more cases than anybody should, in this service. */
@Path("/access-alarms")
@Tag(name = "Access")
@Produces(MediaType.APPLICATION_JSON)
public class AlarmsResource {

    @Inject
    Kernel kernel;

    @Inject
    Cursors cursors;

    @Inject
    ObjectMapper json;

    /**
     * At most one an hour for each account, kind and replica, however often it was refused.
     *
     * @param issuer with the subject the account
     * @param kind   {@code opened}: one case after the other; {@code listed}: in lists
     * @param limit  how many different cases within an hour it passed
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Alarm(
            Instant at,
            String issuer,
            String subject,
            @Nullable String organisation,
            String kind,
            int limit) {}

    /** @param next give it as {@code after} for the next page; absent on the last */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Alarms(List<Alarm> alarms, @Nullable String next) {}

    private record Found(long id, Alarm alarm) {}

    @GET
    @AccessTo("access.alarms")
    @Operation(
            summary = "Accounts that looked at too many different cases within an hour, the newest first",
            description = "They were refused (429) from then on. Some milliseconds late.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Alarms.class)))
    public Uni<Response> alarms(
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) int limit) {
        String list = "access alarms";
        return cursors.open(list, after)
                .flatMap(position -> found(position == null ? Long.MAX_VALUE : Long.parseLong(position), limit))
                .flatMap(found -> cursors.next(list, found, limit, last -> Long.toString(last.id()))
                        .map(next -> Response.ok(new Alarms(
                                        found.stream().map(Found::alarm).toList(), next))
                                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                                .build()));
    }

    private Uni<List<Found>> found(long before, int limit) {
        return kernel.pool()
                .preparedQuery("select " + OnRecord.COLUMNS
                        + " from access_alarm a join event e on e.id = a.event_id"
                        + " where a.event_id < $1 order by a.event_id desc limit $2")
                .execute(Tuple.of(before, limit))
                .map(rows -> {
                    List<Found> found = new ArrayList<>();
                    rows.forEach(row -> found.add(found(row)));
                    return found;
                });
    }

    private Found found(Row row) {
        OnRecord event = OnRecord.of(row, json);
        Reads.HarvestSuspected suspected = switch (event.what()) {
            case Reads.HarvestSuspected of -> of;
            case Reads.CaseRead read -> throw new IllegalStateException("no alarm");
            case Reads.RequestsRefused refused -> throw new IllegalStateException("no alarm");
        };
        Metadata by = event.by();
        return new Found(
                event.id(),
                new Alarm(
                        event.at(), by.issuer(), by.subject(), by.organisation(), suspected.kind(), suspected.limit()));
    }
}
