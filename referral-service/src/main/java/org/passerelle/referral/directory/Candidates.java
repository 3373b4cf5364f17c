package org.passerelle.referral.directory;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceStatus;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.Conditions;
import org.passerelle.referral.routing.Coordinates;
import org.passerelle.referral.routing.Languages;
import org.passerelle.referral.routing.Shortlist;
import org.passerelle.referral.routing.Site;

/**
 * The directory's services as routing needs them, with what is free: declared available, less what offers hold and
 * referrals took since it was declared, with what was given back ({@code free_units}). From the index in memory where it
 * holds every change that the client sees; else from the tables. The answer is the same.
 */
@ApplicationScoped
public class Candidates {

    private static final String STALE_SINCE = " case when s.capacity_updated < now() - make_interval(secs => $1)"
            + " then (s.capacity_updated at time zone 'UTC')::date end as stale_since";
    private static final String FREE =
            " free_units(s.id, s.capacity_available, s.capacity_maximum, s.capacity_updated) as free,";

    /** Of the organisation of service s, as {@link Candidate#policing}. */
    static final String POLICING = "exists (select 1 from directory_service a"
            + " where a.organisation_id = s.organisation_id and a.types && '{"
            + ServiceType.OF_AUTHORITIES.stream().map(Enum::name).collect(Collectors.joining(","))
            + "}') as policing";

    /** What changes from minute to minute, of the services of a list; a first row says whether the list is of yesterday. */
    private static final String NOW = "select null::uuid as organisation_id, null::uuid as id, " + DirectoryIndex.BEHIND
            + " as yes, null::integer as free, null::date as stale_since union all"
            + " select s.organisation_id, s.id, coalesce(t.suspended, false)," + FREE + STALE_SINCE
            + " from unnest($3::uuid[], $4::uuid[]) as listed (organisation_id, id)"
            + " join directory_service s using (organisation_id, id)"
            + " left join organisation_standing t on t.organisation = s.organisation_id::text"
            + " where t.suspended or s.capacity_available is not null";

    private static final String SERVICES =
            "select s.*, o.type as organisation_type, " + POLICING + ", exists (select 1 from organisation_standing t"
                    + " where t.organisation = s.organisation_id::text and t.suspended) as suspended," + FREE
                    + STALE_SINCE + " from directory_service s"
                    + " join directory_organisation o on o.id = s.organisation_id where s.types @> $2"
                    + " order by s.organisation_id, s.id";
    private static final String SITES =
            "select t.* from directory_site_shown t join directory_service s on s.organisation_id = t.organisation_id"
                    + " and s.id = t.service_id where s.types @> $1 order by t.location_id";

    private record Key(UUID organisation, UUID service) {}

    @Inject
    DirectoryIndex index;

    /** How long a declared figure is taken at its word. */
    @ConfigProperty(name = "passerelle.capacity.trusted")
    Duration trusted;

    /**
     * Those that a need of a type at a place is ranked among.
     *
     * @param client a pool, or a transaction: nothing is taken from memory that is older than what it sees
     * @param asked services that are wanted wherever they are
     */
    public Uni<Shortlist> around(SqlClient client, ServiceType type, PlaceCode place, Collection<ServiceId> asked) {
        DirectoryIndex.Listed listed = index.list(type, place, asked);
        return listed == null
                ? ofType(client, type)
                : asOfNow(client, listed)
                        .flatMap(current -> current == null
                                ? ofType(client, type)
                                : Uni.createFrom().item(current));
    }

    /** @return null where the directory changed meanwhile */
    Uni<@Nullable Shortlist> asOfNow(SqlClient client, DirectoryIndex.Listed listed) {
        Shortlist shortlist = listed.shortlist();
        UUID[] organisations = shortlist.candidates().stream()
                .map(candidate -> candidate.organisation().value())
                .toArray(UUID[]::new);
        UUID[] services = shortlist.candidates().stream()
                .map(candidate -> candidate.service().value())
                .toArray(UUID[]::new);
        return client.preparedQuery(NOW)
                .execute(Tuple.of(
                        (double) trusted.toSeconds(), listed.snapshot(), organisations, services, listed.life()))
                .map(rows -> {
                    Map<Key, Row> changing = new HashMap<>();
                    for (Row row : rows) {
                        if (row.getUUID("id") != null) {
                            changing.put(key(row), row);
                        } else if (row.getBoolean("yes")) {
                            index.catchUp();
                            return null;
                        }
                    }
                    List<Candidate> current = new ArrayList<>(organisations.length);
                    for (Candidate candidate : shortlist.candidates()) {
                        Row row = changing.get(new Key(
                                candidate.organisation().value(),
                                candidate.service().value()));
                        current.add(
                                row == null
                                        ? candidate
                                        : candidate.asOf(
                                                row.getBoolean("yes"), free(row), row.getLocalDate("stale_since")));
                    }
                    return new Shortlist(current, shortlist.elsewhere(), shortlist.otherTypes());
                });
    }

