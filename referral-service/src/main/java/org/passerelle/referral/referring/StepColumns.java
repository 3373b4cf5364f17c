package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.referring.ReferralEvent.DecisionAwaited;
import org.passerelle.referral.referring.ReferralEvent.DecisionOverdue;
import org.passerelle.referral.referring.ReferralEvent.StepAwaited;
import org.passerelle.referral.referring.ReferralEvent.StepOverdue;

/**
 * The next step of a referral in the lists, what its requester decides beside it, who was told, and whose of the
 * organisation it is; for {@link ReferralProjection}.
 */
@ApplicationScoped
class StepColumns {

    private static final String STOPS = Arrays.stream(StopReason.values())
            .map(reason -> "'" + reason.task().code() + "'")
            .collect(Collectors.joining(", ", "(", ")"));

    private static final String STILL_TO_BEGIN = "('first-contact', 'resumption')";

    /** @param account null where it lies in the inbox again */
    Uni<Void> claimed(SqlConnection tx, UUID id, @Nullable String account, ClaimReason reason) {
        return ReferralProjection.run(
                tx,
                "update referral_view set claimant = $2, claim_reason = $3 where referral_id = $1",
                id,
                account,
                reason.code());
    }

    Uni<Void> awaited(SqlConnection tx, UUID id, StepAwaited awaited) {
        return ReferralProjection.run(
                tx,
                "update referral_view set step = $2, step_of = $3, step_by = $4, told = case when begun_at is null"
                        + " and step_of = $3 and step in " + STILL_TO_BEGIN + " and $2 in " + STILL_TO_BEGIN
                        + " then told end where referral_id = $1",
                id,
                awaited.step().code(),
                awaited.of().value(),
                ReferralProjection.utc(awaited.by()));
    }

    Uni<Void> overdue(SqlConnection tx, UUID id, StepOverdue overdue) {
        Uni<Void> told = ReferralProjection.run(
                tx,
                "update referral_view set step = $2, step_of = $3, step_by = $4, told = $5 where referral_id = $1",
                id,
                overdue.step().code(),
                overdue.of().value(),
                ReferralProjection.utc(overdue.again()),
                overdue.told().code());
        return overdue.step().isTheRequesters() ? told.chain(() -> needTold(tx, id, overdue.told())) : told;
    }

    Uni<Void> decision(SqlConnection tx, UUID id, DecisionAwaited awaited) {
        Instant by = awaited.by();
        return by == null
                ? ReferralProjection.run(
                        tx,
                        "update referral_view set decision_by = null, decision_told = null where referral_id = $1",
                        id)
                : ReferralProjection.run(
                        tx,
                        "update referral_view set decision_by = $2 where referral_id = $1",
                        id,
                        ReferralProjection.utc(by));
    }

    Uni<Void> decision(SqlConnection tx, UUID id, DecisionOverdue overdue) {
        return ReferralProjection.run(
                tx,
                "update referral_view set decision_by = $2, decision_told = $3 where referral_id = $1",
                id,
                ReferralProjection.utc(overdue.again()),
                overdue.told().code());
    }

    /** A reminder takes nothing back: who is above the requester was told of the need all the same. */
    Uni<Void> needTold(SqlConnection tx, UUID id, NextStep.Told told) {
        return ReferralProjection.run(
                tx,
                told == NextStep.Told.OWNER
                        ? "update referral_view set need_told = coalesce(need_told, $2) where referral_id = $1"
                        : "update referral_view set need_told = $2 where referral_id = $1",
                id,
                told.code());
    }

    /** Whoever gave the service goes on: nobody is told of the need any more. */
    Uni<Void> servedAgain(SqlConnection tx, UUID id) {
        return ReferralProjection.run(
                tx,
                "update referral_view set need_told = null where referral_id = $1 and not exists (select 1 from task_view"
                        + " t where t.referral_id = $1 and t.settled_at is null and t.reason in " + STOPS + ")",
                id);
    }
}
