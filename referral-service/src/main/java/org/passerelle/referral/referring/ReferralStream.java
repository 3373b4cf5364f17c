package org.passerelle.referral.referring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.passerelle.eventsourcing.DeadlineChange;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.referring.ReferralEvent.CaseWorkerTaskRaised;
import org.passerelle.referral.referring.ReferralEvent.ClaimReturned;
import org.passerelle.referral.referring.ReferralEvent.DangersFound;
import org.passerelle.referral.referring.ReferralEvent.DecisionAwaited;
import org.passerelle.referral.referring.ReferralEvent.DecisionOverdue;
import org.passerelle.referral.referring.ReferralEvent.LateAcceptanceRecorded;
import org.passerelle.referral.referring.ReferralEvent.LateAcceptanceReleased;
import org.passerelle.referral.referring.ReferralEvent.LinkIssued;
import org.passerelle.referral.referring.ReferralEvent.LinkOpened;
import org.passerelle.referral.referring.ReferralEvent.LinkRenewed;
import org.passerelle.referral.referring.ReferralEvent.LinkRevoked;
import org.passerelle.referral.referring.ReferralEvent.NeedEscalated;
import org.passerelle.referral.referring.ReferralEvent.NeedHeldBack;
import org.passerelle.referral.referring.ReferralEvent.NeedRouted;
import org.passerelle.referral.referring.ReferralEvent.OfferAccepted;
import org.passerelle.referral.referring.ReferralEvent.OfferAcknowledged;
import org.passerelle.referral.referring.ReferralEvent.OfferDeclined;
import org.passerelle.referral.referring.ReferralEvent.OfferExpired;
import org.passerelle.referral.referring.ReferralEvent.OfferWithdrawn;
import org.passerelle.referral.referring.ReferralEvent.PlacementReviewed;
import org.passerelle.referral.referring.ReferralEvent.ProgressReported;
import org.passerelle.referral.referring.ReferralEvent.ReferralCancelled;
import org.passerelle.referral.referring.ReferralEvent.ReferralClaimed;
import org.passerelle.referral.referring.ReferralEvent.ReferralCompleted;
import org.passerelle.referral.referring.ReferralEvent.ReferralHeld;
import org.passerelle.referral.referring.ReferralEvent.ReferralRequested;
import org.passerelle.referral.referring.ReferralEvent.ReferralResumed;
import org.passerelle.referral.referring.ReferralEvent.ReferralTransferred;
import org.passerelle.referral.referring.ReferralEvent.ServiceBegun;
import org.passerelle.referral.referring.ReferralEvent.ServiceChosen;
import org.passerelle.referral.referring.ReferralEvent.ServiceGapFound;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;
import org.passerelle.referral.referring.ReferralEvent.ServiceStopped;
import org.passerelle.referral.referring.ReferralEvent.StepAwaited;
import org.passerelle.referral.referring.ReferralEvent.StepOverdue;
import org.passerelle.referral.referring.ReferralEvent.StopLifted;
import org.passerelle.referral.routing.Together;

/** How referrals are stored: one stream each, keyed by the need's id; the names of their events; their deadlines. */
public final class ReferralStream {

    public static final String CATEGORY = "referral";

    /** The need's own clock. */
    static final String NEED_CLOCK = "need-clock";

    /** One offer's deadline: this and the offer's id. */
    static final String ANSWER_BY = "answer-by:";

    /** The directory changed while the need was waiting. */
    static final String LOOK_AGAIN = "look-again";

    /**
     * A unit of a service that the need waits for was given back: this, and which offer's and when. Or another need of the
     * case is nobody's any more: this, and which need's and at which version.
     */
    static final String UNIT_RETURNED = "unit-returned";

    /** Another need of the package went on: this, and which one and how far. */
    static final String PACKAGE = "package";

    /** The second look, as with units. */
    static final String PACKAGE_SETTLED = "package-settled";

