package org.passerelle.reporting.funnel.rest;

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
import org.passerelle.reporting.funnel.Funnel;
import org.passerelle.reporting.funnel.FunnelQuestion;

/** The funnel as data. */
@Path("/funnel")
@Tag(name = "Statistics")
@Produces(MediaType.APPLICATION_JSON)
public class FunnelResource {
    private final FunnelCounting counting;

    @Inject
    FunnelResource(FunnelCounting counting) {
        this.counting = counting;
    }

    @GET
    @AccessTo("funnel.read")
    @Operation(
            summary = "How many cases reached each stage, by month of detection and place",
            description = "Exact counts, small ones too: for use inside the mechanism only, not for publication."
                    + " A person may be referred before being screened, so a later stage can count more cases than an"
                    + " earlier one.")
    public Uni<RestResponse<Funnel>> funnel(
            @Parameter(description = "first month, e.g. 2026-01; eleven months ago by default", example = "2026-01")
                    @QueryParam("from")
                    @Nullable
                    String from,
            @Parameter(description = "last month, included; this month by default", example = "2026-12")
                    @QueryParam("to")
                    @Nullable
                    String to,
            @Parameter(
                            description = "ISO 3166-2 code or p-code, or a country's code for all its places",
                            example = "BI-BM")
                    @QueryParam("place")
                    @Nullable
                    String place) {
        FunnelAsked asked = FunnelAsked.read(from, to, place, counting.thisMonth());
        return switch (asked) {
            case FunnelAsked.Clear clear -> answer(clear.question());
            case FunnelAsked.Unclear unclear -> throw new BadRequest(400, unclear.code(), unclear.field());
        };
    }

    private Uni<RestResponse<Funnel>> answer(FunnelQuestion question) {
        return counting.count(question)
                .map(funnel -> RestResponse.ResponseBuilder.ok(funnel)
                        .header("Cache-Control", "no-store")
                        .build());
    }
}
