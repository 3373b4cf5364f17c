package org.passerelle.referral.directory;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceStatus;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.Coordinates;
import org.passerelle.referral.routing.Site;

/**
 * The directory's services as routing needs them, with what is free: declared available, less what offers hold and
 * referrals took since it was declared, with what was given back ({@code free_units}).
 */
@ApplicationScoped
public class Candidates {

    /** @param otherTypes how many services of other types the directory holds */
    public record Found(List<Candidate> candidates, int otherTypes) {}

    private static final String SERVICES =
            "select s.*, o.type as organisation_type, exists (select 1 from organisation_standing t"
                    + " where t.organisation = s.organisation_id::text and t.suspended) as suspended,"
                    + " free_units(s.id, s.capacity_available, s.capacity_maximum, s.capacity_updated) as free,"
                    + " case when s.capacity_updated < now() - make_interval(secs => $2)"
                    + " then (s.capacity_updated at time zone 'UTC')::date end as stale_since from directory_service s"
                    + " join directory_organisation o on o.id = s.organisation_id where s.types @> $1"
                    + " order by s.organisation_id, s.id";
    private static final String SITES =
            "select t.* from directory_site t join directory_service s on s.organisation_id = t.organisation_id"
                    + " and s.id = t.service_id where s.types @> $1 order by t.location_id";

    private record Key(UUID organisation, UUID service) {}

    /** How long a declared figure is taken at its word. */
    @ConfigProperty(name = "passerelle.capacity.trusted")
    Duration trusted;

    /** As the client sees it: a pool, or a transaction. */
    public Uni<Found> ofType(SqlClient client, ServiceType type) {
        Tuple wanted = Tuple.of(new String[] {type.name()});
        return client.preparedQuery(SITES).execute(wanted).flatMap(siteRows -> {
            Map<Key, List<Site>> sites = new HashMap<>();
            for (Row row : siteRows) {
                sites.computeIfAbsent(
                                new Key(row.getUUID("organisation_id"), row.getUUID("service_id")),
                                none -> new ArrayList<>())
                        .add(site(row));
            }
            Tuple trusting = Tuple.of(new String[] {type.name()}, (double) trusted.toSeconds());
            return client.preparedQuery(SERVICES).execute(trusting).flatMap(rows -> {
                List<Candidate> candidates = new ArrayList<>();
                for (Row row : rows) {
                    Key key = new Key(row.getUUID("organisation_id"), row.getUUID("id"));
                    candidates.add(candidate(row, sites.getOrDefault(key, List.of())));
                }
                return client.query("select count(*) as services from directory_service")
                        .execute()
                        .map(count -> new Found(
                                candidates, count.iterator().next().getInteger("services") - candidates.size()));
            });
        });
    }

    private static Site site(Row row) {
        String place = row.getString("place");
        Double latitude = row.getDouble("latitude");
        Double longitude = row.getDouble("longitude");
        boolean hidden = row.getBoolean("confidential");
        return new Site(
                place == null ? null : new PlaceCode(place),
                hidden || latitude == null || longitude == null ? null : new Coordinates(latitude, longitude),
                "virtual".equals(row.getString("kind")));
    }

    private static Candidate candidate(Row row, List<Site> sites) {
        String type = row.getString("organisation_type");
        Integer free = row.getInteger("free");
        return new Candidate(
                new ServiceId(row.getUUID("id")),
                new OrganisationId(row.getUUID("organisation_id")),
                type == null ? null : OrganisationType.of(type),
                set(row, "types").stream().map(ServiceType::valueOf).collect(Collectors.toSet()),
                ServiceStatus.of(row.getString("status")),
                row.getBoolean("suspended"),
                sites,
                row.getBoolean("limited_to_areas"),
                set(row, "areas").stream().map(PlaceCode::new).collect(Collectors.toSet()),
                set(row, "eligible_sexes").stream().map(Sex::of).collect(Collectors.toSet()),
                row.getInteger("minimum_age"),
                row.getInteger("maximum_age"),
                free == null ? null : (Integer) Math.max(free, 0),
                row.getLocalDate("stale_since"));
    }

    private static Set<String> set(Row row, String column) {
        return Arrays.stream(row.getArrayOfStrings(column)).collect(Collectors.toSet());
    }
}
