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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
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
import org.passerelle.eventsourcing.Loaded;
import org.passerelle.eventsourcing.Recorded;
import org.passerelle.eventsourcing.UpTo;
import org.passerelle.identification.casefile.CaseFile;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.caselist.CaseList;
import org.passerelle.identification.caselist.CaseList.After;
import org.passerelle.identification.caselist.CaseList.Line;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.screening.rest.Instruments;

/** Reading cases. Every read is recorded before its answer leaves. */
@Path("/cases")
@Tag(name = "Cases")
@Produces(MediaType.APPLICATION_JSON)
public class CaseResource {

    private static final int MOST_ON_A_PAGE = 200;

    /** The one word that reveals: whatever else is sent as {@code masked} leaves out. */
    private static final String REVEALING = "false";

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

    /** How long whoever recorded a case reads it whole without asking. */
    @ConfigProperty(name = "passerelle.access.fresh-case", defaultValue = "PT24H")
    Duration fresh;

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
    @Operation(
            summary = "List the cases of one's organisation; for coordinators, the codes and clocks of all",
            description = "withdrawalUnheard=true: those of one's organisation only, of whose hand-over the person has"
                    + " withdrawn and no receipt has come for a day: GET /cases/{caseCode}/hand-overs says why."
                    + " handOverFailed=true: those of one's organisation of which a hand-over was declined, expired or did"
                    + " not arrive, until another one is begun or somebody says that it is seen to.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Page.class)))
    public Uni<Response> list(
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(MOST_ON_A_PAGE) int limit,
            @QueryParam("withdrawalUnheard") @DefaultValue("false") boolean withdrawalUnheard,
            @QueryParam("handOverFailed") @DefaultValue("false") boolean handOverFailed) {
        Caller caller = access.caller();
        boolean all = !withdrawalUnheard
                && !handOverFailed
                && CaseAccess.coordinates(caller)
                && access.decide(Relation.COORDINATING).permitted();
        FieldMask mask =
                access.require(all ? Relation.COORDINATING : Relation.OWNING).mask();
        CaseList.Filter filter = new CaseList.Filter(
                all ? null : organisation(caller).value(),
                caller.authority(),
                caller.organisation(),
                withdrawalUnheard,
                handOverFailed);
        String name =
                "cases " + filter.owner() + (withdrawalUnheard ? " unheard" : "") + (handOverFailed ? " failed" : "");
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
            summary = "Read a case: codes, needs and clocks; what is known of the person for its owner",
            description = "Names, contacts, the exact place and what was told are left out; masked lists which of them"
                    + " there are. GET /cases/{caseCode}/revealed gives those that are asked for, masked=false all of"
                    + " them, and the record of looks says so. Whoever recorded a case reads it whole for a day, unless"
                    + " they ask for masked=true.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = CaseView.class)))
    public Uni<Response> read(
            String caseCode, @QueryParam("masked") @Schema(type = SchemaType.BOOLEAN) @Nullable String masked) {
        Caller caller = access.caller();
        Reader reader = new Reader(Instant.now(), problems.language().getLanguage(), instruments);
        return admission
                .admit(caseCode)
                .chain(admitted -> store.load(CaseStream.KIND, CaseStream.of(admitted.code()))
                        .flatMap(loaded -> masks(masked, admitted.code(), loaded.state(), caller, reader.now())
                                .chain(masking -> reads.recorded(
                                        access,
                                        List.of(admitted.code().text()),
                                        fields(admitted.decision().mask(), masking),
                                        Uni.createFrom()
                                                .item(() -> view(
                                                        admitted, loaded, reader, caller.authority(), masking))))));
    }

    private static Response view(
            CaseAccess.Admitted admitted, Loaded<CaseFile> loaded, Reader reader, boolean authority, boolean masking) {
        CaseView view = admitted.decision().mask().covers(FieldMask.ALL)
                ? CaseView.whole(admitted.code(), loaded.state(), loaded.version(), reader, authority)
                : CaseView.codes(admitted.code(), loaded.state(), loaded.version());
        return versioned(masking ? view.masked(loaded.state()) : view, loaded.version());
    }

    /** Masked, but for those who ask for more and for those who were just told all of it themselves. */
    private Uni<Boolean> masks(@Nullable String asked, CaseCode code, CaseFile file, Caller caller, Instant now) {
        if (asked != null) {
            return Uni.createFrom().item(!REVEALING.equals(asked));
        }
        if (CaseView.facts(file).detection().recordedAt().plus(fresh).isBefore(now)) {
            return Uni.createFrom().item(true);
        }
        return store.history(CaseStream.KIND, CaseStream.of(code), UpTo.version(1))
                .map(first -> first.stream()
                        .map(Recorded::metadata)
                        .noneMatch(by -> by.issuer().equals(caller.issuer())
                                && by.subject().equals(caller.subject())
                                && caller.belongsTo(by.organisation())));
    }

    /** As the record of looks says it: a mask alone means that nothing of it was left out. */
    private static String fields(FieldMask mask, boolean masking) {
        return mask.covers(FieldMask.SLICE) && masking ? mask.name() + " masked" : mask.name();
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
    @Operation(
            summary = "Read what the person agreed to share with one's organisation, while it gives a service",
            description = "Names and the telephone are left out until masked=false asks for them, which the record of"
                    + " looks says; masked lists which of them there are.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Slice.class)))
    public Uni<Response> slice(
            String caseCode, @QueryParam("masked") @Schema(type = SchemaType.BOOLEAN) @Nullable String masked) {
        boolean masking = !REVEALING.equals(masked);
        Caller caller = access.caller();
        return admission
                .admit(caseCode)
                .chain(admitted -> reads.recorded(
                        access,
                        List.of(admitted.code().text()),
                        fields(FieldMask.SLICE, masking),
                        store.load(CaseStream.KIND, CaseStream.of(admitted.code()))
                                .map(loaded -> {
                                    Slice agreed = Slice.agreed(
                                            admitted.code(), loaded.state(), organisation(caller), Instant.now());
                                    return versioned(masking ? agreed.withoutNames() : agreed, loaded.version());
                                })));
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
