package org.passerelle.identification.emergency.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Answer;
import org.passerelle.edge.Caller;
import org.passerelle.edge.Commands;
import org.passerelle.edge.FieldMask;
import org.passerelle.edge.Memberships;
import org.passerelle.edge.Reads;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Handled;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.caselist.CaseList;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.emergency.BreakingReason;
import org.passerelle.identification.emergency.Glass;
import org.passerelle.identification.emergency.GlassCommand.BreakGlass;
import org.passerelle.identification.emergency.GlassDecider;
import org.passerelle.identification.emergency.GlassEvent;
import org.passerelle.identification.emergency.GlassEvent.GlassBroken;
import org.passerelle.identification.emergency.GlassId;
import org.passerelle.identification.emergency.GlassStream;
import org.passerelle.identification.emergency.Glasses;
import org.passerelle.identification.reading.CaseAccess;

/** Reading one case in an emergency, without any relation to it: for an hour, and everybody concerned is told. */
@Path("/cases/{caseCode}/emergency-access")
@Tag(name = "Emergency access", description = "Breaking the glass, and its review")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class EmergencyResource {

    @Inject
    CaseAccess admission;

    @Inject
    Access access;

    @Inject
    Commands commands;

    @Inject
    CaseList cases;

    @Inject
    EventStore store;

    @Inject
    Reads reads;

    /** After so long a review that nobody has closed is overdue. */
    @ConfigProperty(name = "passerelle.emergency.review-within", defaultValue = "PT72H")
    Duration reviewWithin;

    /** @param text what happened, for the review; sealed, and erased with the case */
    public record Emergency(
            @NotNull BreakingReason reason,
            @NotBlank @Size(max = 2000) String text) {}

    /**
     * @param until    the first moment at which nothing can be read any more
     * @param reviewBy from then on the review is overdue
     */
    public record Opened(GlassId glassId, CaseCode caseCode, Instant until, Instant reviewBy) {}

    @POST
    @AccessTo("case.break-glass")
    @Operation(
            summary = "Break the glass: read one case in an emergency, for 60 minutes",
            description = "Needs a login of the last minutes: a token with a recent auth_time, else 401 with"
                    + " WWW-Authenticate: Bearer error=\"insufficient_user_authentication\" (RFC 9470). The owner is told at"
                    + " once; somebody of another organisation must review it. What the person withholds from authorities or"
                    + " from an organisation stays closed: 404. One case at a time.")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Opened.class)))
    public Uni<Response> breakGlass(String caseCode, @Valid @NotNull Emergency emergency) {
        access.requireFreshLogin();
        Caller caller = access.caller();
        OrganisationId organisation = organisation(caller);
        GlassId id = new GlassId(UUID.randomUUID());
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return admission
                .admit(caseCode)
                .flatMap(admitted -> cases.owner(admitted.code()).flatMap(owner -> {
                    GlassBroken breaking = new GlassBroken(
                            id,
                            admitted.code(),
                            new OrganisationId(owner.orElseThrow(Access::unknown)),
                            organisation,
                            caller.authority(),
                            emergency.reason(),
                            emergency.text(),
                            caller.issuer() + " " + caller.subject(),
                            now,
                            now.plus(GlassDecider.OPEN),
                            now.plus(reviewWithin));
                    return commands.add(
                            GlassStream.KIND,
                            GlassStream.of(Memberships.account(caller.issuer(), caller.subject())),
                            new BreakGlass(breaking),
                            emergency,
                            handled -> opened(handled, now));
                }));
    }

    /** The one that is open now: the new one, or that of a repeat. */
    private static Answer opened(Handled<Glasses, GlassEvent> handled, Instant now) {
        GlassBroken open = handled.state().openAt(now).map(Glass::broken).orElseThrow(IllegalStateException::new);
        return Answer.created(
                "/identification/cases/" + open.caseCode() + "/emergency-access",
                new Opened(open.glassId(), open.caseCode(), open.until(), open.reviewBy()));
    }

    @GET
    @AccessTo("case.emergency")
    @Operation(
            summary = "What is needed to help the person, while one's broken glass is open",
            description = "Who they are, how they are reached, what they need and what threatens them; no account, no"
                    + " place where they were found, no screening, no provider. Every read is recorded with the purpose"
                    + " break-glass.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = EmergencyView.class)))
    public Uni<Response> read(String caseCode) {
        access.underBrokenGlass();
        Instant now = Instant.now();
        return admission
                .admit(caseCode)
                .flatMap(admitted -> reads.recorded(
                        access,
                        List.of(admitted.code().text()),
                        FieldMask.SLICE.name(),
                        store.load(CaseStream.KIND, CaseStream.of(admitted.code()))
                                .map(loaded -> Response.ok(EmergencyView.of(admitted.code(), loaded.state(), now))
                                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                                        .build())));
    }

    /** An account of no organisation answers to nobody: it breaks no glass. */
    private static OrganisationId organisation(Caller caller) {
        try {
            if (caller.organisation() != null) {
                return OrganisationId.of(caller.organisation());
            }
        } catch (IllegalArgumentException noId) {
            throw Access.unknown();
        }
        throw Access.unknown();
    }
}
