package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.passerelle.referral.referring.ReferralEvent.CaseWorkerTaskRaised;

/** The rows of {@code task_view}, for {@link ReferralProjection}. */
@ApplicationScoped
class Tasks {

    /** They end with an offer or with a newer reason. */
    private static final String WHY_IT_WAITS =
            "reason in ('no-consent', 'no-consented-recipient', 'other-need-failed', 'no-place-together')";

    private static final String LATE = "reason = 'late-acceptance'";

    private static final String NOBODY_LATE = LATE + " and not exists (select 1 from offer_view o"
            + " where o.referral_id = $1 and o.standing = 'late' and o.ended_at is null)";

    static boolean saysWhyItWaits(TaskReason reason) {
        return switch (reason) {
            case NO_CONSENT, NO_CONSENTED_RECIPIENT, OTHER_NEED_FAILED, NO_PLACE_TOGETHER -> true;
            case EMERGENCY_UNANSWERED,
                    NEED_CLOCK_OVERDUE,
                    LATE_ACCEPTANCE,
                    LINK_CLOSED,
                    CONSENT_ENDED_WHILE_SERVING,
                    PROVIDER_SUSPENDED,
                    PLACEMENT_TO_REVIEW -> false;
        };
    }

    Uni<Void> raise(SqlConnection tx, CaseWorkerTaskRaised raised, OffsetDateTime at) {
        About about = raised.about();
        UUID id = about.referral().value();
        Uni<Void> before = saysWhyItWaits(raised.reason())
                ? settleWhyItWaits(tx, id, at)
                : Uni.createFrom().voidItem();
        return before.chain(() -> tx.preparedQuery(
                        "insert into task_view (referral_id, reason, case_code, requested_by, service, place, raised_at)"
                                + " values ($1, $2, $3, $4, $5, $6, $7)"
                                + " on conflict (referral_id, reason) do update set raised_at = $7, settled_at = null")
                .execute(Tuple.tuple()
                        .addUUID(id)
                        .addString(raised.reason().code())
                        .addString(about.caseCode().value())
                        .addUUID(about.requestedBy().value())
                        .addString(about.service().name())
                        .addString(about.place().value())
                        .addOffsetDateTime(at))
                .replaceWithVoid());
    }

    /** What the event settles whatever else it does. */
    Uni<Void> settledBy(SqlConnection tx, ReferralEvent event) {
        return Linking.settlesClosed(event)
                ? settle(
                        tx,
                        event.about().referral().value(),
                        TaskReason.LINK_CLOSED,
                        event.at().atOffset(ZoneOffset.UTC))
                : Uni.createFrom().voidItem();
    }

    Uni<Void> settleWhyItWaits(SqlConnection tx, UUID id, OffsetDateTime at) {
        return settle(tx, id, WHY_IT_WAITS, at);
    }

    /** By a yes, or the end: whoever else said yes too late still waits to be thanked. */
    Uni<Void> settleAllButLate(SqlConnection tx, UUID id, OffsetDateTime at) {
        return settle(tx, id, "not (" + LATE + ")", at).chain(() -> settleLateUnlessAnother(tx, id, at));
    }

    Uni<Void> settleLateUnlessAnother(SqlConnection tx, UUID id, OffsetDateTime at) {
        return settle(tx, id, NOBODY_LATE, at);
    }

    /** What was to be decided of whoever gives the service no more. */
    Uni<Void> settleStops(SqlConnection tx, UUID id, OffsetDateTime at) {
        return settle(tx, id, StopReason.CONSENT_ENDED.task(), at)
                .chain(() -> settle(tx, id, StopReason.PROVIDER_SUSPENDED.task(), at));
    }

    Uni<Void> settle(SqlConnection tx, UUID id, TaskReason reason, OffsetDateTime at) {
        return settle(tx, id, "reason = '" + reason.code() + "'", at);
    }

    private static Uni<Void> settle(SqlConnection tx, UUID id, String which, OffsetDateTime at) {
        return tx.preparedQuery(
                        "update task_view set settled_at = $2 where referral_id = $1 and settled_at is null and "
                                + which)
                .execute(Tuple.of(id, at))
                .replaceWithVoid();
    }
}
