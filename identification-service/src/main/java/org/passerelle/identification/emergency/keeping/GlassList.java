package org.passerelle.identification.emergency.keeping;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Caller;
import org.passerelle.edge.Memberships;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.emergency.GlassId;

/** Which glasses are broken, and which wait for a review. */
@ApplicationScoped
public class GlassList {

    private static final String COLUMNS =
            "g.glass_id, g.account, g.case_code, g.owner, g.organisation, g.broken_at, g.open_until, g.review_by, g.reviewed_at";

    @Inject
    Pool pool;

    /**
     * @param account    the hash of who broke it; the key of the stream
     * @param reviewedAt null while nobody has reviewed it
     */
    public record Line(
            UUID glassId,
            String account,
            String caseCode,
            UUID owner,
            UUID organisation,
            Instant brokenAt,
            Instant openUntil,
            Instant reviewBy,
            @Nullable Instant reviewedAt) {}

    /**
     * @param owner whose cases; null for everybody's
     * @param reader the organisation that asks, for what is withheld from it
     */
    public record Filter(@Nullable UUID owner, @Nullable String reader, boolean authority, boolean unreviewedOnly) {}

    /** Whether the caller has broken the glass of this case and it is still open. */
    public Uni<Boolean> open(CaseCode code, Caller caller, Instant now) {
        return pool.preparedQuery(
                        "select 1 from glass where account = $1 and case_code = $2 and organisation::text = $3"
                                + " and open_until > $4 and reviewed_at is null")
                .execute(Tuple.of(
                        Memberships.account(caller.issuer(), caller.subject()),
                        code.text(),
                        caller.organisation(),
                        now.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.size() > 0);
    }

    public Uni<Optional<Line>> find(GlassId id) {
        return pool.preparedQuery("select " + COLUMNS + " from glass g where g.glass_id = $1")
                .execute(Tuple.of(id.value()))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(line(rows.iterator().next())));
    }

    /** The oldest first, so that what waits longest for its review is on top. */
    public Uni<List<Line>> page(Filter filter, @Nullable Instant after, @Nullable UUID afterId, int limit) {
        OffsetDateTime from = after == null ? null : after.atOffset(ZoneOffset.UTC);
        return pool.preparedQuery("select " + COLUMNS + " from glass g join case_list c using (case_code)"
                        + " where ($1::uuid is null or g.owner = $1)"
                        + " and not ($2::boolean and c.withheld_from_authorities)"
                        + " and ($3::text is null or not $3::text = any (c.withheld_from_organisations))"
                        + " and (not $4::boolean or g.reviewed_at is null)"
                        + " and ($5::timestamptz is null or (g.broken_at, g.glass_id) > ($5, $6::uuid))"
                        + " order by g.broken_at, g.glass_id limit $7")
                .execute(Tuple.tuple()
                        .addUUID(filter.owner())
                        .addBoolean(filter.authority())
                        .addString(filter.reader())
                        .addBoolean(filter.unreviewedOnly())
                        .addOffsetDateTime(from)
                        .addUUID(afterId)
                        .addInteger(limit))
                .map(rows -> {
                    List<Line> lines = new ArrayList<>();
                    rows.forEach(row -> lines.add(line(row)));
                    return lines;
                });
    }

    private static Line line(Row row) {
        OffsetDateTime reviewed = row.getOffsetDateTime("reviewed_at");
        return new Line(
                row.getUUID("glass_id"),
                row.getString("account"),
                row.getString("case_code"),
                row.getUUID("owner"),
                row.getUUID("organisation"),
                row.getOffsetDateTime("broken_at").toInstant(),
                row.getOffsetDateTime("open_until").toInstant(),
                row.getOffsetDateTime("review_by").toInstant(),
                reviewed == null ? null : reviewed.toInstant());
    }
}
