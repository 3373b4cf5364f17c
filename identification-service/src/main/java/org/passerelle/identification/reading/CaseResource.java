package org.passerelle.identification.reading;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
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
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Caller;
import org.passerelle.edge.Commands;
import org.passerelle.edge.Cursors;
import org.passerelle.edge.FieldMask;
import org.passerelle.edge.Problems;
import org.passerelle.edge.Reads;
import org.passerelle.edge.Relation;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.caselist.CaseList;
import org.passerelle.identification.caselist.CaseList.After;
import org.passerelle.identification.caselist.CaseList.Line;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.screening.rest.Instruments;

/** Reading cases. Every read is recorded before its answer leaves. */
@Path("/cases")
@Tag(name = "Cases")
@Produces(MediaType.APPLICATION_JSON)
public class CaseResource {

    private static final int MOST_ON_A_PAGE = 200;

    @Inject
    CaseAccess admission;

    @Inject
    CaseList list;

    @Inject
    Access access;

    @Inject
    Reads reads;

    @Inject
    EventStore store;

    @Inject
    Instruments instruments;

    @Inject
    Problems problems;

    @Inject
    Cursors cursors;

    /** @param next pass it as {@code after} for the next page; null on the last one */
    public record Page(List<CaseLine> cases, @Nullable String next) {}

    /** A case in the list; for coordinators without place, time and presumption. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CaseLine(
            String caseCode,
            String state,
            UUID ownerOrganisation,
            int openNeeds,
            @Nullable Instant nextDueAt,
            long version,
            @Nullable String place,
            @Nullable Instant foundAt,
            @Nullable Boolean presumed,
            @Nullable Boolean urgent) {}

    @GET
    @AccessTo("case.list")
    @Operation(summary = "List the cases of one's organisation; for coordinators, the codes and clocks of all")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Page.class)))
    public Uni<Response> list(
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(MOST_ON_A_PAGE) int limit) {
        Caller caller = access.caller();
        boolean all = CaseAccess.coordinates(caller)
                && access.decide(Relation.COORDINATING).permitted();
        FieldMask mask =
                access.require(all ? Relation.COORDINATING : Relation.OWNING).mask();
        CaseList.Filter filter = new CaseList.Filter(
                all ? null : organisation(caller).value(), caller.authority(), caller.organisation());
        String name = "cases " + filter.owner();
        return cursors.open(name, after)
                .flatMap(position -> list.page(filter, position == null ? null : After.parse(position), limit))
                .call(lines ->
                        reads.record(access, lines.stream().map(Line::caseCode).toList(), "list"))
                .flatMap(lines -> cursors.next(name, lines, limit, After::position)
                        .map(next -> new Page(
                                lines.stream().map(line -> line(line, mask)).toList(), next)))
                .map(page -> noStore(page).build());
    }

    private static CaseLine line(Line line, FieldMask mask) {
        boolean summary = mask.covers(FieldMask.SUMMARY);
        return new CaseLine(
                line.caseCode(),
                line.state(),
                line.owner(),
                line.openNeeds(),
                line.nextDueAt(),
                line.version(),
                summary ? line.place() : null,
                summary ? line.foundAt() : null,
                summary ? line.presumed() : null,
                summary ? line.urgent() : null);
    }

    @GET
    @Path("/{caseCode}")
    @AccessTo("case.read")
    @Operation(
            summary = "Read a case: all of it for its owner; codes, needs and clocks for a coordinator",
            description = "masked=true leaves out names, contacts, the exact place and what was told, and lists under"
                    + " masked which of them there are: GET /cases/{caseCode}/revealed gives them.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = CaseView.class)))
    public Uni<Response> read(String caseCode, @QueryParam("masked") @DefaultValue("false") boolean masked) {
        Caller caller = access.caller();
        Reader reader = new Reader(Instant.now(), problems.language().getLanguage(), instruments);
        return admission
                .admit(caseCode)
                .chain(admitted -> reads.recorded(
                        access,
                        List.of(admitted.code().text()),
                        admitted.decision().mask().name() + (masked ? " masked" : ""),
                        store.load(CaseStream.KIND, CaseStream.of(admitted.code()))
                                .map(loaded -> {
                                    CaseView view = admitted.decision().mask().covers(FieldMask.ALL)
                                            ? CaseView.whole(
                                                    admitted.code(),
                                                    loaded.state(),
                                                    loaded.version(),
                                                    reader,
                                                    caller.authority())
                                            : CaseView.codes(admitted.code(), loaded.state(), loaded.version());
                                    return versioned(masked ? view.masked(loaded.state()) : view, loaded.version());
                                })));
    }

    @GET
    @Path("/{caseCode}/revealed")
    @AccessTo("case.reveal")
    @Operation(
            summary = "Reveal what a masked case leaves out",
            description = "fields: one or several of names, contacts, place, story, separated by commas. The record of"
                    + " looks says which were asked for.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Revealed.class)))
    public Uni<Response> reveal(String caseCode, @QueryParam("fields") @Nullable String fields) {
        Set<Sensitive> wanted = Sensitive.parse(fields);
        return admission.admit(caseCode).chain(admitted -> {
            if (!admitted.decision().mask().covers(FieldMask.ALL)) {
                throw Access.unknown();
            }
            return reads.recorded(
                    access,
                    List.of(admitted.code().text()),
                    "revealed: " + wanted.stream().map(Sensitive::code).collect(Collectors.joining(", ")),
                    store.load(CaseStream.KIND, CaseStream.of(admitted.code()))
                            .map(loaded -> noStore(Revealed.of(admitted.code(), loaded.state(), wanted))
                                    .build()));
        });
    }

    @GET
    @Path("/{caseCode}/slice")
    @AccessTo("case.slice")
    @Operation(summary = "Read what the person agreed to share with one's organisation, while it gives a service")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Slice.class)))
    public Uni<Response> slice(String caseCode) {
        Caller caller = access.caller();
        return admission
                .admit(caseCode)
                .chain(admitted -> reads.recorded(
                        access,
                        List.of(admitted.code().text()),
                        FieldMask.SLICE.name(),
                        store.load(CaseStream.KIND, CaseStream.of(admitted.code()))
                                .map(loaded -> versioned(
                                        Slice.agreed(
                                                admitted.code(), loaded.state(), organisation(caller), Instant.now()),
                                        loaded.version()))));
    }

    private static OrganisationId organisation(Caller caller) {
        String organisation = caller.organisation();
        if (organisation == null) {
            throw Access.unknown();
        }
        return OrganisationId.of(organisation);
    }

    private static Response versioned(Object body, long version) {
        return noStore(body).header(HttpHeaders.ETAG, Commands.etag(version)).build();
    }

    private static Response.ResponseBuilder noStore(Object body) {
        return Response.ok(body).type("application/json").header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
