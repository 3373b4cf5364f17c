package org.passerelle.assistance.publishing;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.passerelle.assistance.plan.ClosureReason;
import org.passerelle.assistance.plan.DeliveryId;
import org.passerelle.assistance.plan.FollowUpId;
import org.passerelle.assistance.plan.FollowUpOutcome;
import org.passerelle.assistance.plan.OrganisationId;
import org.passerelle.assistance.plan.PlanEvent;
import org.passerelle.assistance.plan.Plans;
import org.passerelle.assistance.plan.ReferralId;
import org.passerelle.assistance.plan.ServiceEndReason;
import org.passerelle.assistance.plan.ServiceType;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.eventsourcing.Publishing;
import org.passerelle.eventsourcing.StoredEvent;

/**
 * The public form of a plan's events. Notes stay here; so does what others have told, since they have said it
 * themselves.
 */
@ApplicationScoped
public class PlanPublishing implements Publishing {

    /** See {@code contracts/assistance/*.schema.json}. */
    record PlanOpened(OrganisationId requestedBy) {}

    record ServiceAgreed(ReferralId referralId, ServiceType service, OrganisationId organisation) {}

    record ServiceDelivered(
            DeliveryId deliveryId,
            ReferralId referralId,
            ServiceType service,
            OrganisationId organisation,
            Instant deliveredAt) {}

    record ServiceEnded(ReferralId referralId, ServiceEndReason reason) {}

    record FollowUpScheduled(FollowUpId followUpId, Instant dueAt) {}

    record FollowUpDue(FollowUpId followUpId) {}

    record FollowUpDone(FollowUpId followUpId, FollowUpOutcome outcome) {}

    record PlanClosed(ClosureReason reason) {}

    @Override
    public String topic() {
        return "passerelle.assistance";
    }

    @Override
    public Set<String> categories() {
        return Set.of(Plans.KIND.category());
    }

    @Override
    public Optional<PublicEvent> translate(StoredEvent stored) {
        String caseCode = stored.stream().key();
        return switch (Plans.TYPES.decode(stored)) {
            case PlanEvent.PlanOpened opened -> told("plan-opened", caseCode, new PlanOpened(opened.requestedBy()));
            case PlanEvent.ServiceAgreed agreed ->
                told(
                        "service-agreed",
                        caseCode,
                        new ServiceAgreed(agreed.referralId(), agreed.service(), agreed.organisation()));
            case PlanEvent.ServiceDelivered given ->
                told(
                        "service-delivered",
                        caseCode,
                        new ServiceDelivered(
                                given.deliveryId(),
                                given.referralId(),
                                given.service(),
                                given.organisation(),
                                given.deliveredAt()));
            case PlanEvent.ServiceEnded ended ->
                told("service-ended", caseCode, new ServiceEnded(ended.referralId(), ended.reason()));
            case PlanEvent.FollowUpScheduled scheduled ->
                told("follow-up-scheduled", caseCode, new FollowUpScheduled(scheduled.followUpId(), scheduled.dueAt()));
            case PlanEvent.FollowUpCameDue due -> told("follow-up-due", caseCode, new FollowUpDue(due.followUpId()));
            case PlanEvent.FollowUpDone done ->
                told("follow-up-done", caseCode, new FollowUpDone(done.followUpId(), done.outcome()));
            case PlanEvent.PlanClosed closed -> told("plan-closed", caseCode, new PlanClosed(closed.reason()));
            case PlanEvent.CaseNoted noted -> Optional.empty();
            case PlanEvent.ReferralOpenNoted noted -> Optional.empty();
            case PlanEvent.ReferralGapNoted noted -> Optional.empty();
            case PlanEvent.ReferralEndNoted noted -> Optional.empty();
            case PlanEvent.CaseClosureNoted noted -> Optional.empty();
        };
    }

    private static Optional<PublicEvent> told(String event, String caseCode, Object data) {
        return Optional.of(new PublicEvent("passerelle.assistance." + event + ".v1", caseCode, caseCode, data));
    }
}
