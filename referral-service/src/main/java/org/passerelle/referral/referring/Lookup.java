package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.directory.Candidates;
import org.passerelle.referral.routing.RoutingIndex;
import org.passerelle.referral.routing.Shortlist;

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

    /** Whom a need was offered to: their services, and who of them is suspended. */
    private record Asked(Set<ServiceId> services, Set<OrganisationId> suspended) {}

    /** @param client a pool, or the transaction that the decision will be part of */
    public Uni<Surroundings> around(SqlClient client, About about, Instant at) {
        return around(client, about, Set.of(), at);
    }

    /** @param wanted services that a person asks for, wherever they are */
    Uni<Surroundings> around(SqlClient client, About about, Set<ServiceId> wanted, Instant at) {
        return consents.of(client, about.caseCode(), at)
                .flatMap(consent -> asked(client, about.referral(), wanted)
                        .flatMap(asked -> candidates
                                .around(client, about.service(), about.place(), asked.services())
                                .flatMap(among -> experience
                                        .of(client, about, about.place(), among, at)
                                        .flatMap(known -> avoidances
                                                .of(client, about.caseCode())
                                                .map(known::avoiding))
                                        .flatMap(circumstances -> packages.legs(client, about.referral())
                                                .flatMap(legs -> news(client, about.referral(), among, legs)
                                                        .map(news -> new Surroundings(
                                                                among,
                                                                consent,
                                                                circumstances,
                                                                legs,
                                                                asked.suspended(),
                                                                news,
                                                                new OfferId(UUID.randomUUID()))))))));
    }

    /** Whether a service that has an offer is still consented to is asked also where it would not be offered anything now. */
    private static Uni<Asked> asked(SqlClient client, ReferralId referral, Set<ServiceId> wanted) {
        return client.preparedQuery("select distinct o.service_id, o.organisation_id, coalesce(s.suspended, false) as"
                        + " suspended from offer_view o left join organisation_standing s"
                        + " on s.organisation = o.organisation_id::text where o.referral_id = $1")
                .execute(Tuple.of(referral.value()))
                .map(rows -> {
                    Asked asked = new Asked(new LinkedHashSet<>(wanted), new HashSet<>());
                    for (Row row : rows) {
                        asked.services().add(new ServiceId(row.getUUID("service_id")));
                        if (row.getBoolean("suspended")) {
                            asked.suspended().add(new OrganisationId(row.getUUID("organisation_id")));
                        }
                    }
                    return asked;
                });
    }

    /** Of those whose silence or lack of room may be overtaken: of the need, and of those that belong together with it. */
    private static Uni<Map<RoutingIndex.Key, Instant>> news(
            SqlClient client, ReferralId referral, Shortlist among, Legs legs) {
        if (among.asked().isEmpty() && legs.others().isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        UUID[] needs = Stream.concat(Stream.of(referral), legs.others().keySet().stream())
                .map(ReferralId::value)
                .toArray(UUID[]::new);
        return client.preparedQuery(
                        "select organisation_id, service_id, newest_word(organisation_id, service_id) as at"
                                + " from (select distinct organisation_id, service_id from offer_view"
                                + " where referral_id = any ($1) and standing in ('declined', 'expired', 'late', 'released')) asked")
                .execute(Tuple.of((Object) needs))
                .map(rows -> {
                    Map<RoutingIndex.Key, Instant> news = new HashMap<>();
                    for (Row row : rows) {
                        OffsetDateTime at = row.getOffsetDateTime("at");
                        if (at != null) {
                            news.put(
                                    new RoutingIndex.Key(
                                            new OrganisationId(row.getUUID("organisation_id")),
                                            new ServiceId(row.getUUID("service_id"))),
                                    at.toInstant());
                        }
                    }
                    return news;
                });
    }
}
