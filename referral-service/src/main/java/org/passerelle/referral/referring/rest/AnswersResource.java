package org.passerelle.referral.referring.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Relation;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.referring.CancellationReason;
import org.passerelle.referral.referring.DeclineReason;
import org.passerelle.referral.referring.Lifecycle.Party;
import org.passerelle.referral.referring.Lookup;
import org.passerelle.referral.referring.Offering;
import org.passerelle.referral.referring.Outcome;
import org.passerelle.referral.referring.ReferralCommand;
import org.passerelle.referral.referring.ReferralCommand.AcceptOffer;
import org.passerelle.referral.referring.ReferralCommand.CancelReferral;
import org.passerelle.referral.referring.ReferralCommand.CompleteReferral;
import org.passerelle.referral.referring.ReferralCommand.DeclineOffer;
import org.passerelle.referral.referring.ReferralCommand.ReleaseLate;
import org.passerelle.referral.referring.ReferralCommand.ReviewPlacement;
import org.passerelle.referral.referring.ReferralCommand.RouteAgain;
import org.passerelle.referral.referring.ReferralCommand.TransferReferral;
import org.passerelle.referral.referring.RoutingTrigger;
import org.passerelle.referral.referring.Surroundings;
import org.passerelle.referral.referring.TelephoneCall;
import org.passerelle.referral.referring.TransferReason;
import org.passerelle.referral.referring.Worklists.ReferralView;

/** Answering offers, and ending referrals. */
@Path("/referrals")
@Tag(name = "Answers")
public class AnswersResource {

    @Inject
    Access access;

    @Inject
    Changing changing;

    @Inject
    Lookup lookup;

    @Inject
    Offering offering;

    @Inject
    Pool pool;

    @Inject
    Clock clock;

    /** What every change answers. The state is that of the referral, or {@code late} for a yes that came too late. */
    public record ReferralAnswer(UUID referralId, String state, long version) {}

    /** @param byTelephone for the sender, who was told yes on the telephone */
    public record Acceptance(
            @NotNull UUID offerId, @Valid @Nullable ByTelephone byTelephone) {}

    /** Who said yes or no. Kept with the referral, never published. */
    public record ByTelephone(
            @NotBlank @Size(max = 200) String who,

            @NotNull @Pattern(regexp = "\\+?[0-9 ()/.-]{3,30}")
            String number,

            @NotNull Instant at) {

        @Override
        public String toString() {
            return "ByTelephone[" + at + "]";
        }
    }

    @POST
    @Path("/{id}/acceptance")
    @AccessTo("referral.accept")
    @Operation(
            summary = "Accept an offer",
            description =
                    "By whoever is offered it; or, with byTelephone, by the sender for somebody who said yes on the"
                            + " telephone. A yes after the offer expired still counts, unless somebody else said yes before"
                            + " or a person chose somebody else: then the answer's state is late, and the sender thanks and"
                            + " releases whoever keeps a place.")
    public Uni<Response> accept(@PathParam("id") UUID id, @Valid @NotNull Acceptance request) {
        OfferId offer = new OfferId(request.offerId());
        Instant now = now();
        TelephoneCall call = call(request.byTelephone(), now);
        return known(id).flatMap(referral -> {
            if (call != null) {
                Relations.require(access, referral, Relation.OWNING);
            } else if (!answersAlready(referral, offer)) {
                requireOwnOffer(referral, offer);
            }
            return around(referral, now)
                    .flatMap(around -> changing.accept(id, new AcceptOffer(offer, call, around, now), request))
                    .call(done -> asConsentStandsNow(referral));
        });
    }

    private static @Nullable TelephoneCall call(@Nullable ByTelephone told, Instant now) {
        if (told == null) {
            return null;
        }
        if (told.at().isAfter(now)) {
            throw Refusal.of("in-the-future").invalid().field("byTelephone.at");
        }
        return new TelephoneCall(told.who(), told.number(), told.at());
    }

