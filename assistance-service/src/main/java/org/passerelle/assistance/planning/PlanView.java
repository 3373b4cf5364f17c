package org.passerelle.assistance.planning;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.passerelle.assistance.plan.AgreedService;
import org.passerelle.assistance.plan.ClosureReason;
import org.passerelle.assistance.plan.Delivery;
import org.passerelle.assistance.plan.DeliveryId;
import org.passerelle.assistance.plan.FollowUp;
import org.passerelle.assistance.plan.FollowUpId;
import org.passerelle.assistance.plan.FollowUpKind;
import org.passerelle.assistance.plan.FollowUpOutcome;
import org.passerelle.assistance.plan.OrganisationId;
import org.passerelle.assistance.plan.Plan;
import org.passerelle.assistance.plan.ReferralId;
import org.passerelle.assistance.plan.ServiceEndReason;
import org.passerelle.assistance.plan.ServiceType;
import org.passerelle.edge.FieldMask;

/**
 * A plan as far as the reader may see it: its owner all of it; a provider its own services and what it did; the
 * coordination codes, services and clocks, but nobody's notes.
 *
 * @param openReferrals null for a provider, as are the follow-ups
 */
public record PlanView(
        String caseCode,
        @Nullable OrganisationId owner,
        Plan.Stage stage,
        @Nullable ClosureReason closure,
        List<ServiceView> services,
        @Nullable Long openReferrals,
        @Nullable List<FollowUpView> followUps,
        long version) {

    /**
     * @param ended null while it is being given
     */
    public record ServiceView(
            ReferralId referralId,
            ServiceType service,
            OrganisationId organisation,
            Instant agreedAt,
            @Nullable ServiceEndReason ended,
            List<DeliveryView> deliveries) {}

    public record DeliveryView(
            DeliveryId deliveryId,
            Instant deliveredAt,
            int units,
            @Nullable String note) {}

    /**
     * @param outcome null until it is done
     */
    public record FollowUpView(
            FollowUpId followUpId,
            Instant dueAt,
            FollowUpKind kind,
            FollowUp.State state,
            @Nullable FollowUpOutcome outcome,
            @Nullable String note) {}

    /**
     * @param mask   {@link FieldMask#ALL} shows everything, {@link FieldMask#SLICE} what is the reader's own, anything
     *     less no free text
     * @param reader the organisation of the reader
     */
    static PlanView of(String caseCode, Plan plan, long version, FieldMask mask, Optional<OrganisationId> reader) {
        boolean ownOnly = mask == FieldMask.SLICE;
        boolean notes = mask.covers(FieldMask.SLICE);
        List<ServiceView> services = plan.services().values().stream()
                .filter(service -> !ownOnly || reader.equals(Optional.of(service.organisation())))
                .map(service -> view(service, plan, notes))
                .toList();
        return new PlanView(
                caseCode,
                plan.owner(),
                plan.stage(),
                ownOnly ? null : plan.closure(),
                services,
                ownOnly ? null : plan.openReferrals(),
                ownOnly
                        ? null
                        : plan.followUps().values().stream()
                                .map(followUp -> view(followUp, notes))
                                .toList(),
                version);
    }

    private static ServiceView view(AgreedService service, Plan plan, boolean notes) {
        return new ServiceView(
                service.referralId(),
                service.service(),
                service.organisation(),
                service.agreedAt(),
                service.ended(),
                plan.deliveries().values().stream()
                        .filter(delivery -> delivery.offerId().equals(service.offerId()))
                        .map(delivery -> view(delivery, notes))
                        .toList());
    }

    private static DeliveryView view(Delivery delivery, boolean notes) {
        return new DeliveryView(
                delivery.id(), delivery.deliveredAt(), delivery.units(), notes ? delivery.note() : null);
    }

    private static FollowUpView view(FollowUp followUp, boolean notes) {
        return new FollowUpView(
                followUp.id(),
                followUp.dueAt(),
                followUp.kind(),
                followUp.state(),
                followUp.outcome(),
                notes ? followUp.note() : null);
    }
}
