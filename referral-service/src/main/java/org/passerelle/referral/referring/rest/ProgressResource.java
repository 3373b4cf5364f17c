package org.passerelle.referral.referring.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Commands;
import org.passerelle.edge.Memberships;
import org.passerelle.edge.Relation;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.referring.ClaimReason;
import org.passerelle.referral.referring.Claimants;
import org.passerelle.referral.referring.Claimants.Cover;
import org.passerelle.referral.referring.HowItGoes;
import org.passerelle.referral.referring.Lifecycle.Party;
import org.passerelle.referral.referring.PauseReason;
import org.passerelle.referral.referring.ReferralCommand;
import org.passerelle.referral.referring.ReferralCommand.AcknowledgeOffer;
import org.passerelle.referral.referring.ReferralCommand.BeginService;
import org.passerelle.referral.referring.ReferralCommand.ClaimReferral;
import org.passerelle.referral.referring.ReferralCommand.HoldReferral;
import org.passerelle.referral.referring.ReferralCommand.ReportProgress;
import org.passerelle.referral.referring.ReferralCommand.ResumeReferral;
import org.passerelle.referral.referring.ReferralCommand.ReturnClaim;
import org.passerelle.referral.referring.Worklists.ReferralView;
import org.passerelle.referral.referring.rest.Changing.Assigned;
import org.passerelle.referral.referring.rest.Changing.PassedTo;

/** What the organisation that is asked, or that gives the service, tells; and whose of it the referral is. */
@Path("/referrals")
@Tag(name = "Progress")
public class ProgressResource {

    @Inject
    Access access;

    @Inject
    Changing changing;

    @Inject
    Commands commands;

    @Inject
    Claimants claimants;

    @Inject
    Clock clock;

    /** The offer that was seen. */
    public record Acknowledgement(@NotNull UUID offerId) {}

    @POST
    @Path("/{id}/acknowledgement")
    @AccessTo("referral.acknowledge")
    @Operation(summary = "Say that an offer was seen; it is still to be answered in time")
    public Uni<Response> acknowledge(@PathParam("id") UUID id, @Valid @NotNull Acknowledgement request) {
        return changing.known(id).flatMap(referral -> {
            OfferId offer = new OfferId(request.offerId());
            Relations.require(access, referral, Relation.OFFERED);
            Relations.requireOwn(access, referral, offer);
            return changing.change(id, new AcknowledgeOffer(offer, now()), request);
        });
    }

    /** Nothing to say but that it is so. */
    public record Said() {}

    @POST
    @Path("/{id}/first-contact")
    @AccessTo("referral.progress")
    @Operation(
            summary = "Say that the provider met the person",
            description = "By the provider, or by the sender for one without access.")
    public Uni<Response> begin(@PathParam("id") UUID id, @Valid @NotNull Said request) {
        return progress(id, request, by -> new BeginService(by, now()));
    }

    /** @param note free text for the sender; no names */
    public record Pause(
            @NotNull PauseReason reason,
            @Size(max = 2000) @Nullable String note) {

        @Override
        public String toString() {
            return "Pause[" + reason + "]";
        }
    }

    @POST
    @Path("/{id}/pause")
    @AccessTo("referral.progress")
    @Operation(summary = "Put a service on hold")
    public Uni<Response> pause(@PathParam("id") UUID id, @Valid @NotNull Pause request) {
        return progress(id, request, by -> new HoldReferral(request.reason(), request.note(), by, now()));
    }

    @POST
    @Path("/{id}/resumption")
    @AccessTo("referral.progress")
    @Operation(summary = "Go on after a pause")
    public Uni<Response> resume(@PathParam("id") UUID id, @Valid @NotNull Said request) {
        return progress(id, request, by -> new ResumeReferral(by, now()));
    }

    /** @param note free text for the sender; no names */
    public record Report(
            @NotNull HowItGoes progress,
            @Size(max = 2000) @Nullable String note) {

        @Override
        public String toString() {
            return "Report[" + progress + "]";
        }
    }

    @POST
    @Path("/{id}/progress")
    @AccessTo("referral.progress")
    @Operation(
            summary = "Say that a service goes on, and how",
            description =
                    "By the provider, or by the sender for one without access. The next report is due as long after"
                            + " this one as the country's pack says.")
    public Uni<Response> report(@PathParam("id") UUID id, @Valid @NotNull Report request) {
        return progress(id, request, by -> new ReportProgress(request.progress(), request.note(), by, now()));
    }

