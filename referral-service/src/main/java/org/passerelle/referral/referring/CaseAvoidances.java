package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.directory.Candidates;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;
import org.passerelle.referral.routing.Avoidance;
import org.passerelle.referral.routing.Places;

/** Where and to whom the person of each case is not to be sent. */
@ApplicationScoped
public class CaseAvoidances {

    @Inject
    EventStore store;

    @Inject
    Candidates candidates;

    @Inject
    Places places;

    @Inject
    Clock clock;

    /** As the client sees it, which is a pool or somebody's transaction; nothing is locked. */
    Uni<Avoidance> of(SqlClient client, CaseCode code) {
        return store.seen(client, AvoidanceTold.KIND, AvoidanceTold.of(code))
                .map(known -> known.state().on(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC), places));
    }

    /** Keeps what was told; false where as much or more was known before. */
    public Uni<Boolean> record(SqlConnection tx, CaseCode code, AvoidanceTold told, Metadata by) {
        return store.handleIn(tx, AvoidanceTold.KIND, AvoidanceTold.of(code), told, by)
                .map(handled -> !handled.events().isEmpty());
    }

    /**
     * After the offer was written, like the check of consents: a danger that is being taken in at this moment waits for the
     * referral's stream, and takes the offer back.
     *
     * @return failing with {@link Overtaken} where by now the person is not to be sent where it is offered
     */
    Uni<Void> check(SqlConnection tx, ServiceOffered offered) {
        return of(tx, offered.about().caseCode())
                .flatMap(avoidance -> avoidance.isEmpty() || avoidance.concerns(offered.organisation())
                        ? Uni.createFrom().item(!avoidance.isEmpty())
                        : candidates
                                .of(tx, offered.organisation().value())
                                .map(theirs -> theirs.stream()
                                        .filter(one -> one.service().equals(offered.service()))
                                        .anyMatch(avoidance::concerns)))
                .invoke(avoided -> {
                    if (avoided) {
                        throw new Overtaken();
                    }
                })
                .replaceWithVoid();
    }
}
