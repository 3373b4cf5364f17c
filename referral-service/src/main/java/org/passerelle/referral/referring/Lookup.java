package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.UUID;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.directory.Candidates;

/** Looks up what a decision needs to know, before the decision. */
@ApplicationScoped
public class Lookup {

    @Inject
    Candidates candidates;

    @Inject
    CaseConsents consents;

    /** @param client a pool, or the transaction that the decision will be part of */
    public Uni<Surroundings> around(SqlClient client, CaseCode code, ServiceType service, Instant at) {
        return consents.of(client, code, at)
                .flatMap(consent -> candidates
                        .ofType(client, service)
                        .map(found -> new Surroundings(
                                found.candidates(), found.otherTypes(), consent, new OfferId(UUID.randomUUID()))));
    }
}
