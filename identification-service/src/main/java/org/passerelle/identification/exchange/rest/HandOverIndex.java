package org.passerelle.identification.exchange.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.eventsourcing.InlineProjection;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalAccepted;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalDeclined;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalExpired;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalOverdue;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalWithdrawn;
import org.passerelle.identification.arriving.ArrivalEvent.HandOverArrived;
import org.passerelle.identification.arriving.ArrivalStream;
import org.passerelle.identification.casefile.CaseEvent;
import org.passerelle.identification.casefile.CaseEvent.HandOverAnswered;
import org.passerelle.identification.casefile.CaseEvent.HandOverEndNoted;
import org.passerelle.identification.casefile.CaseEvent.HandOverRequested;
import org.passerelle.identification.casefile.CaseEvent.HandOverSent;
import org.passerelle.identification.casefile.CaseEvent.HandOverStopped;
import org.passerelle.identification.casefile.CaseEvent.HandOverWithdrawalHeard;
import org.passerelle.identification.casefile.CaseEvent.HandOverWithdrawn;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.handingover.HandOverId;

/**
 * Which case a hand-over is of, and what is to be sent, in the transaction of the append: what is decided is sent, and what
 * is stopped is not.
 */
@ApplicationScoped
public class HandOverIndex implements InlineProjection {

    private static final String EVENTS = "identification.hand-over-";

    private static final String SEND =
            "insert into exchange_out (hand_over_id, kind, country) values ($1, $2, $3) on conflict do nothing";

    @Inject
    Pool pool;

    @Override
    public Set<String> categories() {
        return Set.of(CaseStream.CATEGORY, ArrivalStream.CATEGORY);
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        return InlineProjection.oneByOne(
                events,
                stored -> stored.stream().category().equals(ArrivalStream.CATEGORY)
                        ? ofAnArrival(tx, stored)
                        : stored.type().startsWith(EVENTS)
                                ? ofACase(tx, stored)
                                : Uni.createFrom().voidItem());
    }

    private static Uni<Void> ofACase(SqlConnection tx, StoredEvent stored) {
        if (!(CaseStream.TYPES.decode(stored) instanceof CaseEvent.OfHandOver event)) {
            return Uni.createFrom().voidItem();
        }
        return switch (event) {
            case HandOverRequested requested ->
                run(
                                tx,
                                "insert into hand_over (hand_over_id, case_code, country) values ($1, $2, $3)",
                                Tuple.of(
                                        requested.handOverId().value(),
                                        stored.stream().key(),
                                        requested.to().code()))
                        // What came to nothing before is seen to by this one.
                        .chain(() -> run(
                                tx,
                                "update hand_over set failed_at = null where case_code = $1 and hand_over_id <> $2",
                                Tuple.of(
                                        stored.stream().key(),
                                        requested.handOverId().value())))
                        .chain(() -> requested.means() == HandOverSent.Means.EXCHANGE
                                ? run(
                                        tx,
                                        SEND,
                                        Tuple.of(
                                                requested.handOverId().value(),
                                                "hand-over",
                                                requested.to().code()))
                                : Uni.createFrom().voidItem());
            case HandOverStopped stopped ->
                sent(tx, stopped.handOverId(), "hand-over").chain(() -> switch (stopped.why()) {
                    case EXPIRED -> failed(tx, stopped.handOverId(), "expired", stopped.stoppedAt());
                    case REFUSED -> failed(tx, stopped.handOverId(), "refused", stopped.stoppedAt());
                    case NO_ADDRESS -> failed(tx, stopped.handOverId(), "no-address", stopped.stoppedAt());
                    // That is as the person wants it.
                    case CONSENT_ENDED, ERASED -> seenTo(tx, stopped.handOverId());
                });
            case HandOverAnswered answered ->
                sent(tx, answered.handOverId(), "hand-over").chain(() -> switch (answered.verdict()) {
                    case RECEIVED -> Uni.createFrom().voidItem();
                    case ACCEPTED -> seenTo(tx, answered.handOverId());
                    case DECLINED -> failed(tx, answered.handOverId(), "declined", answered.answeredAt());
                });
            case HandOverEndNoted noted -> seenTo(tx, noted.handOverId());
            case HandOverSent leaving -> Uni.createFrom().voidItem();
            case HandOverWithdrawn withdrawn ->
                run(
                                tx,
                                "insert into exchange_out (hand_over_id, kind, country)"
                                        + " select hand_over_id, 'withdrawal', country from hand_over"
                                        + " where hand_over_id = $1 on conflict do nothing",
                                Tuple.of(withdrawn.handOverId().value()))
                        .chain(() -> run(
                                tx,
                                "update hand_over set withdrawn = true, failed_at = null where hand_over_id = $1",
                                Tuple.of(withdrawn.handOverId().value())));
            case HandOverWithdrawalHeard heard -> sent(tx, heard.handOverId(), "withdrawal");
        };
    }

