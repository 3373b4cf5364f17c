package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.edge.Caller;
import org.passerelle.eventsourcing.InlineProjection;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.StoredEvent;

/**
 * The append asks once more, in its own transaction, whether the person withholds the case from the organisation that
 * writes: then only what it has to do with the referral itself counts, as its requester or by an offer.
 *
 * <p>Nothing is locked: a consent that is being taken in at this moment comes after the append.
 */
@ApplicationScoped
class WhomItIsWithheldFromCoordinatesNothing implements InlineProjection {

    private static final String WITHHELD = """
            select from unnest($1::uuid[], $2::uuid[]) w (referral, organisation)
            join referral_view r on r.referral_id = w.referral and r.requested_by <> w.organisation
            where not exists (
                    select from offer_view o where o.referral_id = w.referral and o.organisation_id = w.organisation)
                and is_withheld(r.case_code, w.organisation)
            limit 1
            """;

    @Override
    public Set<String> categories() {
        return Set.of(ReferralStream.CATEGORY);
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        List<UUID> referrals = new ArrayList<>();
        List<UUID> organisations = new ArrayList<>();
        for (StoredEvent event : events) {
            UUID organisation = organisation(event.metadata());
            if (organisation != null) {
                referrals.add(UUID.fromString(event.stream().key()));
                organisations.add(organisation);
            }
        }
        if (referrals.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return tx.preparedQuery(WITHHELD)
                .execute(Tuple.of(referrals.toArray(UUID[]::new), organisations.toArray(UUID[]::new)))
                .invoke(rows -> {
                    if (rows.size() > 0) {
                        throw Access.unknown();
                    }
                })
                .replaceWithVoid();
    }

    private static @Nullable UUID organisation(Metadata by) {
        return new Caller(by.issuer(), by.subject(), by.organisation(), Set.of()).organisationId();
    }
}