    /** Whether whoever is asked, or gives the service, is suspended is to be looked at. */
    static final String STANDING = "standing";

    /** The clock of the next step: whoever owes it is told when it runs out. */
    static final String NEXT_STEP = "next-step";

    /** The clock of what the requester decides beside the next step; also after the referral has ended. */
    static final String DECISION = "decision";

    /**
     * Whether whoever claimed the referral still acts for the organisation, and is there, is to be looked at. Because of an
     * absence: this, a colon and when that begins.
     */
    public static final String CLAIMANT = "claimant";

    /** The second look, which is not to stand in the way of an earlier one. */
    static final String UNIT_SETTLED = "unit-settled";

    /**
     * Longer than a transaction may last: a unit given back by one that did not see the need waiting yet is found by a
     * second look.
     */
    public static final Duration SETTLED = Duration.ofSeconds(15);

    public static final EventTypes<ReferralEvent> TYPES = EventTypes.of(ReferralEvent.class)
            .type("referral.requested", 1, ReferralRequested.class)
            .type("referral.need-routed", 2, NeedRouted.class)
            .upcast("referral.need-routed", 1, old -> old.set("considered", old.remove("ranking")))
            .type("referral.need-held-back", 1, NeedHeldBack.class)
            .type("referral.service-chosen", 2, ServiceChosen.class)
            .upcast("referral.service-chosen", 1, ReferralStream::saysWhetherItParts)
            .type("referral.service-offered", 1, ServiceOffered.class)
            .type("referral.offer-accepted", 1, OfferAccepted.class)
            .type("referral.offer-declined", 1, OfferDeclined.class)
            .type("referral.offer-expired", 1, OfferExpired.class)
            .type("referral.offer-withdrawn", 1, OfferWithdrawn.class)
            .type("referral.late-acceptance-recorded", 1, LateAcceptanceRecorded.class)
            .type("referral.late-acceptance-released", 1, LateAcceptanceReleased.class)
            .type("referral.service-stopped", 1, ServiceStopped.class)
            .type("referral.stop-lifted", 1, StopLifted.class)
            .type("referral.dangers-found", 1, DangersFound.class)
            .type("referral.placement-reviewed", 1, PlacementReviewed.class)
            .type("referral.decision-awaited", 1, DecisionAwaited.class)
            .type("referral.decision-overdue", 1, DecisionOverdue.class)
            .type("referral.case-worker-task-raised", 1, CaseWorkerTaskRaised.class)
            .type("referral.service-gap-found", 1, ServiceGapFound.class)
            .type("referral.offer-acknowledged", 1, OfferAcknowledged.class)
            .type("referral.claimed", 1, ReferralClaimed.class)
            .type("referral.claim-returned", 1, ClaimReturned.class)
            .type("referral.service-begun", 1, ServiceBegun.class)
            .type("referral.held", 1, ReferralHeld.class)
            .type("referral.resumed", 1, ReferralResumed.class)
            .type("referral.progress-reported", 1, ProgressReported.class)
            .type("referral.need-escalated", 1, NeedEscalated.class)
            .type("referral.step-awaited", 1, StepAwaited.class)
            .type("referral.step-overdue", 1, StepOverdue.class)
            .type("referral.link-issued", 1, LinkIssued.class)
            .type("referral.link-opened", 1, LinkOpened.class)
            .type("referral.link-renewed", 1, LinkRenewed.class)
            .type("referral.link-revoked", 1, LinkRevoked.class)
            .type("referral.transferred", 1, ReferralTransferred.class)
            .type("referral.completed", 1, ReferralCompleted.class)
            .type("referral.cancelled", 1, ReferralCancelled.class)
            .about((stream, event) -> event.about().caseCode().value())
            .build();

    private static final List<DeadlineChange> ENDED = List.of(
            DeadlineChange.cancel(NEED_CLOCK), DeadlineChange.cancel(NEXT_STEP), DeadlineChange.cancel(UNIT_SETTLED));

