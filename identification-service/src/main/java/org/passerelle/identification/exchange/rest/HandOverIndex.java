package org.passerelle.identification.exchange.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.passerelle.edge.Access;
import org.passerelle.eventsourcing.InlineProjection;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalAccepted;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalDeclined;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalExpired;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalWithdrawn;
import org.passerelle.identification.arriving.ArrivalEvent.HandOverArrived;
import org.passerelle.identification.arriving.ArrivalStream;
import org.passerelle.identification.casefile.CaseEvent;
import org.passerelle.identification.casefile.CaseEvent.HandOverAnswered;
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
                        .chain(() -> requested.means() == HandOverSent.Means.EXCHANGE
                                ? run(
                                        tx,
                                        SEND,
                                        Tuple.of(
                                                requested.handOverId().value(),
                                                "hand-over",
                                                requested.to().code()))
                                : Uni.createFrom().voidItem());
            case HandOverStopped stopped -> sent(tx, stopped.handOverId(), "hand-over");
            case HandOverAnswered answered -> sent(tx, answered.handOverId(), "hand-over");
            case HandOverSent leaving -> Uni.createFrom().voidItem();
            case HandOverWithdrawn withdrawn ->
                run(
                        tx,
                        "insert into exchange_out (hand_over_id, kind, country)"
                                + " select hand_over_id, 'withdrawal', country from hand_over where hand_over_id = $1"
                                + " on conflict do nothing",
                        Tuple.of(withdrawn.handOverId().value()));
            case HandOverWithdrawalHeard heard -> sent(tx, heard.handOverId(), "withdrawal");
        };
    }

    private static Uni<Void> ofAnArrival(SqlConnection tx, StoredEvent stored) {
        return switch (ArrivalStream.TYPES.decode(stored)) {
            case HandOverArrived arrived -> Uni.createFrom().voidItem();
            case ArrivalAccepted accepted -> answered(tx, accepted.handOverId());
            case ArrivalDeclined declined -> answered(tx, declined.handOverId());
            case ArrivalExpired expired -> forget(tx, expired.handOverId());
            case ArrivalWithdrawn withdrawn -> forget(tx, withdrawn.handOverId());
        };
    }

    /** The answer goes out, and the file has done its duty. */
    private static Uni<Void> answered(SqlConnection tx, HandOverId id) {
        return run(
                        tx,
                        "insert into exchange_out (hand_over_id, kind, country)"
                                + " select hand_over_id, 'answer', country from arrival where hand_over_id = $1"
                                + " on conflict do nothing",
                        Tuple.of(id.value()))
                .chain(() -> forget(tx, id));
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

    /** Which withdrawals of a case's hand-overs the receivers' systems did not take when last asked, and why. */
    public Uni<Map<HandOverId, String>> withdrawalsNotTaken(CaseCode code) {
        return pool.preparedQuery(
                        "select o.hand_over_id, o.refused from exchange_out o join hand_over h using (hand_over_id)"
                                + " where h.case_code = $1 and o.kind = 'withdrawal' and o.refused is not null")
                .execute(Tuple.of(code.text()))
                .map(rows -> {
                    Map<HandOverId, String> problems = new HashMap<>();
                    rows.forEach(
                            row -> problems.put(new HandOverId(row.getUUID("hand_over_id")), row.getString("refused")));
                    return problems;
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
