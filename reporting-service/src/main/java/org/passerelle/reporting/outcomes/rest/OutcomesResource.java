package org.passerelle.reporting.outcomes.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.BadRequest;
import org.passerelle.reporting.funnel.rest.FunnelAsked;
import org.passerelle.reporting.outcomes.Outcomes;

/** Investigations and hand-overs as data. */
@Path("/outcomes")
@Tag(name = "Statistics")
public class OutcomesResource {
    private final OutcomeCounting counting;

    @Inject
    OutcomesResource(OutcomeCounting counting) {
        this.counting = counting;
    }

    @GET
    @AccessTo("funnel.read")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            summary =
                    "How many investigations, and hand-overs to and from other countries, reached each step, by month",
            description =
                    "Exact counts, small ones too: for use inside the mechanism only, not for publication. Each is"
                            + " counted once for a step, in the month in which it was first told; an investigation that is told"
                            + " again in a later month is continued.")
    public Uni<RestResponse<Outcomes>> outcomes(
            @Parameter(description = "first month, e.g. 2026-01; eleven months ago by default", example = "2026-01")
                    @QueryParam("from")
                    @Nullable
                    String from,
            @Parameter(description = "last month, included; this month by default", example = "2026-12")
                    @QueryParam("to")
                    @Nullable
                    String to) {
        return counted(from, to).map(OutcomesResource::answer);
    }

    @GET
    @Path("/csv")
    @AccessTo("funnel.read")
    @Produces("text/csv")
    @Operation(
            summary = "The same numbers to be passed on, as CSV",
            description = "Of the range as a whole, each rounded down to a multiple of 11; no months.")
    public Uni<RestResponse<String>> csv(
            @Parameter(description = "first month, e.g. 2026-01; eleven months ago by default", example = "2026-01")
                    @QueryParam("from")
                    @Nullable
                    String from,
            @Parameter(description = "last month, included; this month by default", example = "2026-12")
                    @QueryParam("to")
                    @Nullable
                    String to) {
        return counted(from, to).map(Outcomes::csv).map(OutcomesResource::answer);
    }

    private Uni<Outcomes> counted(@Nullable String from, @Nullable String to) {
        return switch (FunnelAsked.read(from, to, null, counting.thisMonth())) {
            case FunnelAsked.Clear clear -> counting.count(clear.question());
            case FunnelAsked.Unclear unclear -> throw new BadRequest(400, unclear.code(), unclear.field());
        };
    }

    private static <T> RestResponse<T> answer(T counted) {
        return RestResponse.ResponseBuilder.ok(counted)
                .header("Cache-Control", "no-store")
                .build();
    }
}
