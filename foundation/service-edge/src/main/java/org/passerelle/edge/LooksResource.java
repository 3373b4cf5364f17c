package org.passerelle.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
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

/** Who looked at this case, in this service. Asking is a look too. */
@Path("/cases/{code}/access")
@Tag(name = "Access", description = "Who looked at a case")
@Produces(MediaType.APPLICATION_JSON)
public class LooksResource {

    @Inject
    Kernel kernel;

    @Inject
    Access access;

    @Inject
    Reads reads;

    @Inject
    Cursors cursors;

    @Inject
    Instance<CaseAdmission> admission;

    @Inject
    ObjectMapper json;

    /**
     * One request that gave out data of the case.
     *
     * @param issuer       with the subject the account that asked
     * @param organisation for whom it asked
     * @param purpose      as the request said
     * @param action       as in the access policy
     * @param fields       which data were given
     * @param result       always "given": refusals are counted per caller and minute and name no case
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Look(
            Instant at,
            String issuer,
            String subject,
            @Nullable String organisation,
            String purpose,
            String action,
            String fields,
            String result,
            String correlationId) {}

    /** @param next give it as {@code after} for the next page; absent on the last */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Looks(List<Look> looks, @Nullable String next) {}

    private record Found(long id, Look look) {}

    @GET
    @AccessTo("access.read")
    @Operation(
            summary = "Who looked at this case, the newest first",
            description = "For the owner's case workers and supervisors and for auditors. Some milliseconds late.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Looks.class)))
    public Uni<Response> looks(
            @PathParam("code") String written,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) int limit) {
        if (admission.isUnsatisfied()) {
            throw Access.unknown();
        }
        return admission.get().admitTo(written).flatMap(code -> {
            String list = "looks " + code;
            Uni<Response> page = cursors.open(list, after)
                    .flatMap(position ->
                            found(code, position == null ? Long.MAX_VALUE : Long.parseLong(position), limit))
                    .flatMap(found -> cursors.next(list, found, limit, last -> Long.toString(last.id()))
                            .map(next -> Response.ok(new Looks(
                                            found.stream().map(Found::look).toList(), next))
                                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                                    .build()));
            return reads.recorded(access, List.of(code), "looks", page);
        });
    }

    private Uni<List<Found>> found(String code, long before, int limit) {
        return kernel.pool()
                .preparedQuery("select " + OnRecord.COLUMNS
                        + " from case_look l join event e on e.id = l.event_id"
                        + " where l.case_code = $1 and l.event_id < $2 order by l.event_id desc limit $3")
                .execute(Tuple.of(code, before, limit))
                .map(rows -> {
                    List<Found> found = new ArrayList<>();
                    rows.forEach(row -> found.add(found(row)));
                    return found;
                });
    }

    private Found found(Row row) {
        OnRecord event = OnRecord.of(row, json);
        Reads.CaseRead read = switch (event.what()) {
            case Reads.CaseRead of -> of;
            case Reads.RequestsRefused refused -> throw new IllegalStateException("no read of a case");
            case Reads.HarvestSuspected suspected -> throw new IllegalStateException("no read of a case");
        };
        Metadata by = event.by();
        return new Found(
                event.id(),
                new Look(
                        event.at(),
                        by.issuer(),
                        by.subject(),
                        by.organisation(),
                        read.purpose(),
                        read.action(),
                        read.fields(),
                        "given",
                        by.correlationId()));
    }
}
