package org.passerelle.assistance.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.passerelle.assistance.plan.PlanCommand.NoteFollowUpDue;
import org.passerelle.assistance.plan.PlanCommand.RecordFollowUp;
import org.passerelle.assistance.plan.PlanCommand.ScheduleFollowUp;
import org.passerelle.assistance.plan.PlanEvent.FollowUpCameDue;
import org.passerelle.assistance.plan.PlanEvent.FollowUpDone;
import org.passerelle.assistance.plan.PlanEvent.FollowUpScheduled;
import org.passerelle.eventsourcing.Refusal;

/** Somebody looks after the person again. */
final class FollowingUp {

    static final int MOST_PENDING = 100;

    /** Longer than any reintegration is accompanied; a date beyond it is a slip of the finger. */
    static final Duration FURTHEST = Duration.ofDays(5 * 366L);

    private FollowingUp() {}

    static List<PlanEvent> schedule(ScheduleFollowUp schedule, Plan plan) {
        NewFollowUp wanted = schedule.followUp();
        if (plan.followUps().containsKey(wanted.id())) {
            return List.of();
        }
        Closing.mustBeOpen(plan);
        if (!wanted.dueAt().isAfter(schedule.now())) {
            throw Refusal.of("follow-up-in-the-past").invalid().field("dueAt");
        }
        if (wanted.dueAt().isAfter(schedule.now().plus(FURTHEST))) {
            throw Refusal.of("follow-up-too-far").invalid().field("dueAt");
        }
        if (plan.pendingFollowUps().size() >= MOST_PENDING) {
            throw Refusal.of("too-many-follow-ups").with(MOST_PENDING);
        }
        return scheduled(wanted, plan);
    }

    /** The clock asks, not a caller: what no longer matters gives no event and no refusal. */
    static List<PlanEvent> due(NoteFollowUpDue due, Plan plan) {
        FollowUp followUp = plan.followUps().get(due.followUpId());
        return followUp != null && followUp.state() == FollowUp.State.SCHEDULED
                ? List.of(new FollowUpCameDue(due.followUpId()))
                : List.of();
    }

    static List<PlanEvent> record(RecordFollowUp done, Plan plan) {
        FollowUp followUp = plan.followUps().get(done.followUpId());
        if (followUp == null) {
            throw Refusal.of("follow-up-unknown").unknown();
        }
        return switch (followUp.state()) {
            case SCHEDULED, DUE -> made(done, plan);
            case DONE -> {
                if (followUp.outcome() == done.outcome()) {
                    yield List.of();
                }
                throw Refusal.of("follow-up-already-done");
            }
            case DROPPED -> throw Refusal.of("follow-up-dropped");
        };
    }

    private static List<PlanEvent> made(RecordFollowUp done, Plan plan) {
        List<PlanEvent> events = new ArrayList<>();
        events.add(new FollowUpDone(done.followUpId(), done.outcome(), done.note()));
        NewFollowUp next = done.next();
        if (next != null && plan.caseClosed() == null && plan.pendingFollowUps().size() == 1) {
            events.addAll(scheduled(next, plan));
        }
        return events;
    }

    /** Nothing where its id is taken already. */
    static List<PlanEvent> scheduled(NewFollowUp wanted, Plan plan) {
        return plan.followUps().containsKey(wanted.id())
                ? List.of()
                : List.of(new FollowUpScheduled(wanted.id(), wanted.dueAt(), wanted.kind()));
    }
}
