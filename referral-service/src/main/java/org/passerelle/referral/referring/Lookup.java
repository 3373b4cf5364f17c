package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.directory.Candidates;

/** Looks up what a decision needs to know, before the decision. */
@ApplicationScoped
public class Lookup {

    @Inject
    Candidates candidates;

    @Inject
    CaseConsents consents;

    @Inject
    CaseAvoidances avoidances;

    @Inject
    Experience experience;

    @Inject
    Packages packages;

    /** @param client a pool, or the transaction that the decision will be part of */
    public Uni<Surroundings> around(SqlClient client, About about, Instant at) {
        return consents.of(client, about.caseCode(), at)
                .flatMap(consent -> asked(client, about.referral())
                        .flatMap(asked -> candidates.around(client, about.service(), about.place(), asked))
                        .flatMap(among -> experience
                                .of(client, about, about.place(), among, at)
                                .flatMap(known ->
                                        avoidances.of(client, about.caseCode()).map(known::avoiding))
                                .flatMap(circumstances -> packages.legs(client, about.referral())
                                        .map(legs -> new Surroundings(
                                                among,
                                                consent,
                                                circumstances,
                                                legs,
                                                new OfferId(UUID.randomUUID()))))));
    }

    /** Whether a service that has an offer is still consented to is asked also where it would not be offered anything now. */
    private static Uni<List<ServiceId>> asked(SqlClient client, ReferralId referral) {
        return client.preparedQuery("select distinct service_id from offer_view where referral_id = $1")
                .execute(Tuple.of(referral.value()))
                .map(rows -> {
                    List<ServiceId> services = new ArrayList<>();
                    rows.forEach(row -> services.add(new ServiceId(row.getUUID("service_id"))));
                    return services;
                });
    }
}
