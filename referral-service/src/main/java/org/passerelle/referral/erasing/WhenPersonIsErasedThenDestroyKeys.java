package org.passerelle.referral.erasing;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import org.passerelle.edge.FollowingErasures;
import org.passerelle.eventsourcing.IncomingEvent;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.referring.ReferralStream;

/**
 * A person is erased: notes of providers, whoever spoke on the telephone and what routing said of services can be read no
 * more, and their needs wait for nobody, also where these did not end because the news of it is parked.
 */
@ApplicationScoped
public class WhenPersonIsErasedThenDestroyKeys extends FollowingErasures {

    @Inject
    Pool pool;

    WhenPersonIsErasedThenDestroyKeys() {
        super(ReferralStream.TYPES);
    }

    @Override
    public String consumer() {
        return "referral.erasure";
    }

    /** The list of those who wait is in the clear: it goes whatever becomes of this transaction, like the keys. */
    @Override
    public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
        return super.apply(tx, event)
                .eventually(() -> pool.preparedQuery("delete from waiting_list w using referral_view r"
                                + " where r.referral_id = w.referral_id and r.case_code = $1")
                        .execute(Tuple.of(event.subject())));
    }

    @Override
    protected Uni<List<StreamId>> streams(SqlConnection tx, String caseCode) {
        return tx.preparedQuery("select referral_id from referral_view where case_code = $1")
                .execute(Tuple.of(caseCode))
                .map(rows -> {
                    List<StreamId> referrals = new ArrayList<>();
                    rows.forEach(row -> referrals.add(ReferralStream.of(new ReferralId(row.getUUID("referral_id")))));
                    return referrals;
                });
    }
}