    /** All of a type, from the tables. */
    public Uni<Shortlist> ofType(SqlClient client, ServiceType type) {
        Tuple wanted = Tuple.of(new String[] {type.name()});
        return client.preparedQuery(SITES).execute(wanted).flatMap(siteRows -> {
            Map<Key, List<Site>> sites = sites(siteRows);
            Tuple trusting = Tuple.of((double) trusted.toSeconds(), new String[] {type.name()});
            return client.preparedQuery(SERVICES).execute(trusting).flatMap(rows -> {
                List<Candidate> candidates = new ArrayList<>();
                for (Row row : rows) {
                    candidates.add(listed(row, sites)
                            .asOf(row.getBoolean("suspended"), free(row), row.getLocalDate("stale_since")));
                }
                return client.query("select count(*) as services from directory_service")
                        .execute()
                        .map(count -> new Shortlist(
                                candidates, 0, count.iterator().next().getInteger("services") - candidates.size()));
            });
        });
    }

    /** What an organisation gives and on which conditions, from the tables; neither where nor what is free. */
    public Uni<List<Candidate>> of(SqlClient client, UUID organisation) {
        return client.preparedQuery(DirectoryIndex.SERVICES)
                .execute(Tuple.of(new UUID[] {organisation}))
                .map(rows -> listed(rows, List.of()));
    }

    private static Map<Key, List<Site>> sites(Iterable<Row> rows) {
        Map<Key, List<Site>> sites = new HashMap<>();
        for (Row row : rows) {
            sites.computeIfAbsent(
                            new Key(row.getUUID("organisation_id"), row.getUUID("service_id")),
                            none -> new ArrayList<>())
                    .add(site(row));
        }
        return sites;
    }

    /** All that some organisations give, without what changes from minute to minute. */
    static List<Candidate> listed(Iterable<Row> services, Iterable<Row> siteRows) {
        Map<Key, List<Site>> sites = sites(siteRows);
        List<Candidate> candidates = new ArrayList<>();
        for (Row row : services) {
            candidates.add(listed(row, sites));
        }
        return candidates;
    }

    private static Key key(Row row) {
        return new Key(row.getUUID("organisation_id"), row.getUUID("id"));
    }

    private static @Nullable Integer free(Row row) {
        Integer free = row.getInteger("free");
        return free == null ? null : (Integer) Math.max(free, 0);
    }

    private static Site site(Row row) {
        String place = row.getString("place");
        Double latitude = row.getDouble("latitude");
        Double longitude = row.getDouble("longitude");
        return new Site(
                place == null ? null : new PlaceCode(place),
                latitude == null || longitude == null ? null : new Coordinates(latitude, longitude),
                "virtual".equals(row.getString("kind")),
                new LocationId(row.getUUID("location_id")));
    }

    private static Candidate listed(Row row, Map<Key, List<Site>> sites) {
        String type = row.getString("organisation_type");
        Terms terms = TermsJson.read(row.getString("terms"));
        return new Candidate(
                new ServiceId(row.getUUID("id")),
                new OrganisationId(row.getUUID("organisation_id")),
                type == null ? null : OrganisationType.of(type),
                row.getBoolean("policing"),
                set(row, "types").stream().map(ServiceType::valueOf).collect(Collectors.toSet()),
                ServiceStatus.of(row.getString("status")),
                false,
                sites.getOrDefault(key(row), List.of()),
                row.getBoolean("limited_to_areas"),
                set(row, "areas").stream().map(PlaceCode::new).collect(Collectors.toSet()),
                set(row, "eligible_sexes").stream().map(Sex::of).collect(Collectors.toSet()),
                row.getInteger("minimum_age"),
                row.getInteger("maximum_age"),
                set(row, "languages").stream().map(Languages::normal).collect(Collectors.toSet()),
                terms == null ? Conditions.NONE : terms.conditions(),
                null,
                null);
    }

    private static Set<String> set(Row row, String column) {
        return Arrays.stream(row.getArrayOfStrings(column)).collect(Collectors.toSet());
    }
}
