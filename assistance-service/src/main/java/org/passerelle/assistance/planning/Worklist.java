package org.passerelle.assistance.planning;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.passerelle.assistance.plan.FollowUp;
import org.passerelle.assistance.plan.FollowUpId;
import org.passerelle.assistance.plan.Plan;
import org.passerelle.assistance.plan.PlanEvent;
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
import org.passerelle.assistance.plan.Plans;
import org.passerelle.assistance.plan.ReferralId;
import org.passerelle.assistance.plan.ReferralStanding;
import org.passerelle.eventsourcing.InlineProjection;
import org.passerelle.eventsourcing.Projection;
import org.passerelle.eventsourcing.StoredEvent;

/** Keeps the list of plans true, in the transaction of the plan's own events. Every row belongs to one case. */
@ApplicationScoped
public class Worklist implements InlineProjection, Projection {

    /** One statement; its first parameter is always the case code. */
    private record Statement(String sql, List<Object> parameters) {

        static Statement of(String sql, Object... parameters) {
            return new Statement(sql, List.of(parameters));
        }
    }

    @Override
    public String name() {
        return "worklist";
    }

    @Override
    public Set<String> tables() {
        return Set.of("plan_on_worklist", "referral_on_worklist", "service_on_worklist", "follow_up_on_worklist");
    }

    @Override
    public Set<String> categories() {
        return Set.of(Plans.KIND.category());
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        Uni<Void> done = Uni.createFrom().voidItem();
        for (StoredEvent stored : events) {
            String caseCode = stored.stream().key();
            done = done.chain(() -> run(
                    tx,
                    caseCode,
                    Statement.of(
                            "insert into plan_on_worklist (case_code, stage, version) values ($1, $2, $3)"
                                    + " on conflict (case_code) do update set version = excluded.version",
                            Plan.Stage.NOT_OPENED.name(),
                            stored.version())));
            for (Statement statement : statements(Plans.TYPES.decode(stored), stored.recordedAt())) {
                done = done.chain(() -> run(tx, caseCode, statement));
            }
        }
        return done;
    }

    private static Uni<Void> run(SqlConnection tx, String caseCode, Statement statement) {
        Tuple parameters = Tuple.tuple().addString(caseCode);
        statement.parameters().forEach(parameters::addValue);
        return tx.preparedQuery(statement.sql()).execute(parameters).replaceWithVoid();
    }

    private static List<Statement> statements(PlanEvent event, Instant recordedAt) {
        return switch (event) {
            case CaseNoted noted ->
                List.of(Statement.of(
                        "update plan_on_worklist set owner = $2 where case_code = $1",
                        noted.owner().value()));
            case ReferralOpenNoted noted -> standing(noted.referralId(), ReferralStanding.OPEN);
            case ReferralGapNoted noted -> standing(noted.referralId(), ReferralStanding.GAP);
            case ReferralEndNoted noted -> standing(noted.referralId(), ReferralStanding.ENDED);
            case CaseClosureNoted noted -> List.of();
            case PlanOpened opened ->
                List.of(Statement.of(
                        "update plan_on_worklist set stage = $2, owner = coalesce(owner, $3), opened_at = $4,"
                                + " closure = null where case_code = $1",
                        Plan.Stage.OPEN.name(),
                        opened.requestedBy().value(),
                        utc(recordedAt)));
            case ServiceAgreed agreed -> agreed(agreed);
            case ServiceDelivered delivered ->
                List.of(Statement.of(
                        "update service_on_worklist set deliveries = deliveries + 1"
                                + " where case_code = $1 and offer_id = $2",
                        delivered.offerId().value()));
            case ServiceEnded ended ->
                List.of(Statement.of(
                        "update service_on_worklist set ended = $3 where case_code = $1 and offer_id = $2",
                        ended.offerId().value(),
                        ended.reason().name()));
            case FollowUpScheduled scheduled ->
                List.of(
                        Statement.of(
                                "insert into follow_up_on_worklist (case_code, follow_up_id, due_at, state)"
                                        + " values ($1, $2, $3, $4)",
                                scheduled.followUpId().value(),
                                utc(scheduled.dueAt()),
                                FollowUp.State.SCHEDULED.name()),
                        countFollowUps());
            case FollowUpCameDue due -> List.of(state(due.followUpId(), FollowUp.State.DUE), countFollowUps());
            case FollowUpDone done -> List.of(state(done.followUpId(), FollowUp.State.DONE), countFollowUps());
            case PlanClosed closed -> closed(closed);
        };
    }

    private static List<Statement> agreed(ServiceAgreed agreed) {
        List<Statement> statements = new ArrayList<>(standing(agreed.referralId(), ReferralStanding.OPEN));
        statements.add(Statement.of(
                "insert into service_on_worklist (case_code, offer_id, referral_id, service, organisation, agreed_at)"
                        + " values ($1, $2, $3, $4, $5, $6)",
                agreed.offerId().value(),
                agreed.referralId().value(),
                agreed.service().name(),
                agreed.organisation().value(),
                utc(agreed.agreedAt())));
        return statements;
    }

    private static List<Statement> closed(PlanClosed closed) {
        List<Statement> statements = new ArrayList<>();
        for (FollowUpId dropped : closed.dropped()) {
            statements.add(state(dropped, FollowUp.State.DROPPED));
        }
        statements.add(countFollowUps());
        statements.add(Statement.of(
                "update plan_on_worklist set stage = $2, closure = $3 where case_code = $1",
                Plan.Stage.CLOSED.name(),
                closed.reason().name()));
        return statements;
    }

    private static List<Statement> standing(ReferralId referral, ReferralStanding standing) {
        UUID id = referral.value();
        return List.of(
                Statement.of(
                        "insert into referral_on_worklist (case_code, referral_id, standing) values ($1, $2, $3)"
                                + " on conflict (case_code, referral_id) do update set standing = excluded.standing",
                        id,
                        standing.name()),
                Statement.of(
                        "update plan_on_worklist set open_referrals = (select count(*) from referral_on_worklist"
                                + " where case_code = $1 and standing = $2) where case_code = $1",
                        ReferralStanding.OPEN.name()));
    }

    private static Statement state(FollowUpId followUp, FollowUp.State state) {
        return Statement.of(
                "update follow_up_on_worklist set state = $3 where case_code = $1 and follow_up_id = $2",
                followUp.value(),
                state.name());
    }

    private static Statement countFollowUps() {
        return Statement.of(
                "update plan_on_worklist p set (follow_ups_due, next_follow_up_at) ="
                        + " (select count(*) filter (where state = $2), min(due_at) filter (where state in ($2, $3))"
                        + " from follow_up_on_worklist f where f.case_code = $1) where p.case_code = $1",
                FollowUp.State.DUE.name(),
                FollowUp.State.SCHEDULED.name());
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
