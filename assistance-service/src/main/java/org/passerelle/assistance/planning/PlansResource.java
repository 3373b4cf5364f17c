package org.passerelle.assistance.planning;

import io.smallrye.mutiny.Uni;
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
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.assistance.access.PlanAccess;
import org.passerelle.assistance.access.Relations;
import org.passerelle.assistance.access.VisiblePlan;
import org.passerelle.assistance.plan.OrganisationId;
import org.passerelle.assistance.planning.WorklistQuery.After;
import org.passerelle.assistance.planning.WorklistQuery.Scope;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Caller;
import org.passerelle.edge.Commands;
import org.passerelle.edge.Cursors;
import org.passerelle.edge.Reads;
import org.passerelle.edge.Relation;
import org.passerelle.edge.Role;

/** Reading plans. Every look is recorded. */
@Path("/plans")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Plans")
public class PlansResource {

    @Inject
    Access access;

    @Inject
    Reads reads;

    @Inject
    PlanAccess plans;

    @Inject
    WorklistQuery worklist;

    @Inject
    Cursors cursors;

    /**
     * @param next give it as {@code after} for the next page; null on the last
     */
    public record PlanList(List<PlanLine> plans, @Nullable String next) {}

    @GET
    @AccessTo("plan.list")
    @Operation(summary = "The plans that the reader's organisation has to do with, earliest follow-up first")
    @APIResponse(
            responseCode = "200",
            description = "A page of plans",
            content = @Content(schema = @Schema(implementation = PlanList.class)))
    public Uni<Response> list(
            @QueryParam("due") @DefaultValue("false") boolean due,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) int limit) {
        Scope scope = scope();
        String name = "plans " + scope.organisation();
        return cursors.open(name, after)
                .flatMap(position ->
                        worklist.page(scope, due, position == null ? After.NOTHING : After.parse(position), limit))
                .call(page -> page.plans().isEmpty()
                        ? Uni.createFrom().voidItem()
                        : reads.record(
                                access,
                                page.plans().stream().map(PlanLine::caseCode).toList(),
                                "worklist"))
                .flatMap(page -> cursors.next(
                                name, page.plans(), limit, last -> page.last().position())
                        .map(next -> new PlanList(page.plans(), next)))
                .map(list -> Response.ok(list)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build());
    }

    @GET
    @Path("/{code}")
    @AccessTo("plan.read")
    @Operation(summary = "One plan, as far as the reader may see it")
    @APIResponse(
            responseCode = "200",
            description = "The plan; its version is the ETag",
            content = @Content(schema = @Schema(implementation = PlanView.class)))
    public Uni<Response> read(@PathParam("code") String code) {
        return plans.require(code)
                .call(visible -> reads.record(
                        access,
                        List.of(code),
                        "plan:" + visible.decision().mask().name()))
                .map(this::answer);
    }

    private Response answer(VisiblePlan visible) {
        PlanView view = PlanView.of(
                visible.caseCode(),
                visible.plan(),
                visible.version(),
                visible.decision().mask(),
                Relations.organisation(access.caller()));
        return Response.ok(view)
                .header(HttpHeaders.ETAG, Commands.etag(visible.version()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    private Scope scope() {
        Caller caller = access.caller();
        return new Scope(
                Relations.organisation(caller).map(OrganisationId::value).orElse(null),
                access.decide(Relation.OWNING).permitted(),
                access.decide(Relation.PROVIDING).permitted(),
                access.decide(Relation.HAS_PROVIDED).permitted(),
                caller.isA(Role.COORDINATOR)
                        && access.decide(Relation.COORDINATING).permitted());
    }
}
