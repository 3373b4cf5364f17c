package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.passerelle.edge.Consuming;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ServiceId;
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

    @Inject
    Consuming consuming;

    @Inject
    Pool pool;

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
     * Before somebody reads where the person, whom a service has accepted, is to be brought.
     *
     * @return failing with a {@link Refusal} where by now they are not to be sent there, and where something that was said
     *     of the case cannot be read: perhaps it is that
     */
    public Uni<Void> requireSafe(CaseCode code, OrganisationId organisation, ServiceId service) {
        return consuming
                .denied(pool, code.value())
                .flatMap(unread -> {
                    if (unread) {
                        throw Refusal.of("perhaps-not-to-be-brought");
                    }
                    return concern(pool, code, organisation, service);
                })
                .invoke(avoided -> {
                    if (avoided) {
                        throw Refusal.of("not-to-be-brought");
                    }
                })
                .replaceWithVoid();
    }

    private Uni<Boolean> concern(SqlClient client, CaseCode code, OrganisationId organisation, ServiceId service) {
        return of(client, code)
                .flatMap(avoidance -> avoidance.isEmpty() || avoidance.concerns(organisation)
                        ? Uni.createFrom().item(!avoidance.isEmpty())
                        : candidates
                                .withSites(client, organisation.value())
                                .map(theirs -> theirs.stream()
                                        .filter(one -> one.service().equals(service))
                                        .anyMatch(avoidance::concerns)));
    }

    /**
     * After the offer was written, like the check of consents: a danger that is being taken in at this moment waits for the
     * referral's stream, and takes the offer back.
     *
     * @return failing with {@link Overtaken} where by now the person is not to be sent where it is offered
     */
    Uni<Void> check(SqlConnection tx, ServiceOffered offered) {
        return concern(tx, offered.about().caseCode(), offered.organisation(), offered.service())
                .invoke(avoided -> {
                    if (avoided) {
                        throw new Overtaken();
                    }
                })
                .replaceWithVoid();
    }
}
