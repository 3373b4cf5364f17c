package org.passerelle.referral.erasing;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.passerelle.edge.FollowingErasures;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.referring.ReferralStream;

/** A person is erased: notes of providers and whoever spoke on the telephone can be read no more. */
@ApplicationScoped
public class WhenPersonIsErasedThenDestroyKeys extends FollowingErasures {

    WhenPersonIsErasedThenDestroyKeys() {
        super(ReferralStream.TYPES);
    }

    @Override
    public String consumer() {
        return "referral.erasure";
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
