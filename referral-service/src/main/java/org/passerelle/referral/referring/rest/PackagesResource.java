package org.passerelle.referral.referring.rest;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Reads;
import org.passerelle.referral.referring.Packages;
import org.passerelle.referral.referring.Worklists.ReferralView;

/** Needs that were stated together, in one view for whoever stated them and for the coordination. */
@Path("/packages")
@Tag(name = "Referrals")
public class PackagesResource {

    @Inject
    Access access;

    @Inject
    Reads reads;

    @Inject
    Packages packages;

    @Inject
    Changing changing;

    /** The needs in the order in which they were stated. */
    public record PackageView(UUID packageId, String caseCode, List<LegView> legs) {}

    /**
     * @param after referrals that come first
     * @param together referrals that go to the same place
     * @param apart somebody chose a service away from those
     * @param waitsFor of the others, while it is not its turn
     */
    public record LegView(
            ReferralView referral, List<BeforeView> after, List<UUID> together, boolean apart, List<UUID> waitsFor) {}

    /** @param until begun or completed */
    public record BeforeView(UUID referralId, String until) {}

    @GET
    @Path("/{id}")
    @AccessTo("package.read")
    @Operation(
            summary = "Needs that belong together, with where each of them stands",
            description = "A need's package is named by its referral (packageId). Codes and clocks: no identity.")
    public Uni<PackageView> packageOf(@PathParam("id") UUID id) {
        return packages.of(id).flatMap(legs -> {
            if (legs.isEmpty()) {
                throw Access.unknown();
            }
            return Multi.createFrom()
                    .iterable(legs)
                    .onItem()
                    .transformToUniAndConcatenate(
                            leg -> changing.known(leg.referral().value()).map(referral -> view(leg, referral)))
                    .collect()
                    .asList()
                    .flatMap(views -> {
                        views.forEach(view -> Relations.best(access, view.referral()));
                        String code = views.getFirst().referral().caseCode();
                        return reads.recorded(
                                access,
                                List.of(code),
                                "codes",
                                Uni.createFrom().item(new PackageView(id, code, views)));
                    });
        });
    }

    private LegView view(Packages.Stated leg, ReferralView referral) {
        return new LegView(
                referral.above(access.caller().organisationId()),
                leg.leg().after().stream()
                        .map(one ->
                                new BeforeView(one.needId().value(), one.until().code()))
                        .toList(),
                leg.leg().together().stream().map(one -> one.value()).toList(),
                leg.apart(),
                leg.waitsFor().stream().map(one -> one.value()).toList());
    }
}
