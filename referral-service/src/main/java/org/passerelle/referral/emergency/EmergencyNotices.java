package org.passerelle.referral.emergency;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Emergency accesses that identification-service has told of. */
@ApplicationScoped
public class EmergencyNotices {

    @Inject
    Pool pool;

    /**
     * One that nobody has reviewed yet.
     *
     * @param organisation for which it was broken
     * @param until        the first moment at which it opens nothing any more
     * @param overdue      the time for its review is over
     */
    public record Unreviewed(
            UUID glassId,
            String caseCode,
            String organisation,
            Instant brokenAt,
            Instant until,
            Instant reviewBy,
            boolean overdue) {}

    /**
     * The oldest first.
     *
     * @param owner  of the cases; null for everybody's
     * @param reader of everybody's: what is withheld from this organisation is left out; null for none
     */
    public Uni<List<Unreviewed>> unreviewed(@Nullable String owner, @Nullable UUID reader, int limit) {
        return pool.preparedQuery("select glass_id, case_code, organisation, broken_at, open_until, review_by,"
                        + " review_by <= clock_timestamp() as overdue from emergency_notice"
                        + " where not reviewed and ($1::text is null or owner = $1)"
                        + " and ($1::text is not null or $2::uuid is null or not is_withheld(case_code, $2))"
                        + " order by broken_at, glass_id limit $3")
                .execute(Tuple.of(owner, reader, limit))
                .map(rows -> {
                    List<Unreviewed> found = new ArrayList<>();
                    rows.forEach(row -> found.add(new Unreviewed(
                            row.getUUID("glass_id"),
                            row.getString("case_code"),
                            row.getString("organisation"),
                            row.getOffsetDateTime("broken_at").toInstant(),
                            row.getOffsetDateTime("open_until").toInstant(),
                            row.getOffsetDateTime("review_by").toInstant(),
                            row.getBoolean("overdue"))));
                    return found;
                });
    }
}
