package org.passerelle.referral.proposing;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.passerelle.eventsourcing.InlineProjection;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.referral.proposing.ProposalEvent.CounterReferralAcknowledged;
import org.passerelle.referral.proposing.ProposalEvent.OnwardReferralAgreed;
import org.passerelle.referral.proposing.ProposalEvent.OnwardReferralRefused;
import org.passerelle.referral.proposing.ProposalEvent.ProposalMade;
import org.passerelle.referral.proposing.ProposalEvent.ProposalUnanswered;

/** Proposals as a table, for the lists of both sides. */
@ApplicationScoped
public class ProposalProjection implements InlineProjection {

    @Override
    public Set<String> categories() {
        return Set.of(ProposalStream.CATEGORY);
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        return InlineProjection.oneByOne(events, stored -> apply(tx, ProposalStream.TYPES.decode(stored)));
    }

    private static Uni<Void> apply(SqlConnection tx, ProposalEvent event) {
        return switch (event) {
            case ProposalMade made -> made(tx, made);
            case OnwardReferralAgreed agreed -> answered(tx, agreed, ProposalAnswer.AGREED, null);
            case OnwardReferralRefused refused ->
                answered(tx, refused, ProposalAnswer.REFUSED, refused.reason().code());
            case CounterReferralAcknowledged seen -> answered(tx, seen, ProposalAnswer.ACKNOWLEDGED, null);
            case ProposalUnanswered unanswered ->
                tx.preparedQuery("update proposal set told = $2, answer_by = $3 where proposal_id = $1")
                        .execute(Tuple.of(
                                unanswered.proposal(), unanswered.told().code(), utc(unanswered.again())))
                        .replaceWithVoid();
        };
    }

    private static Uni<Void> made(SqlConnection tx, ProposalMade made) {
        return tx.preparedQuery(
                        "insert into proposal (proposal_id, referral_id, case_code, requested_by, proposed_by, kind,"
                                + " outcome, needs, urgency, place, proposed_at, answer_by)"
                                + " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
                .execute(Tuple.tuple()
                        .addUUID(made.proposal())
                        .addUUID(made.about().referral().value())
                        .addString(made.about().caseCode().value())
                        .addUUID(made.about().requestedBy().value())
                        .addUUID(made.by().value())
                        .addString(made.kind().code())
                        .addString(
                                made.outcome() == null ? null : made.outcome().code())
                        .addArrayOfString(made.needs().stream().map(Enum::name).toArray(String[]::new))
                        .addString(made.urgency().code())
                        .addString(made.place().value())
                        .addOffsetDateTime(utc(made.at()))
                        .addOffsetDateTime(utc(made.answerBy())))
                .replaceWithVoid();
    }

    private static Uni<Void> answered(
            SqlConnection tx,
            ProposalEvent event,
            ProposalAnswer answer,
            @org.jspecify.annotations.Nullable String reason) {
        UUID id = event.proposal();
        return tx.preparedQuery("update proposal set answer = $2, reason = $3, answered_at = $4, answer_by = null,"
                        + " told = null where proposal_id = $1")
                .execute(Tuple.of(id, answer.code(), reason, utc(event.at())))
                .replaceWithVoid();
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