    /**
     * @param note free text for the sender; no names
     * @param byTelephone for the sender, who was told no on the telephone
     */
    public record Decline(
            @NotNull UUID offerId,
            @NotNull DeclineReason reason,
            @Size(max = 2000) @Nullable String note,
            @Valid @Nullable ByTelephone byTelephone) {

        @Override
        public String toString() {
            return "Decline[" + offerId + ", " + reason + "]";
        }
    }

    @POST
    @Path("/{id}/decline")
    @AccessTo("referral.decline")
    @Operation(
            summary = "Decline an offer; the need goes on to the next best service",
            description =
                    "By whoever is offered it; or, with byTelephone, by the sender for somebody who said no on the"
                            + " telephone.")
    public Uni<Response> decline(@PathParam("id") UUID id, @Valid @NotNull Decline request) {
        OfferId offer = new OfferId(request.offerId());
        Instant now = now();
        TelephoneCall call = call(request.byTelephone(), now);
        return known(id).flatMap(referral -> {
            if (call != null) {
                Relations.require(access, referral, Relation.OWNING);
            } else {
                requireOwnOffer(referral, offer);
            }
            return offering(
                            referral,
                            now,
                            around -> change(
                                    id,
                                    new DeclineOffer(offer, request.reason(), request.note(), call, around, now),
                                    request))
                    .call(done -> asConsentStandsNow(referral));
        });
    }

    /** Whose yes came too late. */
    public record Release(@NotNull UUID offerId) {}

    @POST
    @Path("/{id}/release")
    @AccessTo("referral.release")
    @Operation(
            summary = "Say that whoever said yes too late was thanked, and keeps no place any more",
            description =
                    "They hear of it. The task late-acceptance is settled with the last of them, also once the referral has"
                            + " ended: whoever keeps a place for somebody who does not come is told.")
    public Uni<Response> release(@PathParam("id") UUID id, @Valid @NotNull Release request) {
        Instant now = now();
        return known(id).flatMap(referral -> {
            Party by = Changing.party(Relations.asSenderFirst(access, referral).relation());
            return change(id, new ReleaseLate(new OfferId(request.offerId()), by, now), request);
        });
    }

    /** @param note why it stands, for the requester's own side; no names. Whoever gives the service never reads it */
    public record PlacementReview(
            @Size(max = 2000) @Nullable String note) {

        @Override
        public String toString() {
            return "PlacementReview";
        }
    }

    @POST
    @Path("/{id}/placement/review")
    @AccessTo("referral.review-placement")
    @Operation(
            summary = "Say that a placement was reviewed, and stands",
            description = "By whoever keeps the case, where something became known that speaks against the place (task"
                    + " placement-to-review): they looked at it with the person, who stays. Passing the referral on"
                    + " (transfer) or ending it settles the task too, and so does lifting what is avoided. What is"
                    + " said anew raises it again.")
    public Uni<Response> review(@PathParam("id") UUID id, @Valid @NotNull PlacementReview request) {
        Instant now = now();
        return known(id).flatMap(referral -> {
            Relations.require(access, referral, Relation.OWNING);
            return change(id, new ReviewPlacement(request.note(), now), request);
        });
    }

    /** @param note free text for the sender; no names */
    public record Transfer(
            @NotNull TransferReason reason,
            @Size(max = 2000) @Nullable String note) {

        @Override
        public String toString() {
            return "Transfer[" + reason + "]";
        }
    }

    @POST
    @Path("/{id}/transfer")
    @AccessTo("referral.transfer")
    @Operation(
            summary = "Pass a referral on that was accepted; the need goes on to the next best service",
            description =
                    "By the provider, or by the sender for one without access. The need's clock is the one it always"
                            + " had; what the person agreed to decides who may be next. The provider reads the case no more.")
    public Uni<Response> transfer(@PathParam("id") UUID id, @Valid @NotNull Transfer request) {
        Instant now = now();
        return known(id).flatMap(referral -> {
            Party by = Changing.party(Relations.best(access, referral).relation());
            return offering(
                            referral,
                            now,
                            around -> change(
                                    id,
                                    new TransferReferral(request.reason(), request.note(), around, by, now),
                                    request))
                    .call(done -> asConsentStandsNow(referral));
        });
    }

