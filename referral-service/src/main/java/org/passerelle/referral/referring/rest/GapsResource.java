package org.passerelle.referral.referring.rest;

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
import org.passerelle.referral.referring.Worklists;
import org.passerelle.referral.referring.Worklists.GapView;

/** Needs that no service could take. */
@Path("/gaps")
@Tag(name = "Referrals")
public class GapsResource {

    @Inject
    Access access;

    @Inject
    Worklists worklists;

    /** Service gaps. */
    public record GapList(List<GapView> gaps) {}

    @GET
    @AccessTo("gap.list")
    @Operation(summary = "Needs that no service could take, newest first; closed ones say when")
    public Uni<GapList> gaps(
            @QueryParam("service") @Nullable String service,
            @QueryParam("place") @Nullable String place,
            @QueryParam("limit") @DefaultValue("100") @Min(1) @Max(500) int limit) {
        UUID ours = Relations.ownUnlessCoordinating(access);
        UUID reader = access.caller().organisationId();
        // no case code in it: planners count places and types
        return worklists.gaps(ours, reader, service, place, limit).map(GapList::new);
    }
}
