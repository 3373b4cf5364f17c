package org.passerelle.referral.investigating;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.InlineProjection;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.referral.investigating.InvestigationEvent.EvidenceHandedOver;
import org.passerelle.referral.investigating.InvestigationEvent.EvidenceReceived;
import org.passerelle.referral.investigating.InvestigationEvent.JusticeReported;
import org.passerelle.referral.investigating.InvestigationEvent.PoliceSilent;

/** How far justice has come with each referral to the police, for lists. */
@ApplicationScoped
public class InvestigationProjection implements InlineProjection {

    @Override
    public Set<String> categories() {
        return Set.of(InvestigationStream.CATEGORY);
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        return InlineProjection.oneByOne(events, stored -> switch (InvestigationStream.TYPES.decode(stored)) {
            case JusticeReported reported -> reported(tx, reported);
            case PoliceSilent silent -> silent(tx, silent);
            case EvidenceHandedOver none -> Uni.createFrom().voidItem();
            case EvidenceReceived none -> Uni.createFrom().voidItem();
        });
    }

    private static Uni<Void> reported(SqlConnection tx, JusticeReported reported) {
        return tx.preparedQuery(
                        "insert into investigation (referral_id, police, step, reported_at, report_by, told) values"
                                + " ($1, $2, $3, $4, $5, null) on conflict (referral_id) do update set"
                                + " police = excluded.police, step = excluded.step, reported_at = excluded.reported_at,"
                                + " report_by = excluded.report_by, told = null")
                .execute(Tuple.of(
                        reported.about().referral().value(),
                        reported.police().value(),
                        reported.step().code(),
                        utc(reported.at()),
                        utc(reported.reportBy())))
                .replaceWithVoid();
    }

    private static Uni<Void> silent(SqlConnection tx, PoliceSilent silent) {
        return tx.preparedQuery("update investigation set told = $2, report_by = $3 where referral_id = $1")
                .execute(Tuple.of(
                        silent.about().referral().value(), silent.told().code(), utc(silent.again())))
                .replaceWithVoid();
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }
}
