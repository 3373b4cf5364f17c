package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.passerelle.eventsourcing.Deadlines;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.referral.codes.ReferralId;

/** What an organisation is asked, and what it gives. */
@ApplicationScoped
public class HeldReferrals {

    private static final Duration APART = Duration.ofMillis(10);

    /**
     * After its standing changed each is looked at, the most pressing first, in a transaction of its own: however much an
     * organisation holds, none waits for all of it.
     */
    public Uni<Void> lookAt(SqlConnection tx, UUID organisation, Instant from) {
        return tx.preparedQuery(
                        "select referral_id from referral_view where coalesce(offered_to, provider) = $1"
                                + " and state in ('offered', 'accepted', 'in-progress', 'on-hold') order by due_at, referral_id")
                .execute(Tuple.of(organisation))
                .flatMap(rows -> {
                    List<StreamId> held = StreamSupport.stream(rows.spliterator(), false)
                            .map(row -> ReferralStream.of(new ReferralId(row.getUUID("referral_id"))))
                            .toList();
                    return held.isEmpty()
                            ? Uni.createFrom().voidItem()
                            : Deadlines.setUnlessSet(tx, held, ReferralStream.STANDING, from, APART);
                });
    }
}
