package org.passerelle.referral.investigating;

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

/** Every referral to the police, and what became of it there. */
@ApplicationScoped
public class Investigations {

    @Inject
    Pool pool;

    /**
     * One referral to the police.
     *
     * @param state the justice step; {@code unanswered} where the police have not said whether they investigate;
     *     {@code withheld} where the person did not want it
     * @param told who was told last that nothing is heard; left out where nobody had to be
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Line(
            UUID referralId,
            String caseCode,
            UUID requestedBy,
            @Nullable UUID police,
            String place,
            String state,
            Instant statedAt,
            @Nullable Instant reportedAt,
            @Nullable Instant reportBy,
            @Nullable String told) {}

    /**
     * The oldest first.
     *
     * @param requestedBy those that this organisation sent; null for none
     * @param police those that this force has; null for none. Where both are null, everybody's
     * @param reader of everybody's: what is withheld from this organisation is left out; null for none
     * @param state null for all
     */
    public Uni<List<Line>> list(
            @Nullable UUID requestedBy,
            @Nullable UUID police,
            @Nullable UUID reader,
            @Nullable String state,
            int limit) {
        return pool.preparedQuery("select * from (select r.referral_id, r.case_code, r.requested_by,"
                        // whoever has it now: what a force told that passed it on is not what this one told
                        + " coalesce(r.provider, i.police) as police, r.place, r.stated_at,"
                        + " i.reported_at, i.report_by, i.told, coalesce(i.step, case when r.ending in"
                        + " ('person-declined', 'consent-withdrawn') then 'withheld' else 'unanswered' end) as state"
                        + " from referral_view r left join investigation i on i.referral_id = r.referral_id"
                        + " and i.police = coalesce(r.provider, i.police)"
                        + " where r.service = 'POLICE' and r.state <> 'entered-in-error') found"
                        + " where ($1::uuid is null and $2::uuid is null or requested_by = $1"
                        // of what is withheld from authorities the police know nothing
                        + " or police = $2 and not is_withheld_from_authorities(case_code))"
                        + " and ($3::uuid is null or not is_withheld(case_code, $3))"
                        + " and ($4::text is null or state = $4)"
                        + " order by stated_at, referral_id limit $5")
                .execute(Tuple.of(requestedBy, police, reader, state, limit))
                .map(rows -> {
                    List<Line> lines = new ArrayList<>();
                    rows.forEach(row -> lines.add(line(row)));
                    return lines;
                });
    }

    private static Line line(Row row) {
        return new Line(
                row.getUUID("referral_id"),
                row.getString("case_code"),
                row.getUUID("requested_by"),
                row.getUUID("police"),
                row.getString("place"),
                row.getString("state"),
                row.getOffsetDateTime("stated_at").toInstant(),
                instant(row.getOffsetDateTime("reported_at")),
                instant(row.getOffsetDateTime("report_by")),
                row.getString("told"));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
