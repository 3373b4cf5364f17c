package org.passerelle.identification.arriving.keeping;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.InlineProjection;
import org.passerelle.eventsourcing.Projection;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalAccepted;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalDeclined;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalExpired;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalOverdue;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalWithdrawn;
import org.passerelle.identification.arriving.ArrivalEvent.HandOverArrived;
import org.passerelle.identification.arriving.ArrivalStream;
import org.passerelle.identification.needs.Urgency;

/** Arrivals and what became of them, in the transaction of the append. */
@ApplicationScoped
public class ArrivalProjection implements InlineProjection, Projection {

    @Override
    public String name() {
        return "arrival";
    }

    @Override
    public Set<String> tables() {
        return Set.of("arrival");
    }

    @Override
    public Set<String> categories() {
        return Set.of(ArrivalStream.CATEGORY);
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        return InlineProjection.oneByOne(events, stored -> apply(tx, stored));
    }

    private static Uni<Void> apply(SqlConnection tx, StoredEvent stored) {
        return switch (ArrivalStream.TYPES.decode(stored)) {
            case HandOverArrived arrived ->
                tx.preparedQuery("insert into arrival (hand_over_id, country, state, arrived_at, until_at, urgency,"
                                + " remind_at, step_at) values ($1, $2, 'waiting', $3, $4, $5, $6, $6)")
                        .execute(Tuple.of(
                                arrived.handOverId().value(),
                                arrived.from().code(),
                                at(arrived.arrivedAt()),
                                at(arrived.until()),
                                word(arrived.running().urgency()),
                                at(arrived.running().remindAt())))
                        .replaceWithVoid();
            case ArrivalOverdue overdue ->
                tx.preparedQuery("update arrival set told = $2, step_at = $3 where hand_over_id = $1")
                        .execute(Tuple.of(
                                overdue.handOverId().value(),
                                switch (overdue.told()) {
                                    case DESK -> "reminder";
                                    case SUPERVISOR -> "supervisor";
                                    case COORDINATOR -> "coordinator";
                                },
                                at(overdue.nextAt())))
                        .replaceWithVoid();
            case ArrivalAccepted accepted ->
                tx.preparedQuery("update arrival set state = 'accepted', case_code = $2 where hand_over_id = $1")
                        .execute(Tuple.of(
                                accepted.handOverId().value(),
                                accepted.caseCode().text()))
                        .replaceWithVoid();
            case ArrivalWithdrawn withdrawn ->
                tx.preparedQuery("update arrival set withdrawn_at = $2,"
                                + " state = case when state = 'accepted' then state else 'withdrawn' end"
                                + " where hand_over_id = $1")
                        .execute(Tuple.of(withdrawn.handOverId().value(), at(withdrawn.withdrawnAt())))
                        .replaceWithVoid();
            case ArrivalExpired expired ->
                tx.preparedQuery("update arrival set state = 'expired' where hand_over_id = $1")
                        .execute(Tuple.of(expired.handOverId().value()))
                        .replaceWithVoid();
            case ArrivalDeclined declined ->
                tx.preparedQuery("update arrival set state = 'declined' where hand_over_id = $1")
                        .execute(Tuple.of(declined.handOverId().value()))
                        .replaceWithVoid();
        };
    }

    private static @Nullable String word(@Nullable Urgency urgency) {
        return urgency == null ? null : urgency.name().toLowerCase(Locale.ROOT);
    }

    private static OffsetDateTime at(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }
}
