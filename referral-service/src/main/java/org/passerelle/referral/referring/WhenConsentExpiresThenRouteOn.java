package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.passerelle.eventsourcing.DeadlineHandler;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.referral.codes.CaseCode;

/** A consent that reaches its end takes back the offers it covered, and stops the services, like one that is withdrawn. */
@ApplicationScoped
public class WhenConsentExpiresThenRouteOn implements DeadlineHandler {

    @Inject
    OpenReferrals open;

    @Inject
    Clock clock;

    @Override
    public String category() {
        return CaseConsents.CLOCKS;
    }

    @Override
    public Uni<Void> due(SqlConnection tx, StreamId stream, String name, Instant due) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        // Deadlines go by the database's clock; by one that is behind it the consent would still be in force.
        Instant at = now.isBefore(due) ? due : now;
        return open.routeAgain(
                tx, new CaseCode(stream.key()), RoutingTrigger.CONSENT_EXPIRED, at, Metadata.system("clock"));
    }
}
