package org.passerelle.identification.links.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.PostConstruct;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Caller;
import org.passerelle.edge.Denials;
import org.passerelle.edge.FieldMask;
import org.passerelle.edge.Kernel;
import org.passerelle.edge.Memberships;
import org.passerelle.edge.PostedForm;
import org.passerelle.edge.Problems;
import org.passerelle.edge.Reads;
import org.passerelle.edge.Role;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.links.SliceTicket;
import org.passerelle.identification.links.SliceTickets;
import org.passerelle.identification.reading.CaseAccess;
import org.passerelle.identification.reading.Slice;

/**
 * What was agreed to be told, for somebody without account who has just opened a link. The ticket says who asks; what they
 * may read is decided here and now, by the same sentences and the same consents as for a provider with an account.
 */
@Path("/links/slice")
@Tag(name = "Links", description = "What an organisation without accounts may read, once it gives a service")
@Produces(MediaType.TEXT_HTML)
public class LinkedSliceResource {

    /** A look by a link is the look of a provider. */
    private static final String ACTION = "case.slice";

    private static final String NAMES = "names";

    /** Who looks, on record: the link's id is the subject. */
    private static final String ISSUER = "link";

    @Inject
    CaseAccess admission;

    @Inject
    Memberships memberships;

    @Inject
    Reads reads;

    @Inject
    Denials denials;

    @Inject
    EventStore store;

    @Inject
    Problems problems;

    @Inject
    Kernel kernel;

    @Inject
    Pool pool;

    /** The public keys of referral-service, a JWK set. */
    @ConfigProperty(name = "passerelle.links.trusted")
    Optional<String> trusted;

    private @Nullable SliceTickets tickets;

    @PostConstruct
    void keys() {
        tickets = trusted.map(SliceTickets::new).orElse(null);
    }

    /**
     * What the page sends.
     *
     * @param ticket as referral-service gave it
     * @param show   {@code names}: the names and the telephone too
     */
    record TicketForm(String ticket, @Nullable String show) {}

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @AccessTo(AccessTo.ANYONE)
    @SecurityRequirements
    @Operation(
            summary = "With a ticket of an opened link: what the person agreed to have told, read now",
            description =
                    "ticket: signed by referral-service, good for two minutes, once without names and once with them"
                            + " (show: names). Each look is in the case's record of looks, by the link.")
    @APIResponse(responseCode = "200", content = @Content(mediaType = MediaType.TEXT_HTML))
    @APIResponse(
            responseCode = "404",
            description = "The same page for a ticket that is forged, used or too old, and wherever a provider with an"
                    + " account would read nothing",
            content = @Content(mediaType = MediaType.TEXT_HTML))
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_FORM_URLENCODED,
                            schema = @Schema(implementation = TicketForm.class)))
    public Uni<Response> read(String body) {
        PostedForm form = PostedForm.of(body);
        SlicePage page = new SlicePage(problems.language());
        if (kernel.restoreCheck().verdict().stops()) {
            return Uni.createFrom().item(page.closed(503));
        }
        String given = form.field("ticket");
        Instant now = Instant.now();
        Optional<SliceTicket> ticket = tickets == null || given == null ? Optional.empty() : tickets.read(given, now);
        if (given == null || ticket.isEmpty()) {
            return Uni.createFrom().item(page.closed(404));
        }
        boolean revealing = NAMES.equals(form.field("show"));
        return once(ticket.get(), revealing)
                .chain(() -> agreed(ticket.get(), now))
                .call(slice -> recorded(ticket.get(), revealing))
                .map(slice -> page.slice(slice, revealing, given))
                .onFailure(Refusal.class)
                .recoverWithItem(refused -> refused(ticket.get(), page));
    }

    /** Counted as an account's refusals are: the ticket says whose it is. */
    private Response refused(SliceTicket ticket, SlicePage page) {
        denials.count(ISSUER, ticket.link().toString(), ticket.organisation().toString(), ACTION);
        return page.closed(404);
    }

    /** Whichever replica it is shown to, and of a link that was not revoked since. Taken before anything is looked up: nobody tries a ticket until it opens. */
    private Uni<Void> once(SliceTicket ticket, boolean revealing) {
        return pool.query("delete from slice_ticket where until_at < clock_timestamp() - interval '1 minute'")
                .execute()
                .chain(() -> pool.preparedQuery("insert into slice_ticket select $1, $2, $3 where not exists"
                                + " (select 1 from revoked_link where link_id = $4) on conflict do nothing")
                        .execute(Tuple.of(
                                ticket.id(), revealing, ticket.until().atOffset(ZoneOffset.UTC), ticket.link())))
                .invoke(rows -> {
                    if (rows.rowCount() != 1) {
                        throw Access.unknown();
                    }
                })
                .replaceWithVoid();
    }

    private Uni<Slice> agreed(SliceTicket ticket, Instant now) {
        String organisation = ticket.organisation().toString();
        Caller caller =
                new Caller(ISSUER, ticket.link().toString(), organisation, Set.of(Role.PROVIDER), ticket.authority());
        return memberships
                .inGoodStanding(organisation)
                .invoke(good -> {
                    if (!good) {
                        throw Access.unknown();
                    }
                })
                .chain(() -> admission.admit(ticket.caseCode(), caller, ACTION))
                .invoke(admitted -> {
                    if (!admitted.decision().mask().covers(FieldMask.SLICE)) {
                        throw Access.unknown();
                    }
                })
                .chain(() -> store.load(CaseStream.KIND, CaseStream.of(ticket.caseCode())))
                .map(loaded -> Slice.agreed(
                        ticket.caseCode(), loaded.state(), ticket.organisation(), ticket.need()::equals, now));
    }

    /** Before the answer leaves; without the record there is none. */
    private Uni<Void> recorded(SliceTicket ticket, boolean revealing) {
        Metadata by = new Metadata(
                ISSUER,
                ticket.link().toString(),
                ticket.organisation().toString(),
                UUID.randomUUID().toString().replace("-", ""),
                null);
        String fields = revealing ? FieldMask.SLICE.name() : FieldMask.SLICE.name() + " masked";
        return pool.withTransaction(
                tx -> reads.givenIn(tx, ACTION, ticket.caseCode().text(), fields, by));
    }
}
