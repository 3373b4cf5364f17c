package org.passerelle.identification.emergency.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Answer;
import org.passerelle.edge.Caller;
import org.passerelle.edge.Commands;
import org.passerelle.edge.Cursors;
import org.passerelle.edge.FieldMask;
import org.passerelle.edge.Reads;
import org.passerelle.edge.Relation;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.emergency.BreakingReason;
import org.passerelle.identification.emergency.Finding;
import org.passerelle.identification.emergency.Glass;
import org.passerelle.identification.emergency.GlassCommand.ReviewGlass;
import org.passerelle.identification.emergency.GlassEvent.GlassBroken;
import org.passerelle.identification.emergency.GlassEvent.GlassReviewed;
import org.passerelle.identification.emergency.GlassId;
import org.passerelle.identification.emergency.GlassStream;
import org.passerelle.identification.emergency.keeping.GlassList;
import org.passerelle.identification.reading.CaseAccess;

/** Who broke the glass, and the review of it by somebody else. */
@Path("/emergency-accesses")
@Tag(name = "Emergency access")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class GlassReviewsResource {

    @Inject
    CaseAccess admission;

    @Inject
    Access access;

    @Inject
    Commands commands;

    @Inject
    GlassList list;

    @Inject
    EventStore store;

    @Inject
    Reads reads;

    @Inject
    Cursors cursors;

    /**
     * @param review {@code open}, {@code overdue} or {@code closed}
     */
    public record GlassLine(
            GlassId glassId,
            CaseCode caseCode,
            OrganisationId ownerOrganisation,
            OrganisationId organisation,
            Instant brokenAt,
            Instant until,
            Instant reviewBy,
            String review) {}

    /** @param next give it as {@code after} for the next page; absent on the last */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record GlassPage(
            List<GlassLine> accesses, @Nullable String next) {}

    /**
     * @param by   the account that broke the glass
     * @param text why, in their words; for the owner only
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record GlassView(
            GlassId glassId,
            CaseCode caseCode,
            OrganisationId ownerOrganisation,
            OrganisationId organisation,
            String by,
            BreakingReason reason,
            @Nullable String text,
            Instant brokenAt,
            Instant until,
            Instant reviewBy,
            String review,
            @Nullable Finding finding,
            @Nullable String findingText,
            @Nullable String reviewedBy,
            @Nullable Instant reviewedAt) {}

    /** @param text for whoever asks later; sealed, and erased with the case */
    public record Review(
            @NotNull Finding finding,
            @Nullable @Size(max = 2000) String text) {}

    public record Reviewed(GlassId glassId, Finding finding, long version) {}

    @GET
    @AccessTo("glass.list")
    @Operation(
            summary = "Who broke the glass of the organisation's cases; for coordination and auditors, of all",
            description = "Those whose review is open, the oldest first; all=true lists the reviewed ones too.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = GlassPage.class)))
    public Uni<Response> list(
            @QueryParam("all") @DefaultValue("false") boolean all,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) int limit) {
        Caller caller = access.caller();
        boolean everybodys = access.decide(Relation.NONE).permitted()
                || CaseAccess.coordinates(caller)
                        && access.decide(Relation.COORDINATING).permitted();
        GlassList.Filter filter =
                new GlassList.Filter(everybodys ? null : own(caller), caller.organisation(), caller.authority(), !all);
        Instant now = Instant.now();
        String name = "glasses " + filter.owner() + " " + all;
        return cursors.open(name, after)
                .flatMap(position -> position == null
                        ? list.page(filter, null, null, limit)
                        : list.page(
                                filter,
                                Instant.parse(position.substring(36)),
                                UUID.fromString(position.substring(0, 36)),
                                limit))
                .call(lines -> reads.record(
                        access,
                        lines.stream().map(GlassList.Line::caseCode).distinct().toList(),
                        "emergency-accesses"))
                .flatMap(lines -> cursors.next(
                                name, lines, limit, last -> last.glassId().toString() + last.brokenAt())
                        .map(next -> new GlassPage(
                                lines.stream().map(line -> line(line, now)).toList(), next)))
                .map(page -> Response.ok(page)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build());
    }

    private UUID own(Caller caller) {
        access.require(Relation.OWNING);
        OrganisationId organisation = organisation(caller);
        if (organisation == null) {
            throw Access.unknown();
        }
        return organisation.value();
    }

    private static GlassLine line(GlassList.Line line, Instant now) {
        return new GlassLine(
                new GlassId(line.glassId()),
                CaseCode.parse(line.caseCode()),
                new OrganisationId(line.owner()),
                new OrganisationId(line.organisation()),
                line.brokenAt(),
                line.openUntil(),
                line.reviewBy(),
                review(line.reviewedAt(), line.reviewBy(), now));
    }

    private static String review(@Nullable Instant reviewedAt, Instant reviewBy, Instant now) {
        if (reviewedAt != null) {
            return "closed";
        }
        return now.isBefore(reviewBy) ? "open" : "overdue";
    }

    @GET
    @Path("/{glassId}")
    @AccessTo("glass.read")
    @Operation(summary = "One broken glass: by whom, why, and what its review found")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = GlassView.class)))
    public Uni<Response> read(String glassId) {
        GlassId id = id(glassId);
        Instant now = Instant.now();
        return known(id)
                .flatMap(line -> admission
                        .admit(line.caseCode())
                        .flatMap(admitted -> reads.recorded(
                                access,
                                List.of(line.caseCode()),
                                "emergency-access",
                                store.load(GlassStream.KIND, GlassStream.of(line.account()))
                                        .map(loaded -> Response.ok(view(
                                                        loaded.state().find(id).orElseThrow(Access::unknown),
                                                        admitted.decision().mask(),
                                                        now))
                                                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                                                .build()))));
    }

    private static GlassView view(Glass glass, FieldMask mask, Instant now) {
        GlassBroken broken = glass.broken();
        GlassReviewed review = glass.review();
        boolean texts = mask.covers(FieldMask.ALL);
        Instant reviewedAt = review == null ? null : review.at();
        return new GlassView(
                broken.glassId(),
                broken.caseCode(),
                broken.owner(),
                broken.organisation(),
                broken.by(),
                broken.reason(),
                texts ? broken.text() : null,
                broken.at(),
                broken.until(),
                broken.reviewBy(),
                review(reviewedAt, broken.reviewBy(), now),
                review == null ? null : review.finding(),
                review == null || !texts ? null : review.text(),
                review == null ? null : review.by(),
                reviewedAt);
    }

    @POST
    @Path("/{glassId}/review")
    @AccessTo("glass.review")
    @Operation(
            summary = "Close the review of a broken glass; what is open of it ends at once",
            description =
                    "By a supervisor of the owner, or the coordination; never by whoever broke it, nor by anybody of"
                            + " their organisation.")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Reviewed.class)))
    public Uni<Response> review(String glassId, @Valid @NotNull Review review) {
        GlassId id = id(glassId);
        Caller caller = access.caller();
        ReviewGlass command = new ReviewGlass(
                id,
                review.finding(),
                review.text(),
                caller.issuer() + " " + caller.subject(),
                organisation(caller),
                caller.authority(),
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
        return known(id)
                .flatMap(line -> admission
                        .admit(line.caseCode())
                        .flatMap(admitted -> commands.add(
                                GlassStream.KIND,
                                GlassStream.of(line.account()),
                                command,
                                review,
                                handled -> Answer.created(
                                        "/identification/emergency-accesses/" + id,
                                        new Reviewed(id, review.finding(), handled.version())))));
    }

    private Uni<GlassList.Line> known(GlassId id) {
        return list.find(id).map(found -> found.orElseThrow(Access::unknown));
    }

    private static GlassId id(String text) {
        try {
            return GlassId.of(text);
        } catch (IllegalArgumentException malformed) {
            throw Access.unknown();
        }
    }

    private static @Nullable OrganisationId organisation(Caller caller) {
        try {
            return caller.organisation() == null ? null : OrganisationId.of(caller.organisation());
        } catch (IllegalArgumentException noId) {
            return null;
        }
    }
}
