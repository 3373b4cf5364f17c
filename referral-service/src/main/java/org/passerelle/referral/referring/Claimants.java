package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.passerelle.eventsourcing.Deadlines;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.referral.codes.ReferralId;

/** The accounts that claimed referrals, beside the record of members: nobody's departure strands a referral. */
@ApplicationScoped
public class Claimants {

    private static final Duration APART = Duration.ofMillis(10);

    @Inject
    Pool pool;

    /** Whether an account may act for an organisation, as far as the record of members knows. */
    public Uni<Boolean> mayAct(String account, UUID organisation) {
        return mayAct(pool, account, organisation);
    }

    Uni<Boolean> mayAct(SqlClient client, String account, UUID organisation) {
        return client.preparedQuery(
                        "select not coalesce("
                                + "(select removed from member where account = $1 and organisation = $2),"
                                + " (select members_complete from organisation_standing where organisation = $2), false) as may")
                .execute(Tuple.of(account, organisation.toString()))
                .map(rows -> rows.iterator().next().getBoolean("may"));
    }

    /** A colleague who has referrals in somebody's place. */
    public record Cover(String account, String issuer, String subject) {}

    /**
     * Somebody is away.
     *
     * @param cover empty where none is named, or they are away too, or can have no referral any more
     */
    public record Away(Instant until, Optional<Cover> cover) {}

    /** Empty for whoever is not away at that moment. */
    public Uni<Optional<Away>> away(String account, UUID organisation, Instant at) {
        return away(pool, account, organisation, at);
    }

    Uni<Optional<Away>> away(SqlClient client, String account, UUID organisation, Instant at) {
        return client.preparedQuery("select * from away($1, $2, $3)")
                .execute(Tuple.of(account, organisation.toString(), at.atOffset(ZoneOffset.UTC)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .findFirst()
                        .map(row -> new Away(
                                row.getOffsetDateTime("ends_at").toInstant(),
                                Optional.ofNullable(row.getString("cover"))
                                        .map(cover -> new Cover(
                                                cover,
                                                row.getString("cover_issuer"),
                                                row.getString("cover_subject"))))));
    }

    /**
     * When somebody is removed, within that transaction: what they claimed for the organisation is looked at, and returns to
     * its inbox. What they claim at this very moment is looked at 15 seconds after the claim.
     */
    public Uni<Void> lookAt(SqlConnection tx, String account, UUID organisation, Instant at) {
        return look(tx, account, organisation, ReferralStream.CLAIMANT, at);
    }

    /**
     * Likewise when somebody's absence begins: what they claimed passes to whoever covers them, or returns. The look has a
     * name of its own: one that is due sooner, as after each claim, may be made by a clock by which nobody is away yet.
     *
     * @param from when it begins
     */
    public Uni<Void> absent(SqlConnection tx, String account, UUID organisation, Instant from) {
        return look(tx, account, organisation, ReferralStream.CLAIMANT + ":" + from, from);
    }

    private static Uni<Void> look(SqlConnection tx, String account, UUID organisation, String name, Instant at) {
        return look(
                tx,
                tx.preparedQuery("select referral_id from referral_view where claimant = $1"
                                + " and coalesce(offered_to, provider) = $2 order by referral_id")
                        .execute(Tuple.of(account, organisation))
                        .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                                .map(row -> row.getUUID("referral_id"))
                                .toList()),
                name,
                at);
    }

    /** Likewise, when from now on nobody acts for the organisation but who is on its list. */
    public Uni<Void> completed(SqlConnection tx, UUID organisation, Instant at) {
        return look(
                tx,
                tx.preparedQuery("select referral_id from referral_view where claimant is not null"
                                + " and coalesce(offered_to, provider) = $1 order by referral_id")
                        .execute(Tuple.of(organisation))
                        .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                                .map(row -> row.getUUID("referral_id"))
                                .toList()),
                ReferralStream.CLAIMANT,
                at);
    }

    private static Uni<Void> look(SqlConnection tx, Uni<List<UUID>> claimed, String name, Instant at) {
        return claimed.flatMap(ids -> {
            List<StreamId> streams = ids.stream()
                    .map(id -> ReferralStream.of(new ReferralId(id)))
                    .toList();
            return streams.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : Deadlines.setUnlessSet(tx, streams, name, at, APART);
        });
    }
}
