package org.passerelle.referral.proposing;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Proposals for the lists of both sides. */
@ApplicationScoped
public class Proposals {

    @Inject
    Pool pool;

    /**
     * One proposal. Of an onward referral that was agreed to, the new need and its referral have its id.
     *
     * @param referralId the referral that it follows from
     * @param answerBy when the sender is to have answered, or the next is told; left out once it is answered
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ProposalView(
            UUID proposalId,
            UUID referralId,
            String caseCode,
            UUID requestedBy,
            UUID proposedBy,
            String kind,
            @Nullable String outcome,
            List<String> needs,
            String urgency,
            String place,
            Instant proposedAt,
            @Nullable Instant answerBy,
            @Nullable String told,
            @Nullable String answer,
            @Nullable String reason,
            @Nullable Instant answeredAt) {}

    public Uni<@Nullable ProposalView> one(UUID id) {
        return pool.preparedQuery("select * from proposal where proposal_id = $1")
                .execute(Tuple.of(id))
                .map(rows -> rows.size() == 0 ? null : view(rows.iterator().next()));
    }

    /** How many of a referral wait for an answer. */
    public Uni<Long> open(UUID referral) {
        return pool.preparedQuery("select count(*) from proposal where referral_id = $1 and answer is null")
                .execute(Tuple.of(referral))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /**
     * The oldest first.
     *
     * @param requestedBy null for everybody's
     * @param proposedBy null for everybody's
     * @param reader of everybody's: what is withheld from this organisation is left out; null for none
     * @param authority whether what is withheld from authorities is left out
     * @param open only those that wait for an answer
     */
    public Uni<List<ProposalView>> list(
            @Nullable UUID requestedBy,
            @Nullable UUID proposedBy,
            @Nullable UUID reader,
            boolean authority,
            boolean open,
            int limit) {
        return pool.preparedQuery("select * from proposal where ($1::uuid is null or requested_by = $1)"
                        + " and ($2::uuid is null or proposed_by = $2)"
                        + " and ($3::uuid is null or not is_withheld(case_code, $3))"
                        + " and (not $6 or not is_withheld_from_authorities(case_code))"
                        + " and (not $4 or answer is null) order by proposed_at, proposal_id limit $5")
                .execute(Tuple.of(requestedBy, proposedBy, reader, open, limit, authority))
                .map(rows -> {
                    List<ProposalView> found = new ArrayList<>();
                    rows.forEach(row -> found.add(view(row)));
                    return found;
                });
    }

    private static ProposalView view(Row row) {
        return new ProposalView(
                row.getUUID("proposal_id"),
                row.getUUID("referral_id"),
                row.getString("case_code"),
                row.getUUID("requested_by"),
                row.getUUID("proposed_by"),
                row.getString("kind"),
                row.getString("outcome"),
                List.of(row.getArrayOfStrings("needs")),
                row.getString("urgency"),
                row.getString("place"),
                row.getOffsetDateTime("proposed_at").toInstant(),
                instant(row.getOffsetDateTime("answer_by")),
                row.getString("told"),
                row.getString("answer"),
                row.getString("reason"),
                instant(row.getOffsetDateTime("answered_at")));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
