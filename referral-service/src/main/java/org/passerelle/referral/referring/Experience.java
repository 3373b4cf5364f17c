package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.Circumstances;
import org.passerelle.referral.routing.Places;
import org.passerelle.referral.routing.RoutingIndex;
import org.passerelle.referral.routing.Shortlist;
import org.passerelle.referral.routing.TrackRecord;

/** What this service itself knows of those who could be asked: how they answered, how much they have open. */
@ApplicationScoped
public class Experience {

    /** Long enough for a small service to have been asked, short enough to forgive a bad month. */
    private static final Duration LATELY = Duration.ofDays(90);

    /**
     * One statement, so that all is of one moment. An offer answered by telephone may say that it was answered before it
     * was made, or after it expired: what is left of the time is all of it, or none.
     */
    private static final String KNOWN = """
            select 'record' as what, null::text as need, o.organisation_id, o.service_id, count(*)::integer as offers,
                   count(*) filter (where in_time)::integer as in_time,
                   count(*) filter (where o.standing in ('accepted', 'ended', 'late'))::integer as accepted,
                   coalesce(sum(case when in_time then greatest(0, least(1000,
                       1000 * extract(epoch from o.answer_by - o.answered_at)
                       / greatest(extract(epoch from o.answer_by - o.offered_at), 1)))::integer end), 0)::integer as time_left
            from offer_view o
            cross join lateral (select o.standing in ('accepted', 'ended', 'declined')
                                       and o.answered_at <= o.answer_by as in_time) answered
            where o.service_id = any ($1) and o.offered_at > $3
              and o.standing in ('accepted', 'ended', 'declined', 'expired', 'late')
            group by o.organisation_id, o.service_id
            union all
            select 'open', null, o.organisation_id, null, count(*)::integer, 0, 0, 0
            from offer_view o
            where o.organisation_id = any ($2) and o.standing in ('open', 'accepted')
            group by o.organisation_id
            union all
            select distinct 'helping', null, r.provider, null::uuid, 0, 0, 0, 0
            from referral_view r
            where r.case_code = $4 and r.state in ('accepted', 'in-progress', 'on-hold')
            union all
            select distinct 'need', r.service, null::uuid, null::uuid, 0, 0, 0, 0
            from referral_view r
            where r.case_code = $4 and r.referral_id <> $5 and not r.accompanying
              and r.state in ('offered', 'accepted', 'in-progress', 'on-hold')
            """;

    @Inject
    Places places;

    /**
     * @param about which need it is; null for nobody's
     * @param place where it is; of those who do not reach it nothing is asked
     * @param at the moment of the decision
     */
    public Uni<Circumstances> of(
            SqlClient client, @Nullable About about, PlaceCode place, Shortlist among, Instant at) {
        List<Candidate> reaching = among.candidates().stream()
                .filter(places.reach(place, among.day())::reaches)
                .toList();
        UUID[] services = reaching.stream()
                .map(candidate -> candidate.service().value())
                .distinct()
                .toArray(UUID[]::new);
        UUID[] organisations = reaching.stream()
                .map(candidate -> candidate.organisation().value())
                .distinct()
                .toArray(UUID[]::new);
        return client.preparedQuery(KNOWN)
                .execute(Tuple.of(
                        services,
                        organisations,
                        at.minus(LATELY).atOffset(ZoneOffset.UTC),
                        about == null ? null : about.caseCode().value(),
                        about == null ? null : about.referral().value()))
                .map(Experience::circumstances);
    }

    private static Circumstances circumstances(Iterable<Row> rows) {
        Map<RoutingIndex.Key, TrackRecord> records = new HashMap<>();
        Map<OrganisationId, Integer> open = new HashMap<>();
        Set<OrganisationId> helping = new HashSet<>();
        Set<ServiceType> otherNeeds = EnumSet.noneOf(ServiceType.class);
        for (Row row : rows) {
            if (row.getString("what").equals("need")) {
                otherNeeds.add(ServiceType.valueOf(row.getString("need")));
                continue;
            }
            OrganisationId organisation = new OrganisationId(row.getUUID("organisation_id"));
            switch (row.getString("what")) {
                case "record" ->
                    records.put(
                            new RoutingIndex.Key(organisation, new ServiceId(row.getUUID("service_id"))),
                            new TrackRecord(
                                    row.getInteger("offers"),
                                    row.getInteger("in_time"),
                                    row.getInteger("accepted"),
                                    row.getInteger("time_left")));
                case "open" -> open.put(organisation, row.getInteger("offers"));
                default -> helping.add(organisation);
            }
        }
        return new Circumstances(records, open, helping, otherNeeds);
    }
}
