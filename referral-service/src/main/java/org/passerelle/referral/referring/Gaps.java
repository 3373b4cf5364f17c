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

/** Needs that no service could take, for planners. */
@ApplicationScoped
public class Gaps {

    @Inject
    Mutiny.SessionFactory sessions;

    /**
     * A need that no service could take.
     *
     * @param foundAt when that was found first; it may have been closed and found again since
     * @param closedAs offered, accepted, to-be-decided, given-up or in-error; null where it is open
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record GapView(
            UUID referralId,
            UUID requestedBy,
            String service,
            String place,
            OffsetDateTime foundAt,
            @Nullable OffsetDateTime closedAt,
            @Nullable String closedAs) {

        static GapView of(GapRow row) {
            return new GapView(
                    row.referralId, row.requestedBy, row.service, row.place, row.foundAt, row.closedAt, row.closedAs);
        }

        public Position position() {
            return new Position(foundAt, referralId);
        }
    }

    /** Where a page ends. */
    public record Position(OffsetDateTime foundAt, UUID referral) {

        public static Position of(String text) {
            return new Position(OffsetDateTime.parse(text.substring(36)), UUID.fromString(text.substring(0, 36)));
        }

        @Override
        public String toString() {
            return referral.toString() + foundAt;
        }
    }

    /**
     * Newest first, closed ones included: planners count both.
     *
     * @param requestedBy one organisation; null for everybody's
     * @param reader of everybody's gaps, as in {@link Worklists#referrals}
     */
    public Uni<List<GapView>> list(
            @Nullable UUID requestedBy,
            @Nullable UUID reader,
            @Nullable String service,
            @Nullable String place,
            @Nullable Position after,
            int limit) {
        boolean all = requestedBy == null;
        return sessions.withSession(session -> {
            var query = session.createSelectionQuery(
                    "from Gap g where 1 = 1" + (all ? "" : " and g.requestedBy = :by")
                            + (all && reader != null ? Worklists.notWithheld("g") : "")
                            + (service == null ? "" : " and g.service = :service")
                            + (place == null ? "" : " and g.place = :place")
                            + (after == null
                                    ? ""
                                    : " and (g.foundAt < :found or g.foundAt = :found and g.referralId > :id)")
                            + " order by g.foundAt desc, g.referralId",
                    GapRow.class);
            if (!all) {
                query.setParameter("by", requestedBy);
            } else if (reader != null) {
                query.setParameter("reader", reader);
            }
            if (service != null) {
                query.setParameter("service", service);
            }
            if (place != null) {
                query.setParameter("place", place);
            }
            if (after != null) {
                query.setParameter("found", after.foundAt()).setParameter("id", after.referral());
            }
            return query.setMaxResults(limit)
                    .getResultList()
                    .map(rows -> rows.stream().map(GapView::of).toList());
        });
    }
}