    /** @param note free text for the sender; no names */
    public record Completion(
            @NotNull Outcome outcome,
            @Size(max = 2000) @Nullable String note) {

        @Override
        public String toString() {
            return "Completion[" + outcome + "]";
        }
    }

    @POST
    @Path("/{id}/completion")
    @AccessTo("referral.complete")
    @Operation(summary = "Say that the service was given, and what came of it")
    public Uni<Response> complete(@PathParam("id") UUID id, @Valid @NotNull Completion request) {
        Instant now = now();
        return known(id).flatMap(referral -> {
            Party by = Changing.party(Relations.best(access, referral).relation());
            return change(id, new CompleteReferral(request.outcome(), request.note(), by, now), request);
        });
    }

    /** Why the referral is cancelled. */
    public record Cancellation(@NotNull CancellationReason reason) {}

    @POST
    @Path("/{id}/cancellation")
    @AccessTo("referral.cancel")
    @Operation(summary = "Cancel a referral")
    public Uni<Response> cancel(@PathParam("id") UUID id, @Valid @NotNull Cancellation request) {
        Instant now = now();
        if (request.reason() == CancellationReason.CASE_CLOSED) {
            // the word of identification-service, when it closes the case
            throw Refusal.of("reason-of-the-system").invalid().field("reason");
        }
        return known(id).flatMap(referral -> {
            Party by = Changing.party(Relations.best(access, referral).relation());
            return change(id, new CancelReferral(request.reason(), by, now), request);
        });
    }

    /** Nothing to say: route with what is known now. */
    public record Rerouting() {}

    @POST
    @Path("/{id}/rerouting")
    @AccessTo("referral.reroute")
    @Operation(summary = "Route again a referral that waits; without anything new it stays as it is")
    public Uni<Response> reroute(@PathParam("id") UUID id, @Valid @NotNull Rerouting request) {
        Instant now = now();
        return known(id).flatMap(referral -> {
            Party by = Changing.party(Relations.best(access, referral).relation());
            return offering(
                            referral,
                            now,
                            around -> change(id, new RouteAgain(RoutingTrigger.ASKED, around, by, now), request))
                    .call(done -> asConsentStandsNow(referral));
        });
    }

    private Uni<ReferralView> known(UUID id) {
        return changing.known(id);
    }

    /** A repeat of one's own yes: the relation has become that of the provider meanwhile. */
    private boolean answersAlready(ReferralView referral, OfferId offer) {
        return Relations.has(access, referral, Relation.PROVIDING)
                && referral.offers().stream()
                        .anyMatch(own -> own.offerId().equals(offer.value())
                                && own.state().equals("accepted")
                                && access.caller().belongsTo(own.organisation().toString()));
    }

    private void requireOwnOffer(ReferralView referral, OfferId offer) {
        boolean others = referral.offers().stream()
                .anyMatch(one -> one.offerId().equals(offer.value())
                        && !access.caller().belongsTo(one.organisation().toString()));
        if (others && Relations.has(access, referral, Relation.OWNING)) {
            throw Refusal.of("answer-of-others").field("byTelephone").invalid();
        }
        boolean answered = referral.offers().stream()
                .anyMatch(own -> own.offerId().equals(offer.value())
                        && access.caller().belongsTo(own.organisation().toString())
                        && own.state().equals("declined"));
        if (!answered) {
            Relations.require(access, referral, Relation.OFFERED);
        } else {
            access.require(Relation.OFFERED);
        }
        Relations.requireOwn(access, referral, offer);
    }

    private Uni<Surroundings> around(ReferralView referral, Instant now) {
        return lookup.around(pool, referral.about(), now);
    }

    private <R> Uni<R> offering(ReferralView referral, Instant now, Function<Surroundings, Uni<R>> change) {
        return offering.alone(referral.about(), now, change);
    }

    private Uni<Response> change(UUID id, ReferralCommand command, Object body) {
        return changing.change(id, command, body);
    }

    private Uni<Void> asConsentStandsNow(ReferralView referral) {
        return offering.asConsentStandsNow(referral.about(), now());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
