package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.OrganisationId;
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
    Experience experience;

    @Inject
    Packages packages;

    /** Whom a need was offered to: their services, and who of them is suspended. */
    private record Asked(Set<ServiceId> services, Set<OrganisationId> suspended) {}

    /** @param client a pool, or the transaction that the decision will be part of */
    public Uni<Surroundings> around(SqlClient client, About about, Instant at) {
        return consents.of(client, about.caseCode(), at)
                .flatMap(consent -> asked(client, about.referral())
                        .flatMap(asked -> candidates
                                .around(client, about.service(), about.place(), List.copyOf(asked.services()))
                                .flatMap(among -> experience
                                        .of(client, about, about.place(), among, at)
                                        .flatMap(circumstances -> packages.legs(client, about.referral())
                                                .map(legs -> new Surroundings(
                                                        among,
                                                        consent,
                                                        circumstances,
                                                        legs,
                                                        asked.suspended(),
                                                        new OfferId(UUID.randomUUID())))))));
    }

    /** Whether a service that has an offer is still consented to is asked also where it would not be offered anything now. */
    private static Uni<Asked> asked(SqlClient client, ReferralId referral) {
        return client.preparedQuery("select distinct o.service_id, o.organisation_id, coalesce(s.suspended, false) as"
                        + " suspended from offer_view o left join organisation_standing s"
                        + " on s.organisation = o.organisation_id::text where o.referral_id = $1")
                .execute(Tuple.of(referral.value()))
                .map(rows -> {
                    Asked asked = new Asked(new LinkedHashSet<>(), new HashSet<>());
                    for (Row row : rows) {
                        asked.services().add(new ServiceId(row.getUUID("service_id")));
                        if (row.getBoolean("suspended")) {
                            asked.suspended().add(new OrganisationId(row.getUUID("organisation_id")));
                        }
                    }
                    return asked;
                });
    }
}
