package org.passerelle.identification.emergency.keeping;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.passerelle.eventsourcing.InlineProjection;
import org.passerelle.eventsourcing.Projection;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.identification.emergency.GlassEvent;
import org.passerelle.identification.emergency.GlassEvent.GlassBroken;
import org.passerelle.identification.emergency.GlassEvent.GlassReviewed;
import org.passerelle.identification.emergency.GlassStream;

/** Broken glasses by case, in the transaction of the append: the owner is told at once, and it opens at once. */
@ApplicationScoped
public class GlassProjection implements InlineProjection, Projection {

    @Override
    public String name() {
        return "glass";
    }

    @Override
    public Set<String> tables() {
        return Set.of("glass");
    }

    @Override
    public Set<String> categories() {
        return Set.of(GlassStream.CATEGORY);
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        return InlineProjection.oneByOne(events, stored -> apply(tx, stored));
    }

    private static Uni<Void> apply(SqlConnection tx, StoredEvent stored) {
        GlassEvent event = GlassStream.TYPES.decode(stored);
        return switch (event) {
            case GlassBroken broken ->
                tx.preparedQuery("insert into glass (glass_id, account, case_code, owner, organisation, broken_at,"
                                + " open_until, review_by) values ($1, $2, $3, $4, $5, $6, $7, $8)")
                        .execute(Tuple.tuple()
                                .addUUID(broken.glassId().value())
                                .addString(stored.stream().key())
                                .addString(broken.caseCode().text())
                                .addUUID(broken.owner().value())
                                .addUUID(broken.organisation().value())
                                .addOffsetDateTime(at(broken.at()))
                                .addOffsetDateTime(at(broken.until()))
                                .addOffsetDateTime(at(broken.reviewBy())))
                        .replaceWithVoid();
            case GlassReviewed review ->
                tx.preparedQuery("update glass set reviewed_at = $2 where glass_id = $1")
                        .execute(Tuple.of(review.glassId().value(), at(review.at())))
                        .replaceWithVoid();
        };
    }

    private static OffsetDateTime at(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }
}
