package org.passerelle.assistance.plan;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.sealing.Personal;

/** The facts of an assistance plan. Some are nobody else's business: see {@code publishing}. */
public sealed interface PlanEvent {

    /** A case was opened somewhere; who answers for it. Not public: it repeats what identification said. */
    record CaseNoted(OrganisationId owner) implements PlanEvent {}

    /** A referral of the case is open. Not public. */
    record ReferralOpenNoted(ReferralId referralId) implements PlanEvent {}

    /** No service was found for a referral of the case. Not public. */
    record ReferralGapNoted(ReferralId referralId) implements PlanEvent {}

    /** A referral of the case ended. Not public. */
    record ReferralEndNoted(ReferralId referralId) implements PlanEvent {}

    /** The case itself was closed by its owner. Not public. */
    record CaseClosureNoted(ClosureReason reason) implements PlanEvent {}

    /** Opened, or opened again after it had been closed. */
    record PlanOpened(OrganisationId requestedBy) implements PlanEvent {}

    /** An organisation is giving a service from now on. */
    record ServiceAgreed(
            ReferralId referralId, OfferId offerId, ServiceType service, OrganisationId organisation, Instant agreedAt)
            implements PlanEvent {}

    /**
     * @param organisation that gave it, whoever recorded it
     * @param deliveredAt  as told
     * @param units        how many, in whatever unit the service counts: nights, sessions, meals; at least 1
     * @param note         free text; never leaves this service
     */
    record ServiceDelivered(
            DeliveryId deliveryId,
            ReferralId referralId,
            OfferId offerId,
            ServiceType service,
            OrganisationId organisation,
            Instant deliveredAt,
            int units,
            @Personal("story") @Nullable String note)
            implements PlanEvent {}

    /** An organisation is no longer giving a service. */
    record ServiceEnded(ReferralId referralId, OfferId offerId, ServiceEndReason reason) implements PlanEvent {}

    record FollowUpScheduled(FollowUpId followUpId, Instant dueAt, FollowUpKind kind) implements PlanEvent {}

    /** Its time has come; said once. */
    record FollowUpCameDue(FollowUpId followUpId) implements PlanEvent {}

    /**
     * @param note free text; never leaves this service
     */
    record FollowUpDone(
            FollowUpId followUpId,
            FollowUpOutcome outcome,
            @Personal("story") @Nullable String note) implements PlanEvent {}

    /**
     * @param dropped the follow-ups that were still to be made and now are not
     */
    record PlanClosed(ClosureReason reason, List<FollowUpId> dropped) implements PlanEvent {
        public PlanClosed {
            dropped = List.copyOf(dropped);
        }
    }
}
