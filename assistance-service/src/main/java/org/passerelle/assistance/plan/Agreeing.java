package org.passerelle.assistance.plan;

import java.util.ArrayList;
import java.util.List;
import org.passerelle.assistance.plan.PlanCommand.AgreeService;
import org.passerelle.assistance.plan.PlanCommand.WithdrawService;
import org.passerelle.assistance.plan.PlanEvent.PlanOpened;
import org.passerelle.assistance.plan.PlanEvent.ServiceAgreed;
import org.passerelle.assistance.plan.PlanEvent.ServiceEnded;

/** An accepted offer becomes a service of the plan. */
final class Agreeing {

    private Agreeing() {}

    static List<PlanEvent> agree(AgreeService agree, Plan plan) {
        if (plan.services().containsKey(agree.offerId())) {
            return List.of();
        }
        List<PlanEvent> events = new ArrayList<>();
        if (plan.stage() != Plan.Stage.OPEN) {
            events.add(new PlanOpened(agree.requestedBy()));
        }
        plan.beingGivenFor(agree.referralId())
                .ifPresent(earlier -> events.add(
                        new ServiceEnded(earlier.referralId(), earlier.offerId(), ServiceEndReason.REPLACED)));
        events.add(new ServiceAgreed(
                agree.referralId(), agree.offerId(), agree.service(), agree.organisation(), agree.agreedAt()));
        NewFollowUp followUp = agree.followUp();
        if (followUp != null && plan.pendingFollowUps().isEmpty()) {
            events.addAll(FollowingUp.scheduled(followUp, plan));
        }
        return events;
    }

    /** The referral stays open: it is routed again. */
    static List<PlanEvent> withdraw(WithdrawService withdraw, Plan plan) {
        AgreedService service = plan.services().get(withdraw.offerId());
        return service == null || !service.beingGiven()
                ? List.of()
                : List.of(new ServiceEnded(service.referralId(), service.offerId(), ServiceEndReason.WITHDRAWN));
    }
}
