package org.passerelle.referral.referring.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
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
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.FieldMask;
import org.passerelle.edge.Kernel;
import org.passerelle.edge.Problems;
import org.passerelle.edge.Reads;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.referring.DeclineReason;
import org.passerelle.referral.referring.HowItGoes;
import org.passerelle.referral.referring.Lifecycle.Party;
import org.passerelle.referral.referring.Links;
import org.passerelle.referral.referring.Links.Link;
import org.passerelle.referral.referring.Lookup;
import org.passerelle.referral.referring.Offering;
import org.passerelle.referral.referring.Outcome;
import org.passerelle.referral.referring.Referral;
import org.passerelle.referral.referring.ReferralCommand;
import org.passerelle.referral.referring.ReferralCommand.AcceptOffer;
import org.passerelle.referral.referring.ReferralCommand.ActByLink;
import org.passerelle.referral.referring.ReferralCommand.BeginService;
import org.passerelle.referral.referring.ReferralCommand.CompleteReferral;
import org.passerelle.referral.referring.ReferralCommand.DeclineOffer;
import org.passerelle.referral.referring.ReferralCommand.OpenLink;
import org.passerelle.referral.referring.ReferralCommand.ReportProgress;
import org.passerelle.referral.referring.ReferralEvent;
import org.passerelle.referral.referring.ReferralStream;
import org.passerelle.referral.referring.SliceTickets;
import org.passerelle.referral.referring.WhatTheAskedMustKnow;
import org.passerelle.referral.referring.Worklists.ReferralView;
import org.passerelle.referral.referring.rest.LinkPage.Notice;
import org.passerelle.referral.routing.Places;

/**
 * The page behind a link. Link and code are the permission: the caller has no account, so that nothing here rests on one.
 * Without the code it shows nothing but a field for it, and it does not tell a link that never was from one that ended.
 */
@Path("/links/{token}")
@Tag(name = "Links")
@Produces(MediaType.TEXT_HTML)
public class LinkPageResource {

    private static final int LONGEST_NOTE = 2000;

    @Inject
    Changing changing;

    @Inject
    Links links;

    @Inject
    WhatTheAskedMustKnow mustKnow;

    @Inject
    SliceTickets tickets;

    @Inject
    Offering offering;

    @Inject
    Lookup lookup;

    @Inject
    Pool pool;

    @Inject
    EventStore store;

    @Inject
    StreamKind<ReferralCommand, Referral, ReferralEvent> referrals;

    @Inject
    Problems problems;

    @Inject
    Reads reads;

    @Inject
    Places register;

    @Inject
    LinkPlaces places;

    @Inject
    Kernel kernel;

    @Inject
    Clock clock;

    /** Where those are who open links. */
    @ConfigProperty(name = "passerelle.links.time-zone")
    ZoneId zone;

