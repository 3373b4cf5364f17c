package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Set;
import java.util.function.Function;
import org.passerelle.eventsourcing.AppendRejected;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Handled;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.referring.ReferralCommand.RouteAgain;

/** Handles commands that may make an offer: with the world as it is, anew when it became another meanwhile. */
@ApplicationScoped
public class Offering {

    /** Nearly each means that somebody else was offered a unit: a race of so many at once is not waited out. */
    private static final int ATTEMPTS = 100;

    @Inject
    EventStore store;

    @Inject
    StreamKind<ReferralCommand, Referral, ReferralEvent> referrals;

    @Inject
    Lookup lookup;

    @Inject
    Pool pool;

    /** @param change handles the command made of these surroundings, in a transaction of its own */
    public <R> Uni<R> alone(About about, Instant at, Function<Surroundings, Uni<R>> change) {
        return alone(about, Set.of(), at, change);
    }

    /** @param wanted services that a person asks for, wherever they are */
    public <R> Uni<R> alone(About about, Set<ServiceId> wanted, Instant at, Function<Surroundings, Uni<R>> change) {
        return Uni.createFrom()
                .deferred(() -> lookup.around(pool, about, wanted, at).flatMap(around -> change.apply(around)))
                .onFailure(Overtaken.class)
                .retry()
                .atMost(ATTEMPTS)
                .onFailure(Overtaken.class)
                .transform(taken -> new AppendRejected.Unavailable("too many are quicker", taken));
    }

    /**
     * Consent may have changed between the look at it and the commit of an offer: a second look, after the commit, takes
     * back what is no longer covered. Usually it finds nothing to do.
     */
    public Uni<Void> asConsentStandsNow(About about, Instant now) {
        return alone(
                        about,
                        now,
                        around -> store.handle(
                                referrals,
                                ReferralStream.of(about.referral()),
                                new RouteAgain(RoutingTrigger.CONSENT_CHANGED, around, now),
                                ExpectedVersion.any(),
                                Metadata.system("routing")))
                .replaceWithVoid();
    }

    /** Within the transaction of an effect or a deadline; what was tried in vain is undone without undoing the rest. */
    Uni<Handled<Referral, ReferralEvent>> in(
            SqlConnection tx, About about, Instant at, Function<Surroundings, ReferralCommand> command, Metadata by) {
        return Uni.createFrom()
                .deferred(() -> run(tx, "savepoint offering")
                        .chain(() -> lookup.around(tx, about, at))
                        .flatMap(around -> store.handleIn(
                                tx, referrals, ReferralStream.of(about.referral()), command.apply(around), by))
                        .call(() -> run(tx, "release savepoint offering"))
                        .onFailure(Overtaken.class)
                        .call(() -> run(tx, "rollback to savepoint offering")))
                .onFailure(Overtaken.class)
                .retry()
                .atMost(ATTEMPTS)
                .onFailure(Overtaken.class)
                .transform(taken -> new AppendRejected.Unavailable("too many are quicker", taken));
    }

    private static Uni<Void> run(SqlConnection tx, String sql) {
        return tx.query(sql).execute().replaceWithVoid();
    }
}