    private Uni<Response> progress(UUID id, Object request, Function<Party, ReferralCommand> command) {
        return changing.known(id).flatMap(referral -> {
            Party by = Changing.party(Relations.best(access, referral).relation());
            return changing.change(id, command.apply(by), request);
        });
    }

    @POST
    @Path("/{id}/claim")
    @AccessTo("referral.claim")
    @Operation(summary = "Take a referral from the organisation's inbox: it is one's own from now on")
    public Uni<Response> claim(@PathParam("id") UUID id, @Valid @NotNull Said request) {
        return asReceiver(id)
                .flatMap(referral -> commands.unlessAnswered(
                        request,
                        () -> away(myself())
                                .flatMap(nobody -> changing.change(
                                        id,
                                        new ClaimReferral(myself(), ClaimReason.CLAIMED, myself(), ours(), now()),
                                        request))));
    }

    @POST
    @Path("/{id}/claim/return")
    @AccessTo("referral.claim")
    @Operation(summary = "Put one's own referral back into the organisation's inbox")
    public Uni<Response> giveBack(@PathParam("id") UUID id, @Valid @NotNull Said request) {
        return asReceiver(id)
                .flatMap(referral -> changing.change(
                        id, new ReturnClaim(myself(), ClaimReason.RETURNED, ours(), Party.RECEIVER, now()), request));
    }

    /**
     * Whose the referral is to be.
     *
     * @param issuer of the account; one's own when left out
     * @param reason handed-over by whoever has it; absence or reassigned by any colleague
     */
    public record Assignment(
            @Nullable @Size(max = 500) String issuer,
            @NotBlank @Size(max = 255) String subject,
            @NotNull ClaimReason reason) {}

    @POST
    @Path("/{id}/assignment")
    @AccessTo("referral.claim")
    @Operation(
            summary = "Give a referral to somebody of the organisation",
            description = "Hand one's own over; cover for somebody who is away; reassign. Whoever is named must act for"
                    + " the organisation. Of somebody who is away their cover has it (passedTo).")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Assigned.class)))
    public Uni<Response> assign(@PathParam("id") UUID id, @Valid @NotNull Assignment request) {
        if (request.reason() != ClaimReason.HANDED_OVER
                && request.reason() != ClaimReason.ABSENCE
                && request.reason() != ClaimReason.REASSIGNED) {
            throw Refusal.of("reason-of-the-system").invalid().field("reason");
        }
        return asReceiver(id).flatMap(referral -> commands.unlessAnswered(request, () -> assigned(id, request)));
    }

    private Uni<Response> assigned(UUID id, Assignment request) {
        String issuer = request.issuer() == null ? access.caller().issuer() : request.issuer();
        String account = Memberships.account(issuer, request.subject());
        return claimants
                .mayAct(account, ours().value())
                .flatMap(may -> {
                    if (!may) {
                        throw Refusal.of("not-a-member").invalid().field("subject");
                    }
                    return away(account);
                })
                .flatMap(cover -> changing.assign(
                        id,
                        new ClaimReferral(
                                cover.map(Cover::account).orElse(account),
                                request.reason(),
                                cover.isPresent(),
                                myself(),
                                ours(),
                                now()),
                        request,
                        cover.map(it -> new PassedTo(it.issuer(), it.subject())).orElse(null)));
    }

    /**
     * Who covers somebody; empty for whoever is not away. Refused where nobody does: it stays with whoever asks, who is
     * there. And to whoever is away themselves: one click, and they are back.
     */
    private Uni<Optional<Cover>> away(String account) {
        return claimants
                .away(account, ours().value(), now())
                .map(away -> away.map(it -> {
                    if (account.equals(myself())) {
                        throw Refusal.of("away-oneself").with(it.until().toString());
                    }
                    return it.cover()
                            .orElseThrow(() -> Refusal.of("colleague-away")
                                    .field("subject")
                                    .with(it.until().toString()));
                }));
    }

    private Uni<ReferralView> asReceiver(UUID id) {
        return changing.known(id).invoke(referral -> {
            if (!Relations.has(access, referral, Relation.OFFERED)) {
                Relations.require(access, referral, Relation.PROVIDING);
            }
        });
    }

    private OrganisationId ours() {
        return new OrganisationId(Relations.organisation(access.caller()));
    }

    private String myself() {
        return Memberships.account(access.caller().issuer(), access.caller().subject());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
