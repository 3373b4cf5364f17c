package org.passerelle.referral.publishing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.referring.About;
import org.passerelle.referral.referring.CancellationReason;
import org.passerelle.referral.referring.ReferralEvent;
import org.passerelle.referral.referring.ReferralEvent.CaseWorkerTaskRaised;
import org.passerelle.referral.referring.ReferralEvent.ClaimReturned;
import org.passerelle.referral.referring.ReferralEvent.LateAcceptanceRecorded;
import org.passerelle.referral.referring.ReferralEvent.LinkIssued;
import org.passerelle.referral.referring.ReferralEvent.LinkOpened;
import org.passerelle.referral.referring.ReferralEvent.LinkRevoked;
import org.passerelle.referral.referring.ReferralEvent.NeedHeldBack;
import org.passerelle.referral.referring.ReferralEvent.NeedRouted;
import org.passerelle.referral.referring.ReferralEvent.OfferAccepted;
import org.passerelle.referral.referring.ReferralEvent.OfferAcknowledged;
import org.passerelle.referral.referring.ReferralEvent.OfferDeclined;
import org.passerelle.referral.referring.ReferralEvent.OfferExpired;
import org.passerelle.referral.referring.ReferralEvent.OfferWithdrawn;
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
import org.passerelle.referral.referring.ReferralEvent.StepAwaited;
import org.passerelle.referral.referring.ReferralEvent.StepOverdue;
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
            case LateAcceptanceRecorded late -> Optional.empty();
            case OfferAcknowledged seen -> progressed(seen, "acknowledged", seen.organisation());
            case ServiceBegun begun -> progressed(begun, "first-contact", begun.organisation());
            case ReferralHeld held -> progressed(held, "on-hold", held.organisation());
            case ReferralResumed resumed -> progressed(resumed, "resumed", resumed.organisation());
            // whose of an organisation a referral is, and who is reminded, is nobody else's business
            case ReferralClaimed claimed -> Optional.empty();
            case ClaimReturned returned -> Optional.empty();
            case LinkIssued issued -> Optional.empty();
            case NeedHeldBack held -> Optional.empty();
            case ServiceChosen chosen -> Optional.empty();
            case LinkOpened opened -> Optional.empty();
            // what was opened by it just before, at another service, closes too
            case LinkRevoked revoked -> told(revoked, "link-revoked", Map.of("linkId", revoked.link()));
            case StepAwaited awaited -> Optional.empty();
            case StepOverdue overdue -> Optional.empty();
            case CaseWorkerTaskRaised raised ->
                // the published list has no word for it; the requester finds the task in its list
                switch (raised.reason()) {
                    case NO_CONSENT,
                            NO_CONSENTED_RECIPIENT,
                            EMERGENCY_UNANSWERED,
                            NEED_CLOCK_OVERDUE,
                            OTHER_NEED_FAILED,
                            NO_PLACE_TOGETHER ->
                        told(raised, "case-worker-task-raised", Map.of("reason", raised.reason()));
                    case LATE_ACCEPTANCE, PLACEMENT_TO_REVIEW -> Optional.empty();
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
            case ACCEPTED_ELSEWHERE, MOVED_TOGETHER, CHOSEN_ELSEWHERE -> WithdrawalReason.CANCELLED.code();
        };
    }

    private static Optional<PublicEvent> told(ReferralEvent event, String name, Map<String, Object> facts) {
        About about = event.about();
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
            case LinkRevoked none -> null;
            case StepAwaited awaited -> awaited.of();
            case StepOverdue overdue -> overdue.of();
            case ReferralRequested none -> null;
            case NeedRouted none -> null;
            case CaseWorkerTaskRaised none -> null;
            case ServiceGapFound none -> null;
        };
    }

    /** Whether an organisation's subscription carries the event. */
    public static boolean concerns(ReferralEvent event, OrganisationId organisation) {
        return event.about().requestedBy().equals(organisation) || organisation.equals(otherParty(event));
    }
}
