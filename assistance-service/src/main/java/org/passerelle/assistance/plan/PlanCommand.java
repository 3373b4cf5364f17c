package org.passerelle.assistance.plan;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What can be asked of a plan. Time and new ids are part of the question. */
public sealed interface PlanCommand {

    record NoteCase(OrganisationId owner) implements PlanCommand {}

    record NoteOpenReferral(ReferralId referralId) implements PlanCommand {}

    record NoteServiceGap(ReferralId referralId) implements PlanCommand {}

    record NoteCaseClosed(ClosureReason reason) implements PlanCommand {}

    /**
     * An offer was accepted: opens the plan or extends it. Never refused: the person has been promised the service.
     *
     * @param followUp scheduled where none is pending; null where the country has no rule for it
     */
    record AgreeService(
            ReferralId referralId,
            OfferId offerId,
            ServiceType service,
            OrganisationId organisation,
            OrganisationId requestedBy,
            Instant agreedAt,
            @Nullable NewFollowUp followUp)
            implements PlanCommand {}

    /** An offer was taken back; matters only where it had been accepted. */
    record WithdrawService(ReferralId referralId, OfferId offerId) implements PlanCommand {}

    /** The referral came to its end, and with it the service that was agreed. */
    record EndReferral(ReferralId referralId, ServiceEndReason reason) implements PlanCommand {}

    /**
     * @param service what the caller thinks was agreed; null where they leave it to the plan
     */
    record RecordDelivery(
            DeliveryId deliveryId,
            ReferralId referralId,
            @Nullable ServiceType service,
            Instant deliveredAt,
            int units,
            @Nullable String note,
            Instant now)
            implements PlanCommand {}

    record ScheduleFollowUp(NewFollowUp followUp, Instant now) implements PlanCommand {}

    record NoteFollowUpDue(FollowUpId followUpId) implements PlanCommand {}

    /**
     * @param next scheduled where none is pending afterwards; null where the country has no rule for it
     */
    record RecordFollowUp(
            FollowUpId followUpId,
            FollowUpOutcome outcome,
            @Nullable String note,
            @Nullable NewFollowUp next) implements PlanCommand {}

    record ClosePlan(ClosureReason reason) implements PlanCommand {}
}
