package org.passerelle.edge;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.passerelle.eventsourcing.Projecting;
import org.passerelle.eventsourcing.Projection;
import org.passerelle.eventsourcing.Rebuild;
import org.passerelle.eventsourcing.Refusal;

/** How far projections are behind, and how one is made anew; {@code ./passerelle ctl rebuild} calls it. */
@Path("/operations/projections")
@Tag(name = "Operations")
public class ProjectionsResource {

    @Inject
    Kernel kernel;

    /**
     * @param rebuildable names of projections that can be made anew
     * @param behind      one entry per projection that is kept up to date from the log
     */
    public record Projections(List<String> rebuildable, List<Projecting.Lag> behind) {}

    @GET
    @AccessTo("operations.status")
    @Operation(summary = "Which projections there are, and how far they are behind the log")
    public Uni<Projections> projections() {
        List<String> names =
                kernel.projections().stream().map(Projection::name).sorted().toList();
        return Projecting.lag(kernel.pool()).map(behind -> new Projections(names, behind));
    }

    /**
     * @param acceptDifferences swap although rows differ, as they must when the projection's rules changed
     */
    public record RebuildRequest(@NotNull Boolean acceptDifferences) {}

    @POST
    @Path("/{projection}/rebuild")
    @AccessTo("operations.rebuild")
    @Operation(summary = "Make a projection anew beside the one that is read, compare them, and swap them")
    public Uni<Rebuild.Progress> rebuild(
            @PathParam("projection") String projection, @Valid @NotNull RebuildRequest request) {
        return kernel.rebuild(named(projection), request.acceptDifferences())
                .onFailure(Rebuild.UnderWay.class)
                .transform(failure -> Refusal.of("rebuild-under-way"))
                .chain(() -> progress(projection));
    }

    @GET
    @Path("/{projection}/rebuild")
    @AccessTo("operations.rebuild")
    @Operation(summary = "How the last rebuild of a projection stands")
    public Uni<Rebuild.Progress> progress(@PathParam("projection") String projection) {
        return Rebuild.progress(kernel.pool(), named(projection).name())
                .map(progress ->
                        progress.orElseThrow(() -> Refusal.of("no-rebuild").unknown()));
    }

    @DELETE
    @Path("/{projection}/former")
    @AccessTo("operations.rebuild")
    @Operation(summary = "Drop the tables that the last rebuild replaced")
    public Uni<Void> dropFormer(@PathParam("projection") String projection) {
        return new Rebuild(kernel.pool(), named(projection)).dropFormer();
    }

    private Projection named(String name) {
        return kernel.projections().stream()
                .filter(projection -> projection.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Refusal.of("no-projection").unknown());
    }
}
