package org.passerelle.assistance.plan;

import java.util.List;
import org.passerelle.assistance.plan.PlanCommand.AgreeService;
import org.passerelle.assistance.plan.PlanCommand.ClosePlan;
import org.passerelle.assistance.plan.PlanCommand.EndReferral;
import org.passerelle.assistance.plan.PlanCommand.NoteCase;
import org.passerelle.assistance.plan.PlanCommand.NoteCaseClosed;
import org.passerelle.assistance.plan.PlanCommand.NoteFollowUpDue;
import org.passerelle.assistance.plan.PlanCommand.NoteOpenReferral;
import org.passerelle.assistance.plan.PlanCommand.NoteServiceGap;
import org.passerelle.assistance.plan.PlanCommand.RecordDelivery;
import org.passerelle.assistance.plan.PlanCommand.RecordFollowUp;
import org.passerelle.assistance.plan.PlanCommand.ScheduleFollowUp;
import org.passerelle.assistance.plan.PlanCommand.WithdrawService;
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
import org.passerelle.eventsourcing.Decider;

/**
 * The rules of an assistance plan. What other services tell is never refused, only what a caller asks for: a fact
 * stays a fact, however late it arrives.
 */
public final class PlanDecider implements Decider<PlanCommand, Plan, PlanEvent> {

    @Override
    public Plan initial() {
        return Plan.NONE;
    }

    @Override
    public List<PlanEvent> decide(PlanCommand command, Plan plan) {
        return switch (command) {
            case NoteCase note -> Referring.note(note, plan);
            case NoteOpenReferral note -> Referring.note(note, plan);
            case NoteServiceGap note -> Referring.note(note, plan);
            case AgreeService agree -> Agreeing.agree(agree, plan);
            case WithdrawService withdraw -> Agreeing.withdraw(withdraw, plan);
            case EndReferral end -> Referring.end(end, plan);
            case RecordDelivery delivery -> Delivering.record(delivery, plan);
            case ScheduleFollowUp schedule -> FollowingUp.schedule(schedule, plan);
            case NoteFollowUpDue due -> FollowingUp.due(due, plan);
            case RecordFollowUp done -> FollowingUp.record(done, plan);
            case ClosePlan close -> Closing.close(close, plan);
            case NoteCaseClosed closed -> Closing.caseClosed(closed, plan);
        };
    }

    @Override
    public Plan evolve(Plan plan, PlanEvent event) {
        return switch (event) {
            case CaseNoted noted -> plan.ownedBy(noted.owner());
            case ReferralOpenNoted noted -> plan.with(noted.referralId(), ReferralStanding.OPEN);
            case ReferralGapNoted noted -> plan.with(noted.referralId(), ReferralStanding.GAP);
            case ReferralEndNoted noted -> plan.with(noted.referralId(), ReferralStanding.ENDED);
            case CaseClosureNoted noted -> plan.withCaseClosed(noted.reason());
            case PlanOpened opened -> opened(plan, opened);
            case ServiceAgreed agreed ->
                plan.with(agreed.referralId(), ReferralStanding.OPEN)
                        .with(new AgreedService(
                                agreed.referralId(),
                                agreed.offerId(),
                                agreed.service(),
                                agreed.organisation(),
                                agreed.agreedAt(),
                                null));
            case ServiceEnded ended -> ended(plan, ended);
            case ServiceDelivered delivered ->
                plan.with(new Delivery(
                        delivered.deliveryId(),
                        delivered.referralId(),
                        delivered.offerId(),
                        delivered.service(),
                        delivered.organisation(),
                        delivered.deliveredAt(),
                        delivered.units(),
                        delivered.note()));
            case FollowUpScheduled scheduled ->
                plan.with(new FollowUp(
                        scheduled.followUpId(),
                        scheduled.dueAt(),
                        scheduled.kind(),
                        FollowUp.State.SCHEDULED,
                        null,
                        null));
            case FollowUpCameDue due -> plan.changing(due.followUpId(), it -> it.in(FollowUp.State.DUE));
            case FollowUpDone done -> plan.changing(done.followUpId(), it -> it.doneWith(done.outcome(), done.note()));
            case PlanClosed closed -> closed(plan, closed);
        };
    }

    /** The case's owner is the plan's; who asked for the first service stands in until identification has spoken. */
    private static Plan opened(Plan plan, PlanOpened opened) {
        Plan owned = plan.owner() == null ? plan.ownedBy(opened.requestedBy()) : plan;
        return owned.opened();
    }

    private static Plan ended(Plan plan, ServiceEnded ended) {
        AgreedService service = plan.services().get(ended.offerId());
        return service == null ? plan : plan.with(service.endedBy(ended.reason()));
    }

    private static Plan closed(Plan plan, PlanClosed closed) {
        Plan result = plan;
        for (FollowUpId dropped : closed.dropped()) {
            result = result.changing(dropped, it -> it.in(FollowUp.State.DROPPED));
        }
        return result.closed(closed.reason());
    }
}
