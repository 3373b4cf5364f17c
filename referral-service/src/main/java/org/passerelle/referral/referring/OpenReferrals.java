package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.referring.ReferralCommand.CancelReferral;
import org.passerelle.referral.referring.ReferralCommand.RouteAgain;

/** All open referrals of a case at once, one after the other in the order in which everybody locks them. */
@ApplicationScoped
class OpenReferrals {

    private static final String UNTIL_THE_END = "'waiting', 'gap', 'offered', 'accepted', 'in-progress', 'on-hold'";

    @Inject
    EventStore store;

    @Inject
    StreamKind<ReferralCommand, Referral, ReferralEvent> referrals;

    @Inject
    Offering offering;

    /** Those that nobody accepted yet, as consent stands at a moment. */
    Uni<Void> routeAgain(SqlConnection tx, CaseCode code, RoutingTrigger trigger, Instant at, Metadata by) {
        return each(
                tx,
                code,
                "'waiting', 'gap', 'offered'",
                open -> offering.in(tx, open, at, around -> new RouteAgain(trigger, around, at), by)
                        .replaceWithVoid());
    }

    /** The accepted ones too: what became known of the person may speak against where they are. */
    Uni<Void> reconsider(SqlConnection tx, CaseCode code, Instant at, Metadata by) {
        return each(
                tx,
                code,
                UNTIL_THE_END,
                open -> offering.in(
                                tx,
                                open,
                                at,
                                around -> new RouteAgain(RoutingTrigger.CIRCUMSTANCES_CHANGED, around, at),
                                by)
                        .replaceWithVoid());
    }

    /** The accepted ones too. */
    Uni<Void> cancel(SqlConnection tx, CaseCode code, CancellationReason reason, Instant at, Metadata by) {
        return each(tx, code, UNTIL_THE_END, open -> handle(tx, open, new CancelReferral(reason, at), by));
    }

    private Uni<Void> handle(SqlConnection tx, About open, ReferralCommand command, Metadata by) {
        return store.handleIn(tx, referrals, ReferralStream.of(open.referral()), command, by)
                .replaceWithVoid();
    }

    private static Uni<Void> each(SqlConnection tx, CaseCode code, String states, Function<About, Uni<Void>> what) {
        return tx.preparedQuery(
                        "select referral_id, requested_by, service, place from referral_view where case_code = $1 and state in ("
                                + states + ") order by referral_id::text")
                .execute(Tuple.of(code.value()))
                .flatMap(rows -> {
                    List<About> found = new ArrayList<>();
                    rows.forEach(row -> found.add(new About(
                            new ReferralId(row.getUUID("referral_id")),
                            code,
                            new OrganisationId(row.getUUID("requested_by")),
                            ServiceType.valueOf(row.getString("service")),
                            new PlaceCode(row.getString("place")))));
                    Uni<Void> done = Uni.createFrom().voidItem();
                    for (About open : found) {
                        done = done.chain(() -> what.apply(open));
                    }
                    return done;
                });
    }
}