    @GET
    @AccessTo(AccessTo.ANYONE)
    @SecurityRequirements
    @Operation(summary = "The page behind a link: asks for the code that was told by telephone")
    public Response page(@PathParam("token") String token) {
        return page().door(false, 200);
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @AccessTo(AccessTo.ANYONE)
    @SecurityRequirements
    @Operation(
            summary = "With the code: the redacted summary, and the answer or the report of whoever was sent the link",
            description =
                    "action: look, accept, decline (reason, note), first-contact, report (progress, note), complete (outcome,"
                            + " note), full or places (unit, places: how many are free in the service, for whoever gives it),"
                            + " or agreed: a form that reads once, within two minutes and at identification-service, what the person agreed to have"
                            + " told, for whoever accepted.")
    @APIResponse(responseCode = "200", content = @Content(mediaType = MediaType.TEXT_HTML))
    @APIResponse(
            responseCode = "422",
            description = "The page, asking for the number of places again",
            content = @Content(mediaType = MediaType.TEXT_HTML))
    @APIResponse(
            responseCode = "404",
            description = "The same page for a link that never was, has ended or was given a wrong code",
            content = @Content(mediaType = MediaType.TEXT_HTML))
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_FORM_URLENCODED,
                            schema = @Schema(implementation = LinkForm.class)))
    public Uni<Response> act(@PathParam("token") String token, String body) {
        LinkForm form = LinkForm.of(body);
        LinkPage page = page();
        if (kernel.restoreCheck().verdict().stops()) {
            return Uni.createFrom().item(page.door(true, 503));
        }
        String given = form.code() == null ? "" : form.code();
        return links.opened(token, given)
                .flatMap(link -> link == null
                        ? Uni.createFrom().item(page.door(true, 404))
                        : changing.behind(link)
                                .call(referral -> looked(link, referral))
                                .flatMap(referral -> done(link, referral, form))
                                .flatMap(notice -> changing.behind(link)
                                        .flatMap(referral -> LinkForm.AGREED.equals(form.action()) && tickets.given()
                                                ? ticket(link, referral).map(page::agreed)
                                                : summary(page, link, referral, given, notice)))
                                .onFailure(Refusal.class)
                                .recoverWithItem(refused -> page.door(true, 404)));
    }

    private Uni<Response> summary(LinkPage page, Link link, ReferralView referral, String code, Notice notice) {
        return told(link, referral)
                .flatMap(told -> places.said(link)
                        .map(said -> page.summary(told, link.offer(), code, tickets.given(), said, notice)));
    }

    /** A link tells of its own offer: who is asked again meanwhile, for another service, has another link. */
    private Uni<ReferralView> told(Link link, ReferralView referral) {
        ReferralView told = referral.asToldTo(link.organisation(), "", false);
        return told.openOfferTo(link.organisation())
                .filter(open -> open.offerId().equals(link.offer().value()))
                .map(open -> mustKnow.added(link.organisation(), told))
                .orElseGet(() -> Uni.createFrom().item(told));
    }

    /** For whoever gives the service; what they may read is decided where it is read. */
    private Uni<String> ticket(Link link, ReferralView referral) {
        if (!link.organisation().equals(referral.provider()) || referral.hasEnded()) {
            throw Refusal.of("link-unknown").unknown();
        }
        Instant now = now();
        return lookup.around(pool, referral.about(), now)
                .map(around ->
                        tickets.ticket(link, referral.caseCode(), around.mayBeAnAuthority(link.organisation()), now));
    }

    private Uni<?> looked(Link link, ReferralView referral) {
        Instant now = now();
        return lookup.around(pool, referral.about(), now)
                .flatMap(around -> tell(link, new OpenLink(link.id(), link.offer(), around, now)))
                .call(() -> pool.withTransaction(tx -> reads.givenIn(
                        tx,
                        "referral.link",
                        referral.about().caseCode().value(),
                        FieldMask.SUMMARY.name(),
                        Links.by(link))));
    }

    private Uni<Notice> done(Link link, ReferralView referral, LinkForm form) {
        String action = form.action() == null ? LinkForm.LOOK : form.action();
        return switch (action) {
            case "full" -> noted(places.full(link, now()));
            case "places" -> noted(places.left(link, form.unit(), form.places(), now()));
            default ->
                done(link, referral, form, action)
                        .replaceWith(LinkForm.SAYING.contains(action) ? Notice.RECORDED : Notice.NONE);
        };
    }

    /** A number that cannot be is asked for again; what is not theirs to say is refused like everything else. */
    private static Uni<Notice> noted(Uni<Void> said) {
        return said.replaceWith(Notice.PLACES_NOTED)
                .onFailure(failure -> failure instanceof Refusal refused && refused.kind() == Refusal.Kind.INVALID)
                .recoverWithItem(Notice.PLACES_WRONG);
    }

    private Uni<?> done(Link link, ReferralView referral, LinkForm form, String action) {
        Instant now = now();
        return switch (action) {
            case "accept" ->
                lookup.around(pool, referral.about(), now)
                        .flatMap(around -> act(link, new AcceptOffer(link.offer(), null, around, now)))
                        .call(() -> offering.asConsentStandsNow(referral.about(), now()));
            case "decline" ->
                offering.alone(
                                referral.about(),
                                now,
                                around -> act(
                                        link,
                                        new DeclineOffer(
                                                link.offer(),
                                                DeclineReason.byCode(form.reason() == null ? "" : form.reason())
                                                        .orElse(DeclineReason.OTHER),
                                                shortened(form.note()),
                                                around,
                                                now)))
                        .call(() -> offering.asConsentStandsNow(referral.about(), now()));
            case "first-contact" -> act(link, new BeginService(Party.RECEIVER, now));
            case "report" ->
                act(
                        link,
                        new ReportProgress(
                                HowItGoes.byCode(form.progress() == null ? "" : form.progress())
                                        .orElseThrow(() -> Refusal.of("unknown-state")),
                                shortened(form.note()),
                                Party.RECEIVER,
                                now));
            case "complete" ->
                act(
                        link,
                        new CompleteReferral(
                                Outcome.byCode(form.outcome() == null ? "" : form.outcome())
                                        .orElseThrow(() -> Refusal.of("unknown-state")),
                                shortened(form.note()),
                                Party.RECEIVER,
                                now));
            default -> Uni.createFrom().voidItem();
        };
    }

    private Uni<UUID> act(Link link, ReferralCommand command) {
        return tell(link, new ActByLink(link.id(), link.offer(), command));
    }

    private Uni<UUID> tell(Link link, ReferralCommand command) {
        return store.handle(
                        referrals, ReferralStream.of(link.referral()), command, ExpectedVersion.any(), Links.by(link))
                .replaceWith(link.id());
    }

    private static @Nullable String shortened(@Nullable String note) {
        return note == null || note.isBlank()
                ? null
                : note.strip().substring(0, Math.min(note.strip().length(), LONGEST_NOTE));
    }

    private LinkPage page() {
        return new LinkPage(problems.language(), register, zone);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
