package org.passerelle.referral.directory;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.Area;
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

    /** Minus infinity is {@link Candidate#UNDATED}. */
    private static final String STALE_SINCE = " case when s.capacity_available is not null"
            + " then not_trusted_since(s.capacity_updated, $1) end as stale_since";

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

    private static final String[] OPEN = {"", ""};

    private record Key(UUID organisation, UUID service) {}

    @Inject
    DirectoryIndex index;

    @Inject
    Clock clock;

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
        return reaching(client, type, place, asked).map(found -> found.asking(asked));
    }

    private Uni<Shortlist> reaching(SqlClient client, ServiceType type, PlaceCode place, Collection<ServiceId> asked) {
        DirectoryIndex.Listed listed = index.list(type, place, today(), asked);
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
                    return new Shortlist(current, shortlist.elsewhere(), shortlist.otherTypes(), shortlist.day());
                });
    }

    /** All of a type, from the tables. */
    public Uni<Shortlist> ofType(SqlClient client, ServiceType type) {
        Tuple wanted = Tuple.of(new String[] {type.name()});
        return client.preparedQuery(SITES).execute(wanted).flatMap(siteRows -> {
            Map<Key, List<Row>> sites = byService(siteRows);
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
                                candidates,
                                0,
                                count.iterator().next().getInteger("services") - candidates.size(),
                                today()));
            });
        });
    }

    /** What an organisation gives and on which conditions, from the tables; neither where nor what is free. */
    public Uni<List<Candidate>> of(SqlClient client, UUID organisation) {
        return client.preparedQuery(DirectoryIndex.SERVICES)
                .execute(Tuple.of(new UUID[] {organisation}))
                .map(rows -> listed(rows, List.of()));
    }

    /** The same, and where. */
    public Uni<List<Candidate>> withSites(SqlClient client, UUID organisation) {
        Tuple whose = Tuple.of(new UUID[] {organisation});
        return client.preparedQuery(DirectoryIndex.SITES)
                .execute(whose)
                .flatMap(sites -> client.preparedQuery(DirectoryIndex.SERVICES)
                        .execute(whose)
                        .map(rows -> listed(rows, sites)));
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private static Map<Key, List<Row>> byService(Iterable<Row> siteRows) {
        Map<Key, List<Row>> sites = new HashMap<>();
        for (Row row : siteRows) {
            sites.computeIfAbsent(
                            new Key(row.getUUID("organisation_id"), row.getUUID("service_id")),
                            none -> new ArrayList<>())
                    .add(row);
        }
        return sites;
    }

    /**
     * Nobody is received where letters go. Where nothing else is known they tell the country, and of a service that
     * declares its areas not even that.
     */
    private static List<Site> sites(List<Row> rows, boolean limitedToAreas) {
        List<Site> places = rows.stream()
                .filter(row -> !isForLetters(row))
                .map(Candidates::site)
                .toList();
        return !places.isEmpty() || limitedToAreas
                ? places
                : rows.stream()
                        .flatMap(row -> Stream.ofNullable(row.getString("place")))
                        .map(place -> new PlaceCode(place).country())
                        .distinct()
                        .map(country -> new Site(new PlaceCode(country), null, false))
                        .toList();
    }

    private static boolean isForLetters(Row site) {
        return LocationKind.POSTAL.code().equals(site.getString("kind"));
    }

    /** All that some organisations give, without what changes from minute to minute. */
    static List<Candidate> listed(Iterable<Row> services, Iterable<Row> siteRows) {
        Map<Key, List<Row>> sites = byService(siteRows);
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

    private static Candidate listed(Row row, Map<Key, List<Row>> sites) {
        String type = row.getString("organisation_type");
        boolean limited = row.getBoolean("limited_to_areas");
        Terms terms = TermsJson.read(row.getString("terms"));
        return new Candidate(
                new ServiceId(row.getUUID("id")),
                new OrganisationId(row.getUUID("organisation_id")),
                type == null ? null : OrganisationType.of(type),
                row.getBoolean("policing"),
                set(row, "types").stream().map(ServiceType::valueOf).collect(Collectors.toSet()),
                ServiceStatus.of(row.getString("status")),
                false,
                sites(sites.getOrDefault(key(row), List.of()), limited),
                limited,
                Set.copyOf(areas(row.getArrayOfStrings("areas"), row.getArrayOfStrings("area_periods"))),
                set(row, "eligible_sexes").stream().map(Sex::of).collect(Collectors.toSet()),
                row.getInteger("minimum_age"),
                row.getInteger("maximum_age"),
                set(row, "languages").stream().map(Languages::normal).collect(Collectors.toSet()),
                terms == null ? Conditions.NONE : terms.conditions(),
                null,
                null);
    }

    /** Column {@code area_periods} says of each when, as {@code from/to} with both ends open; null where all are for ever. */
    static List<Area> areas(String[] places, String @Nullable [] periods) {
        List<Area> areas = new ArrayList<>(places.length);
        for (int number = 0; number < places.length; number++) {
            String[] ends = periods == null ? OPEN : periods[number].split("/", 2);
            areas.add(new Area(new PlaceCode(places[number]), day(ends[0]), day(ends[1])));
        }
        return areas;
    }

    private static @Nullable LocalDate day(String text) {
        return text.isEmpty() ? null : LocalDate.parse(text);
    }

    private static Set<String> set(Row row, String column) {
        return Arrays.stream(row.getArrayOfStrings(column)).collect(Collectors.toSet());
    }
}
