package org.passerelle.referral.directory;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
 * The directory's services as routing needs them, with what is free: declared available, less offers that are open and
 * referrals accepted since it was declared.
 */
@ApplicationScoped
public class Candidates {

    /** @param otherTypes how many services of other types the directory holds */
    public record Found(List<Candidate> candidates, int otherTypes) {}

    private static final String SERVICES =
            "select s.*, o.type as organisation_type, exists (select 1 from organisation_standing t"
                    + " where t.organisation = s.organisation_id::text and t.suspended) as suspended, (select count(*) from offer_view f where f.service_id = s.id"
                    + " and (f.standing = 'open' or (f.standing = 'accepted' and (s.capacity_updated is null"
                    + " or f.answered_at > s.capacity_updated)))) as taken from directory_service s"
                    + " join directory_organisation o on o.id = s.organisation_id where s.types @> $1"
                    + " order by s.organisation_id, s.id";
    private static final String SITES =
            "select t.* from directory_site t join directory_service s on s.organisation_id = t.organisation_id"
                    + " and s.id = t.service_id where s.types @> $1 order by t.location_id";

    private record Key(UUID organisation, UUID service) {}

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
            return client.preparedQuery(SERVICES).execute(wanted).flatMap(rows -> {
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
                free(row));
    }

    private static Set<String> set(Row row, String column) {
        return Arrays.stream(row.getArrayOfStrings(column)).collect(Collectors.toSet());
    }

    private static @Nullable Integer free(Row row) {
        Integer available = row.getInteger("capacity_available");
        return available == null ? null : (Integer) (available - row.getInteger("taken"));
    }
}
