package org.passerelle.assistance.plan;

import java.util.ArrayList;
import java.util.List;
import org.passerelle.assistance.plan.PlanCommand.ClosePlan;
import org.passerelle.assistance.plan.PlanCommand.NoteCaseClosed;
import org.passerelle.assistance.plan.PlanEvent.CaseClosureNoted;
import org.passerelle.assistance.plan.PlanEvent.PlanClosed;
import org.passerelle.eventsourcing.Refusal;

/** A plan comes to its end: by its owner, or because its case did. Never over an open referral. */
final class Closing {

    private static final PlanDecider RULES = new PlanDecider();

    private Closing() {}

    static List<PlanEvent> close(ClosePlan close, Plan plan) {
        if (plan.stage() == Plan.Stage.CLOSED && plan.closure() == close.reason()) {
            return List.of();
        }
        mustBeOpen(plan);
        if (plan.openReferrals() > 0) {
            throw Refusal.of("referral-open").with(plan.openReferrals());
        }
        return List.of(closed(close.reason(), plan));
    }

    static List<PlanEvent> caseClosed(NoteCaseClosed noted, Plan plan) {
        return plan.caseClosed() == noted.reason()
                ? List.of()
                : whenNothingIsOpenInAClosedCase(plan, List.of(new CaseClosureNoted(noted.reason())));
    }

    /**
     * The case may be closed before this service has heard how its last referral ended, since they arrive on different
     * topics: the plan then closes with that last referral.
     */
    static List<PlanEvent> whenNothingIsOpenInAClosedCase(Plan before, List<PlanEvent> events) {
        Plan after = RULES.fold(before, events);
        ClosureReason reason = after.caseClosed();
        if (reason == null || after.stage() != Plan.Stage.OPEN || after.openReferrals() > 0) {
            return events;
        }
        List<PlanEvent> withClosure = new ArrayList<>(events);
        withClosure.add(closed(reason, after));
        return withClosure;
    }

    static void mustBeOpen(Plan plan) {
        switch (plan.stage()) {
            case NOT_OPENED -> throw Refusal.of("plan-unknown").unknown();
            case CLOSED -> throw Refusal.of("plan-not-open");
            case OPEN -> {}
        }
    }

    private static PlanClosed closed(ClosureReason reason, Plan plan) {
        return new PlanClosed(reason, plan.pendingFollowUps());
    }
}
