package org.passerelle.assistance.plan;

import java.util.List;
import org.passerelle.assistance.plan.PlanEvent.CaseClosureNoted;
import org.passerelle.assistance.plan.PlanEvent.CaseNoted;
import org.passerelle.assistance.plan.PlanEvent.FollowUpCameDue;
import org.passerelle.assistance.plan.PlanEvent.FollowUpDone;
import org.passerelle.assistance.plan.PlanEvent.FollowUpScheduled;
import org.passerelle.assistance.plan.PlanEvent.PlanClosed;
import org.passerelle.assistance.plan.PlanEvent.PlanOpened;
import org.passerelle.assistance.plan.PlanEvent.ReferralEndNoted;
import org.passerelle.assistance.plan.PlanEvent.ReferralGapNoted;
import org.passerelle.assistance.plan.PlanEvent.ReferralOpenNoted;
import org.passerelle.assistance.plan.PlanEvent.ServiceAgreed;
import org.passerelle.assistance.plan.PlanEvent.ServiceDelivered;
import org.passerelle.assistance.plan.PlanEvent.ServiceEnded;
import org.passerelle.eventsourcing.DeadlineChange;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;

/** Plans as streams: stored names, for ever, and the deadlines of follow-ups. */
public final class Plans {

    public static final EventTypes<PlanEvent> TYPES = EventTypes.of(PlanEvent.class)
            .type("assistance.case-noted", 1, CaseNoted.class)
            .type("assistance.referral-open-noted", 1, ReferralOpenNoted.class)
            .type("assistance.referral-gap-noted", 1, ReferralGapNoted.class)
            .type("assistance.referral-end-noted", 1, ReferralEndNoted.class)
            .type("assistance.case-closure-noted", 1, CaseClosureNoted.class)
            .type("assistance.plan-opened", 1, PlanOpened.class)
            .type("assistance.service-agreed", 1, ServiceAgreed.class)
            .type("assistance.service-delivered", 1, ServiceDelivered.class)
            .type("assistance.service-ended", 1, ServiceEnded.class)
            .type("assistance.follow-up-scheduled", 1, FollowUpScheduled.class)
            .type("assistance.follow-up-due", 1, FollowUpCameDue.class)
            .type("assistance.follow-up-done", 1, FollowUpDone.class)
            .type("assistance.plan-closed", 1, PlanClosed.class)
            .build();

    public static final StreamKind<PlanCommand, Plan, PlanEvent> KIND =
            new StreamKind<>("plan", new PlanDecider(), TYPES, Plans::deadlines);

    private Plans() {}

    public static StreamId of(String caseCode) {
        return KIND.stream(caseCode);
    }

    /** One deadline for each follow-up that is still to be made, named by its id. */
    private static List<DeadlineChange> deadlines(PlanEvent event) {
        return switch (event) {
            case FollowUpScheduled scheduled ->
                List.of(DeadlineChange.set(scheduled.followUpId().toString(), scheduled.dueAt()));
            case FollowUpDone done ->
                List.of(DeadlineChange.cancel(done.followUpId().toString()));
            case PlanClosed closed ->
                closed.dropped().stream()
                        .map(id -> DeadlineChange.cancel(id.toString()))
                        .toList();
            case CaseNoted noted -> List.of();
            case ReferralOpenNoted noted -> List.of();
            case ReferralGapNoted noted -> List.of();
            case ReferralEndNoted noted -> List.of();
            case CaseClosureNoted noted -> List.of();
            case PlanOpened opened -> List.of();
            case ServiceAgreed agreed -> List.of();
            case ServiceDelivered delivered -> List.of();
            case ServiceEnded ended -> List.of();
            case FollowUpCameDue due -> List.of();
        };
    }
}
