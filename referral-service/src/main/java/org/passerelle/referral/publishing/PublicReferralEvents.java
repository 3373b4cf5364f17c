package org.passerelle.referral.publishing;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.referring.About;
import org.passerelle.referral.referring.CancellationReason;
import org.passerelle.referral.referring.NextStep;
import org.passerelle.referral.referring.ReferralEvent;
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
import org.passerelle.referral.referring.WithdrawalReason;

/**
 * What others may know of a referral's events: ids, codes and clocks, as the schemas of foundation/contracts have them.
 * Never who telephoned, never a note, never the age or sex of the person.
 */
public final class PublicReferralEvents {

    private PublicReferralEvents() {}

    public static Optional<PublicEvent> of(ReferralEvent event) {
        return switch (event) {
            case ReferralRequested requested ->
                told(
                        requested,
                        "referral-requested",
                        Map.of(
                                "service", requested.request().service(),
                                "urgency", requested.request().urgency(),
                                "place", requested.request().place(),
                                "dueAt", requested.request().dueAt()));
            case NeedRouted routed -> Optional.empty();
            case ServiceOffered offered ->
                told(
                        offered,
                        "service-offered",
                        Map.of(
                                "offerId", offered.offer(),
                                "organisation", offered.organisation(),
                                "serviceId", offered.service(),
                                "service", offered.about().service(),
                                "answerBy", offered.answerBy()));
            case OfferAccepted accepted ->
                told(
                        accepted,
                        "offer-accepted",
                        Map.of(
                                "offerId", accepted.offer(),
                                "organisation", accepted.organisation(),
                                "serviceId", accepted.service(),
                                "service", accepted.about().service(),
                                "channel", accepted.channel()));
            case OfferDeclined declined ->
                told(
                        declined,
                        "offer-declined",
                        Map.of(
                                "offerId", declined.offer(),
                                "organisation", declined.organisation(),
                                "reason", declined.reason()));
            case OfferExpired expired ->
                told(
                        expired,
                        "offer-expired",
                        Map.of("offerId", expired.offer(), "organisation", expired.organisation()));
            case OfferWithdrawn withdrawn ->
                told(
                        withdrawn,
                        "offer-withdrawn",
                        Map.of(
                                "offerId", withdrawn.offer(),
                                "organisation", withdrawn.organisation(),
                                "reason", publicReason(withdrawn.reason())));
            // others see that this organisation gives the service no more, and whom it is offered to next
            case ReferralTransferred passedOn ->
                told(
                        passedOn,
                        "offer-withdrawn",
                        Map.of(
                                "offerId", passedOn.offer(),
                                "organisation", passedOn.organisation(),
                                "reason", WithdrawalReason.CANCELLED));
            case LateAcceptanceRecorded late -> progressed(late, "accepted-late", late.organisation());
            case LateAcceptanceReleased released -> progressed(released, "released", released.organisation());
            // why, the requester learns from its task; whoever gives the service learns that it has to ask
            case ServiceStopped stopped -> progressed(stopped, "stopped", stopped.organisation());
            case StopLifted lifted -> progressed(lifted, "stop-lifted", lifted.organisation());
            case OfferAcknowledged seen -> progressed(seen, "acknowledged", seen.organisation());
            case ServiceBegun begun -> progressed(begun, "first-contact", begun.organisation());
            case ReferralHeld held -> progressed(held, "on-hold", held.organisation());
            case ProgressReported reported -> progressed(reported, "continues", reported.organisation());
            case ReferralResumed resumed -> progressed(resumed, "resumed", resumed.organisation());
            // whose of an organisation a referral is, is nobody else's business
            case ReferralClaimed claimed -> Optional.empty();
            case ClaimReturned returned -> Optional.empty();
            case LinkIssued issued -> Optional.empty();
            case NeedHeldBack held -> Optional.empty();
            case ServiceChosen chosen -> Optional.empty();
            case LinkOpened opened -> Optional.empty();
            // what was opened by it just before, at another service, closes too
            case LinkRevoked revoked ->
                told(revoked, "link-revoked", Map.of("linkId", revoked.link(), "reason", revoked.reason()));
            case LinkRenewed renewed -> Optional.empty();
            case StepAwaited awaited -> Optional.empty();
            case StepOverdue overdue -> overdue(overdue.about(), overdue.step().code(), overdue.of(), overdue.told());
            // that somebody is feared is the requester's alone: that there is something to decide, and not what
            case DangersFound found -> Optional.empty();
            case PlacementReviewed reviewed -> Optional.empty();
            case DecisionAwaited awaited -> Optional.empty();
            case DecisionOverdue overdue ->
                overdue(
                        overdue.about(),
                        NextStep.DECISION.code(),
                        overdue.about().requestedBy(),
                        overdue.told());
            case NeedEscalated escalated ->
                overdue(escalated.about(), "need", escalated.about().requestedBy(), escalated.told());
            case CaseWorkerTaskRaised raised ->
                switch (raised.reason()) {
                    // link-revoked says it, with its reason
                    case LINK_CLOSED -> Optional.empty();
                    // that somebody is feared is the requester's alone, who finds the task in its list
                    case PLACEMENT_TO_REVIEW -> Optional.empty();
                    case NO_CONSENT,
                            NO_CONSENTED_RECIPIENT,
                            EMERGENCY_UNANSWERED,
                            NEED_CLOCK_OVERDUE,
                            LATE_ACCEPTANCE,
                            CONSENT_ENDED_WHILE_SERVING,
                            PROVIDER_SUSPENDED,
                            OTHER_NEED_FAILED,
                            NO_PLACE_TOGETHER ->
                        told(raised, "case-worker-task-raised", Map.of("reason", raised.reason()));
                };
            case ServiceGapFound gap ->
                told(
                        gap,
                        "service-gap-found",
                        Map.of(
                                "service",
                                gap.about().service(),
                                "place",
                                gap.about().place()));
            case ReferralCompleted completed ->
                told(
                        completed,
                        "referral-completed",
                        Map.of("organisation", completed.organisation(), "outcome", completed.outcome()));
            case ReferralCancelled cancelled ->
                told(cancelled, "referral-cancelled", Map.of("reason", publicReason(cancelled.reason())));
        };
    }