    private static Uni<Void> ofAnArrival(SqlConnection tx, StoredEvent stored) {
        return switch (ArrivalStream.TYPES.decode(stored)) {
            case HandOverArrived arrived -> Uni.createFrom().voidItem();
            case ArrivalAccepted accepted -> answered(tx, accepted.handOverId());
            case ArrivalDeclined declined -> answered(tx, declined.handOverId());
            // The sender is told, and still when the desk says why.
            case ArrivalExpired expired -> answered(tx, expired.handOverId());
            case ArrivalOverdue overdue -> Uni.createFrom().voidItem();
            case ArrivalWithdrawn withdrawn -> forget(tx, withdrawn.handOverId());
        };
    }

    /** The answer goes out, and the file has done its duty. */
    private static Uni<Void> answered(SqlConnection tx, HandOverId id) {
        return run(
                        tx,
                        "insert into exchange_out (hand_over_id, kind, country)"
                                + " select hand_over_id, 'answer', country from arrival where hand_over_id = $1"
                                + " on conflict (hand_over_id, kind) do update set begun_at = clock_timestamp(),"
                                + " next_try_at = clock_timestamp(), tries = 0, given_up = null",
                        Tuple.of(id.value()))
                .chain(() -> forget(tx, id));
    }

    /** It came to nothing: whoever keeps the case has to decide what else is done, unless the person wants it no more. */
    private static Uni<Void> failed(SqlConnection tx, HandOverId id, String why, Instant at) {
        return run(
                tx,
                "update hand_over set failed_at = $2, failed_because = $3 where hand_over_id = $1"
                        + " and not withdrawn",
                Tuple.of(id.value(), at.atOffset(ZoneOffset.UTC), why));
    }

    private static Uni<Void> seenTo(SqlConnection tx, HandOverId id) {
        return run(tx, "update hand_over set failed_at = null where hand_over_id = $1", Tuple.of(id.value()));
    }

    private static Uni<Void> forget(SqlConnection tx, HandOverId id) {
        return run(tx, "delete from arrival_file where hand_over_id = $1", Tuple.of(id.value()));
    }

    private static Uni<Void> sent(SqlConnection tx, HandOverId id, String kind) {
        return run(tx, "delete from exchange_out where hand_over_id = $1 and kind = $2", Tuple.of(id.value(), kind));
    }

    private static Uni<Void> run(SqlConnection tx, String sql, Tuple values) {
        return tx.preparedQuery(sql).execute(values).replaceWithVoid();
    }

    /**
     * What whoever keeps the case has to see to.
     *
     * @param withdrawalNotTaken why the receiver's system did not take the withdrawal when last asked; null unless that is so
     * @param failedAt since when it has come to nothing and nobody has said what else is done; null unless that is so
     * @param failedBecause declined, expired, refused or no-address
     */
    public record Outstanding(
            @Nullable String withdrawalNotTaken,
            @Nullable Instant failedAt,
            @Nullable String failedBecause) {}

    /** Of each of a case's hand-overs. */
    public Uni<Map<HandOverId, Outstanding>> outstanding(CaseCode code) {
        return pool.preparedQuery("select h.hand_over_id, h.failed_at, h.failed_because, o.refused from hand_over h"
                        + " left join exchange_out o on o.hand_over_id = h.hand_over_id and o.kind = 'withdrawal'"
                        + " where h.case_code = $1")
                .execute(Tuple.of(code.text()))
                .map(rows -> {
                    Map<HandOverId, Outstanding> all = new HashMap<>();
                    rows.forEach(row -> {
                        OffsetDateTime failed = row.getOffsetDateTime("failed_at");
                        all.put(
                                new HandOverId(row.getUUID("hand_over_id")),
                                new Outstanding(
                                        row.getString("refused"),
                                        failed == null ? null : failed.toInstant(),
                                        failed == null ? null : row.getString("failed_because")));
                    });
                    return all;
                });
    }

    /** The case that is handed over; refused as unknown where it is not one of ours. */
    Uni<CaseCode> caseOf(HandOverId id) {
        return pool.preparedQuery("select case_code from hand_over where hand_over_id = $1")
                .execute(Tuple.of(id.value()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw Access.unknown();
                    }
                    return CaseCode.parse(rows.iterator().next().getString("case_code"));
                });
    }
}
