package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** What waits for a decision by a person, also beside referrals that have ended. */
@ApplicationScoped
public class OpenTasks {

    @Inject
    Mutiny.SessionFactory sessions;

    /** Something a person must decide. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TaskView(
            UUID referralId,
            String reason,
            String caseCode,
            UUID requestedBy,
            String service,
            String place,
            OffsetDateTime raisedAt,
            @Nullable OffsetDateTime settledAt) {}

    /** That a service is feared is told to the organisation that keeps the case, and to nobody above it. */
    private static String notFeared(@Nullable UUID reader) {
        return " and (t.reason <> '" + TaskReason.PLACEMENT_TO_REVIEW.code() + "'"
                + (reader == null ? ")" : " or t.requestedBy = :reader)");
    }

    /**
     * Open tasks, oldest first; of one organisation, or all.
     *
     * @param reader of everybody's tasks, as in {@link Worklists#referrals}
     */
    public Uni<List<TaskView>> of(@Nullable UUID requestedBy, @Nullable UUID reader, int limit) {
        boolean all = requestedBy == null;
        return sessions.withSession(session -> {
            var query = session.createSelectionQuery(
                    "from Task t where t.settledAt is null" + (all ? "" : " and t.requestedBy = :by")
                            + (all && reader != null ? Worklists.notWithheld("t") : "")
                            + (all ? notFeared(reader) : "")
                            + " order by t.raisedAt, t.referralId, t.reason",
                    TaskRow.class);
            if (!all) {
                query.setParameter("by", requestedBy);
            } else if (reader != null) {
                query.setParameter("reader", reader);
            }
            return query.setMaxResults(limit)
                    .getResultList()
                    .map(rows -> rows.stream()
                            .map(row -> new TaskView(
                                    row.referralId,
                                    row.reason,
                                    row.caseCode,
                                    row.requestedBy,
                                    row.service,
                                    row.place,
                                    row.raisedAt,
                                    row.settledAt))
                            .toList());
        });
    }
}
