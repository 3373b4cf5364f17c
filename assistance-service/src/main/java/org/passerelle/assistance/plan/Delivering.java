package org.passerelle.assistance.plan;

import java.util.List;
import org.passerelle.assistance.plan.PlanCommand.RecordDelivery;
import org.passerelle.assistance.plan.PlanEvent.ServiceDelivered;
import org.passerelle.eventsourcing.Refusal;

/** A service of the plan is given. */
final class Delivering {

    /** Years of daily deliveries of several services; beyond it something is recording in a loop. */
    static final int MOST_DELIVERIES = 5_000;

    private Delivering() {}

    static List<PlanEvent> record(RecordDelivery delivery, Plan plan) {
        if (plan.deliveries().containsKey(delivery.deliveryId())) {
            return List.of();
        }
        Closing.mustBeOpen(plan);
        AgreedService service =
                plan.beingGivenFor(delivery.referralId()).orElseThrow(() -> notBeingGiven(delivery, plan));
        ServiceType claimed = delivery.service();
        if (claimed != null && claimed != service.service()) {
            throw Refusal.of("service-not-agreed").field("service");
        }
        if (delivery.units() < 1) {
            throw Refusal.of("units-below-one").invalid().field("units");
        }
        if (delivery.deliveredAt().isAfter(delivery.now())) {
            throw Refusal.of("delivered-in-the-future").invalid().field("deliveredAt");
        }
        if (plan.deliveries().size() >= MOST_DELIVERIES) {
            throw Refusal.of("plan-full").with(MOST_DELIVERIES);
        }
        return List.of(new ServiceDelivered(
                delivery.deliveryId(),
                service.referralId(),
                service.offerId(),
                service.service(),
                service.organisation(),
                delivery.deliveredAt(),
                delivery.units(),
                delivery.note()));
    }

    private static Refusal notBeingGiven(RecordDelivery delivery, Plan plan) {
        boolean wasAgreed = plan.services().values().stream()
                .anyMatch(service -> service.referralId().equals(delivery.referralId()));
        return Refusal.of(wasAgreed ? "service-ended" : "service-not-agreed").field("referralId");
    }
}
