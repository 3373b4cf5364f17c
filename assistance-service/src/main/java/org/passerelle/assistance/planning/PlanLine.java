package org.passerelle.assistance.planning;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.assistance.plan.ClosureReason;
import org.passerelle.assistance.plan.Plan;
import org.passerelle.assistance.plan.ServiceEndReason;
import org.passerelle.assistance.plan.ServiceType;

/**
 * A plan on the worklist.
 *
 * @param services       those that the reader may see: a provider its own
 * @param openReferrals  null for a provider, as are the follow-ups
 * @param followUpsDue   have come due and are not done
 * @param nextFollowUpAt the earliest that is still to be made, due or not
 */
public record PlanLine(
        String caseCode,
        @Nullable UUID owner,
        Plan.Stage stage,
        @Nullable ClosureReason closure,
        List<ServiceLine> services,
        @Nullable Integer openReferrals,
        @Nullable Integer followUpsDue,
        @Nullable Instant nextFollowUpAt,
        long version) {

    /**
     * @param ended null while it is being given
     */
    public record ServiceLine(
            UUID referralId,
            ServiceType service,
            UUID organisation,
            Instant agreedAt,
            @Nullable ServiceEndReason ended,
            int deliveries) {}
}
