package org.passerelle.reporting.replay;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.passerelle.reporting.ledger.Fact;

/** The assistance plan while its case is being told. */
final class PlanStory {
    private final Map<String, CaseState.PlannedService> services = new LinkedHashMap<>();
    private final Map<String, CaseState.FollowUp> followUps = new LinkedHashMap<>();
    private boolean known;
    private @Nullable Instant openedAt;
    private @Nullable Instant closedAt;
    private @Nullable String closedFor;

    /** A plan that was closed and is opened again lives on: its services and follow-ups stay in it. */
    void opened(Instant time) {
        known = true;
        openedAt = openedAt == null ? time : openedAt;
        closedAt = null;
        closedFor = null;
    }

    void agreed(Fact.ServiceAgreed agreed) {
        known = true;
        services.merge(
                agreed.referralId(),
                new CaseState.PlannedService(agreed.referralId(), agreed.service(), agreed.organisation(), 0, null),
                (before, now) -> new CaseState.PlannedService(
                        before.referralId(), now.service(), now.organisation(), before.deliveries(), null));
    }

    void delivered(Fact.ServiceDelivered delivered) {
        known = true;
        if (delivered.referralId() == null) {
            return;
        }
        services.merge(
                delivered.referralId(),
                new CaseState.PlannedService(
                        delivered.referralId(), delivered.service(), delivered.organisation(), 1, null),
                (before, _) -> new CaseState.PlannedService(
                        before.referralId(),
                        before.service(),
                        before.organisation(),
                        before.deliveries() + 1,
                        before.endedFor()));
    }

    void ended(Fact.ServiceEnded ended) {
        known = true;
        services.merge(
                ended.referralId(),
                new CaseState.PlannedService(ended.referralId(), null, null, 0, ended.reason()),
                (before, now) -> new CaseState.PlannedService(
                        before.referralId(),
                        before.service(),
                        before.organisation(),
                        before.deliveries(),
                        now.endedFor()));
    }

    void scheduled(Fact.FollowUpScheduled scheduled) {
        known = true;
        followUps.put(
                scheduled.followUpId(), new CaseState.FollowUp(scheduled.followUpId(), scheduled.dueAt(), false, null));
    }

    void due(String followUpId) {
        known = true;
        followUps.merge(
                followUpId,
                new CaseState.FollowUp(followUpId, null, true, null),
                (before, _) -> new CaseState.FollowUp(followUpId, before.dueAt(), true, before.outcome()));
    }

    void done(Fact.FollowUpDone done) {
        known = true;
        followUps.merge(
                done.followUpId(),
                new CaseState.FollowUp(done.followUpId(), null, false, done.outcome()),
                (before, now) -> new CaseState.FollowUp(now.followUpId(), before.dueAt(), before.due(), now.outcome()));
    }

    void closed(Instant time, String reason) {
        known = true;
        closedAt = time;
        closedFor = reason;
    }

    CaseState.@Nullable Plan state() {
        return known
                ? new CaseState.Plan(
                        openedAt, List.copyOf(services.values()), List.copyOf(followUps.values()), closedAt, closedFor)
                : null;
    }
}