    /**
     * A step was not taken in time.
     *
     * @param step a {@link NextStep}, or what the police owe
     * @param of whose step it is
     */
    static Optional<PublicEvent> overdue(About about, String step, OrganisationId of, NextStep.Told told) {
        return told(about, "step-overdue", Map.of("step", step, "organisation", of, "told", told));
    }

    private static Optional<PublicEvent> progressed(ReferralEvent event, String step, OrganisationId organisation) {
        return told(event, "referral-progressed", Map.of("step", step, "organisation", organisation));
    }

    /** The published list has no word for it. */
    private static String publicReason(CancellationReason reason) {
        return switch (reason) {
            case NO_SERVICE -> CancellationReason.OTHER.code();
            case PERSON_DECLINED, NO_LONGER_NEEDED, CONSENT_WITHDRAWN, ENTERED_IN_ERROR, CASE_CLOSED, OTHER ->
                reason.code();
        };
    }

    /** That somebody else was quicker is nobody else's business: to others the offer was cancelled. */
    private static String publicReason(WithdrawalReason reason) {
        return switch (reason) {
            case CONSENT_WITHDRAWN, CONSENT_EXPIRED, CANCELLED, CASE_CLOSED -> reason.code();
            case ACCEPTED_ELSEWHERE, MOVED_TOGETHER, CHOSEN_ELSEWHERE, ORGANISATION_SUSPENDED ->
                WithdrawalReason.CANCELLED.code();
        };
    }

    private static Optional<PublicEvent> told(ReferralEvent event, String name, Map<String, Object> facts) {
        return told(event.about(), name, facts);
    }

    private static Optional<PublicEvent> told(About about, String name, Map<String, Object> facts) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("referralId", about.referral());
        data.putAll(facts);
        data.put("requestedBy", about.requestedBy());
        String code = about.caseCode().value();
        return Optional.of(new PublicEvent("passerelle.referral." + name + ".v1", code, code, data));
    }

    /** The organisation, beside the requester, that may hear of the event. */
    public static @Nullable OrganisationId otherParty(ReferralEvent event) {
        return switch (event) {
            case ServiceOffered offered -> offered.organisation();
            case OfferAccepted accepted -> accepted.organisation();
            case OfferDeclined declined -> declined.organisation();
            case OfferExpired expired -> expired.organisation();
            case OfferWithdrawn withdrawn -> withdrawn.organisation();
            case ReferralTransferred passedOn -> passedOn.organisation();
            case LateAcceptanceRecorded late -> late.organisation();
            case LateAcceptanceReleased released -> released.organisation();
            case ServiceStopped stopped -> stopped.organisation();
            case StopLifted lifted -> lifted.organisation();
            case ReferralCompleted completed -> completed.organisation();
            case ReferralCancelled cancelled -> cancelled.provider();
            case OfferAcknowledged seen -> seen.organisation();
            case ReferralClaimed claimed -> claimed.organisation();
            case ClaimReturned returned -> returned.organisation();
            case ServiceBegun begun -> begun.organisation();
            case ReferralHeld held -> held.organisation();
            case ReferralResumed resumed -> resumed.organisation();
            case LinkIssued issued -> issued.organisation();
            case NeedHeldBack none -> null;
            // told with the offer that follows
            case ServiceChosen none -> null;
            case LinkOpened opened -> opened.organisation();
            case LinkRenewed none -> null;
            case LinkRevoked none -> null;
            case StepAwaited awaited -> awaited.of();
            case StepOverdue overdue -> overdue.of();
            case ProgressReported reported -> reported.organisation();
            case NeedEscalated none -> null;
            case DangersFound none -> null;
            case PlacementReviewed none -> null;
            case DecisionAwaited none -> null;
            case DecisionOverdue none -> null;
            case ReferralRequested none -> null;
            case NeedRouted none -> null;
            case CaseWorkerTaskRaised none -> null;
            case ServiceGapFound none -> null;
        };
    }

    /** The organisations whose subscriptions carry the event; none where it is not published. */
    public static Set<OrganisationId> concerned(ReferralEvent event) {
        if (of(event).isEmpty()) {
            return Set.of();
        }
        Set<OrganisationId> concerned = new LinkedHashSet<>(Set.of(event.about().requestedBy()));
        OrganisationId other = otherParty(event);
        if (other != null) {
            concerned.add(other);
        }
        return concerned;
    }
}
