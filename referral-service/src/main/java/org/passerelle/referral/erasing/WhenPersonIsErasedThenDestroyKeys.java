package org.passerelle.referral.erasing;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.passerelle.edge.Erasures;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.IncomingEvent;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.referring.ReferralStream;

/** A person is erased: notes of providers and whoever spoke on the telephone can be read no more. */
@ApplicationScoped
public class WhenPersonIsErasedThenDestroyKeys implements Effect {

    @Inject
    Erasures erasures;

    @Override
    public String consumer() {
        return "referral.erasure";
    }

    @Override
    public String topic() {
        return "passerelle.identification";
    }

    @Override
    public Set<String> types() {
        return Set.of("passerelle.identification.person-erased.v1");
    }

    @Override
    public boolean decidesAccess() {
        return true;
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
        Instant erasedAt = Instant.parse(event.data().path("erasedAt").asText());
        LocalDate finalOn = LocalDate.parse(event.data().path("finalOn").asText());
        return tx.preparedQuery("select referral_id from referral_view where case_code = $1")
                .execute(Tuple.of(event.subject()))
                .flatMap(rows -> {
                    List<StreamId> referrals = new ArrayList<>();
                    rows.forEach(row -> referrals.add(ReferralStream.of(new ReferralId(row.getUUID("referral_id")))));
                    return erasures.destroyAll(event.subject(), erasedAt, finalOn, ReferralStream.TYPES, referrals);
                });
    }
}
