package org.passerelle.edge;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Emergency accesses that identification-service has told of; {@link FollowingGlass} keeps them. */
@ApplicationScoped
public class BrokenGlass {

    @Inject
    Kernel kernel;

    @Inject
    Consuming consuming;

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
     * Whether what the caller does is among what a broken glass permits, and theirs of this case is open. While a fact of
     * the case that decides access could not be processed none is.
     */
    public Uni<Boolean> opens(Access access, String caseCode) {
        if (!access.concerns(Relation.BREAKING_GLASS)) {
            return Uni.createFrom().item(false);
        }
        Caller caller = access.caller();
        return kernel.pool()
                .preparedQuery("select 1 from broken_glass where account = $1 and case_code = $2 and organisation = $3"
                        + " and open_until > clock_timestamp() and not reviewed")
                .execute(Tuple.of(
                        Memberships.account(caller.issuer(), caller.subject()), caseCode, caller.organisation()))
                .flatMap(rows -> rows.size() == 0
                        ? Uni.createFrom().item(false)
                        : consuming.denied(kernel.pool(), caseCode).map(denied -> !denied));
    }

    /**
     * The oldest first.
     *
     * @param owner of the cases; null for everybody's
     */
    public Uni<List<Unreviewed>> unreviewed(@Nullable String owner, int limit) {
        return kernel.pool()
                .preparedQuery(
                        "select glass_id, case_code, organisation, broken_at, open_until, review_by,"
                                + " review_by <= clock_timestamp() as overdue from broken_glass"
                                + " where not reviewed and ($1::text is null or owner = $1) order by broken_at, glass_id limit $2")
                .execute(Tuple.of(owner, limit))
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
