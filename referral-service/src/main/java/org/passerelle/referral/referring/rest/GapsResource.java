package org.passerelle.referral.referring.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Cursors;
import org.passerelle.referral.referring.Gaps;
import org.passerelle.referral.referring.Gaps.GapView;

/** Needs that no service could take. */
@Path("/gaps")
@Tag(name = "Referrals")
public class GapsResource {

    @Inject
    Access access;

    @Inject
    Gaps gaps;

    @Inject
    Cursors cursors;

    /** A page of service gaps; {@code next} continues the list. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record GapList(List<GapView> gaps, @Nullable String next) {}

    @GET
    @AccessTo("gap.list")
    @Operation(summary = "Needs that no service could take, newest first; closed ones say when and how")
    public Uni<GapList> list(
            @QueryParam("service") @Nullable String service,
            @QueryParam("place") @Nullable String place,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("100") @Min(1) @Max(500) int limit) {
        UUID ours = Relations.ownUnlessCoordinating(access);
        UUID reader = access.caller().organisationId();
        // no case code in it: planners count places and types
        String name = "gaps " + ours;
        return cursors.open(name, after)
                .flatMap(at -> gaps.list(ours, reader, service, place, at == null ? null : Gaps.Position.of(at), limit))
                .flatMap(found -> cursors.next(
                                name, found, limit, last -> last.position().toString())
                        .map(next -> new GapList(found, next)));
    }
}