    private ReferralStream() {}

    /** Version 1 told it by the reasons that were set aside, which it did not seal. */
    private static ObjectNode saysWhetherItParts(ObjectNode old) {
        JsonNode against = old.remove("against");
        boolean apart = false;
        for (JsonNode reason : against) {
            apart |= Together.isParting(reason.path("code").asText());
        }
        return old.<ObjectNode>set("setAside", against).put("apart", apart);
    }

    public static StreamKind<ReferralCommand, Referral, ReferralEvent> kind(ReferralDecider decider) {
        return new StreamKind<>(CATEGORY, decider, TYPES, ReferralStream::deadlines);
    }

    public static StreamId of(ReferralId id) {
        return new StreamId(CATEGORY, id.toString());
    }

    static List<DeadlineChange> deadlines(ReferralEvent event) {
        return switch (event) {
            case ReferralRequested requested ->
                List.of(DeadlineChange.set(NEED_CLOCK, requested.request().dueAt()));
            case ServiceOffered offered -> List.of(DeadlineChange.set(answerBy(offered.offer()), offered.answerBy()));
            case OfferAccepted accepted -> List.of(DeadlineChange.cancel(answerBy(accepted.offer())));
            case OfferDeclined declined -> List.of(DeadlineChange.cancel(answerBy(declined.offer())));
            case OfferWithdrawn withdrawn -> List.of(DeadlineChange.cancel(answerBy(withdrawn.offer())));
            case ReferralTransferred passedOn -> List.of(DeadlineChange.set(NEED_CLOCK, passedOn.needDueAt()));
            case StepAwaited awaited -> List.of(DeadlineChange.set(NEXT_STEP, awaited.by()));
            case StepOverdue overdue -> List.of(DeadlineChange.set(NEXT_STEP, overdue.again()));
            case DecisionAwaited awaited -> {
                Instant by = awaited.by();
                yield List.of(by == null ? DeadlineChange.cancel(DECISION) : DeadlineChange.set(DECISION, by));
            }
            case DecisionOverdue overdue -> List.of(DeadlineChange.set(DECISION, overdue.again()));
            case DangersFound none -> List.of();
            case PlacementReviewed none -> List.of();
            case ReferralClaimed claimed ->
                List.of(DeadlineChange.set(CLAIMANT, claimed.at().plus(SETTLED)));
            case NeedHeldBack held ->
                List.of(DeadlineChange.set(PACKAGE_SETTLED, held.at().plus(SETTLED)));
            case ServiceChosen none -> List.of();
            case OfferAcknowledged none -> List.of();
            case LinkIssued none -> List.of();
            case LinkOpened none -> List.of();
            case LinkRenewed none -> List.of();
            case LinkRevoked none -> List.of();
            case ClaimReturned none -> List.of();
            case ServiceBegun begun -> List.of(DeadlineChange.cancel(NEED_CLOCK));
            case ProgressReported none -> List.of();
            case NeedEscalated none -> List.of();
            case ReferralHeld none -> List.of();
            case ReferralResumed none -> List.of();
            case ReferralCompleted completed -> ENDED;
            case ReferralCancelled cancelled -> ENDED;
            case NeedRouted routed ->
                routed.wantsASecondLook()
                        ? List.of(DeadlineChange.set(UNIT_SETTLED, routed.at().plus(SETTLED)))
                        : List.of();
            case OfferExpired none -> List.of();
            case LateAcceptanceRecorded none -> List.of();
            case LateAcceptanceReleased none -> List.of();
            case ServiceStopped none -> List.of();
            case StopLifted none -> List.of();
            case CaseWorkerTaskRaised none -> List.of();
            case ServiceGapFound none -> List.of();
        };
    }

    private static String answerBy(OfferId offer) {
        return ANSWER_BY + offer;
    }
}
