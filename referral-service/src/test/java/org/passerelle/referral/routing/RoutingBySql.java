package org.passerelle.referral.routing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.passerelle.local.Backends;
import org.passerelle.referral.codes.Area;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceStatus;

/**
 * The same choice as one SQL query, in which rules, distance and order are expressions. It says of every service that
 * reaches the place which rules leave it out; of those that do not reach it, nothing. In two ways: over services, sites and
 * areas as tables, each with the indexes that the query can use; and with a table more, made for nothing else, that has a
 * row under a key of type and place for all that each service reaches. Sets of codes are the bits of an integer, which
 * PostgreSQL compares faster than arrays.
 */
final class RoutingBySql implements AutoCloseable {

    /** How the services that reach the place are found. */
    enum Way {
        TABLES("""
                select s.organisation, s.id as service from service s
                  where s.type = ?::text
                    and (exists (select 1 from site l where l.organisation = s.organisation and l.service = s.id
                                  and (l.place = ?::text or not s.limited and l.country = ?::text))
                         or exists (select 1 from area r where r.organisation = s.organisation and r.service = s.id
                                     and r.code in (?::text, ?::text)))
                """),
        KEYS("""
                select r.organisation, r.service from reach r
                  where r.type = ?::text and r.code in (?::text, ?::text)
                  group by r.organisation, r.service
                """);

        private final String reaching;

        Way(String reaching) {
            this.reaching = reaching;
        }
    }

    private static final String QUERY = """
            with asked as (select ?::text as place, ?::integer as age,
                ?::text as sex, ?::double precision as latitude, ?::double precision as longitude,
                ?::integer as urgency, ?::integer as circumstances, ?::integer as other_needs,
                ?::text[] as avoided_places, ?::uuid[] as avoided_organisations)
            select s.id, s.status <> 'active' as not_active,
                   coalesce(s.sex <> a.sex, false) as other_sex,
                   coalesce(a.age < s.minimum_age, false) as too_young,
                   coalesce(a.age > s.maximum_age, false) as too_old,
                   s.trusted and coalesce(s.free <= 0, false) as full_now,
                   s.urgencies & a.urgency = 0 as other_urgency,
                   s.excludes & a.circumstances <> 0 as excluded,
                   s.not_with & a.other_needs <> 0 as not_to_be_combined,
                   s.place = any (a.avoided_places) or s.organisation = any (a.avoided_organisations) as avoided,
                   a.circumstances & ~s.admits <> 0 as to_be_asked,
                   s.place = a.place as same_place, d.kilometres, s.free, s.assesses, s.responds_within
            from asked a
            join (%s) reaching on true
            join service s on s.organisation = reaching.organisation and s.id = reaching.service
            cross join lateral (select 2 * 6371.0088 * asin(least(1, sqrt(
                power(sin(radians(s.latitude - a.latitude) / 2), 2)
                + cos(radians(a.latitude)) * cos(radians(s.latitude))
                * power(sin(radians(s.longitude - a.longitude) / 2), 2)))) as kilometres) d
            order by s.status <> 'active' or coalesce(s.sex <> a.sex, false)
                       or coalesce(a.age < s.minimum_age, false)
                       or coalesce(a.age > s.maximum_age, false) or s.trusted and coalesce(s.free <= 0, false)
                       or s.urgencies & a.urgency = 0 or s.excludes & a.circumstances <> 0
                       or s.not_with & a.other_needs <> 0
                       or s.place = any (a.avoided_places) or s.organisation = any (a.avoided_organisations),
                     a.circumstances & ~s.admits <> 0, s.place <> a.place, d.kilometres,
                     least(coalesce(s.free, 1), case when not s.trusted then 1 end)
                       * case when s.assesses then 1 else 2 end desc, s.responds_within nulls last,
                     s.organisation, s.id
            """;

    private static final int FIRST_RULE = 2;
    private static final int LAST_RULE = 10;

    private final Connection connection;
    private final Map<Way, PreparedStatement> queries = new EnumMap<>(Way.class);
    private final Places places;

    RoutingBySql(InventedDirectory directory, List<Candidate> services) throws SQLException {
        String database = "routing_" + UUID.randomUUID().toString().substring(0, 8);
        Backends backends = Backends.shared();
        backends.createDatabase(database);
        places = directory.places();
        connection = DriverManager.getConnection(backends.jdbcUrl(database), backends.user(), backends.password());
        run("create table service (organisation uuid, id uuid, status text not null, sex text, minimum_age integer,"
                + " maximum_age integer, free integer, place text not null, latitude double precision not null,"
                + " longitude double precision not null, type text not null, limited boolean not null,"
                + " urgencies integer not null, admits integer not null, excludes integer not null,"
                + " not_with integer not null, responds_within integer, assesses boolean not null,"
                + " trusted boolean not null)");
        run("create table site (organisation uuid, service uuid, place text not null, country text not null)");
        run("create table area (organisation uuid, service uuid, code text not null)");
        run("create table reach (type text not null, code text not null, organisation uuid, service uuid)");
        connection.setAutoCommit(false);
        try (PreparedStatement one = connection.prepareStatement(
                        "insert into service values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?," + " ?, ?, ?, ?, ?, ?)");
                PreparedStatement site = connection.prepareStatement("insert into site values (?, ?, ?, ?)");
                PreparedStatement area = connection.prepareStatement("insert into area values (?, ?, ?)");
                PreparedStatement reach = connection.prepareStatement("insert into reach values (?, ?, ?, ?)")) {
            int waiting = 0;
            for (Candidate candidate : services) {
                insert(one, candidate);
                PlaceCode home = home(candidate);
                add(site, candidate.organisation().value(), candidate.service().value(), home.value(), home.country());
                for (Area served : candidate.areas()) {
                    PlaceCode code = served.place();
                    add(
                            area,
                            candidate.organisation().value(),
                            candidate.service().value(),
                            code.value());
                }
                for (String code : codes(candidate)) {
                    add(
                            reach,
                            type(candidate),
                            code,
                            candidate.organisation().value(),
                            candidate.service().value());
                }
                if (++waiting % 1_000 == 0) {
                    store(one, site, area, reach);
                }
            }
            store(one, site, area, reach);
        }
        run("alter table service add primary key (organisation, id)");
        run("create index on service (type)");
        run("create index on site (organisation, service)");
        run("create index on site (place)");
        run("create index on site (country)");
        run("alter table area add primary key (organisation, service, code)");
        run("create index on area (code)");
        run("alter table reach add primary key (type, code, organisation, service)");
        connection.commit();
        connection.setAutoCommit(true);
        run("vacuum analyze");
        for (Way way : Way.values()) {
            queries.put(way, connection.prepareStatement(QUERY.formatted(way.reaching)));
        }
    }

    private static PlaceCode home(Candidate candidate) {
        return Objects.requireNonNull(candidate.sites().getFirst().place());
    }

    private static String type(Candidate candidate) {
        return candidate.types().iterator().next().name();
    }

    private static void add(PreparedStatement statement, Object... values) throws SQLException {
        for (int at = 0; at < values.length; at++) {
            statement.setObject(at + 1, values[at]);
        }
        statement.addBatch();
    }

    private static void store(PreparedStatement... statements) throws SQLException {
        for (PreparedStatement statement : statements) {
            statement.executeBatch();
        }
    }

    private static Set<String> codes(Candidate candidate) {
        PlaceCode home = home(candidate);
        Set<String> codes = new HashSet<>();
        codes.add(candidate.limitedToAreas() ? home.value() : home.country());
        candidate.areas().forEach(area -> codes.add(area.place().value()));
        return codes;
    }

    private static void insert(PreparedStatement one, Candidate candidate) throws SQLException {
        Site site = candidate.sites().getFirst();
        Coordinates position = Objects.requireNonNull(site.position());
        one.setObject(1, candidate.organisation().value());
        one.setObject(2, candidate.service().value());
        one.setString(3, candidate.status() == ServiceStatus.ACTIVE ? "active" : "inactive");
        one.setString(
                4,
                candidate.eligibleSexes().isEmpty()
                        ? null
                        : candidate.eligibleSexes().iterator().next().code());
        one.setObject(5, candidate.minimumAge());
        one.setObject(6, candidate.maximumAge());
        one.setObject(7, candidate.free());
        one.setString(8, Objects.requireNonNull(site.place()).value());
        one.setDouble(9, position.latitude());
        one.setDouble(10, position.longitude());
        one.setString(11, type(candidate));
        one.setBoolean(12, candidate.limitedToAreas());
        Conditions conditions = candidate.conditions();
        one.setInt(13, conditions.urgencies().isEmpty() ? -1 : bits(conditions.urgencies()));
        one.setInt(14, bits(conditions.admits()));
        one.setInt(15, bits(conditions.excludes()));
        one.setInt(16, bits(conditions.notWith()));
        one.setObject(17, conditions.respondsWithin());
        one.setBoolean(18, conditions.assesses());
        one.setBoolean(19, candidate.staleSince() == null);
        one.addBatch();
    }

    private static int bits(Set<? extends Enum<?>> codes) {
        int bits = 0;
        for (Enum<?> code : codes) {
            bits |= 1 << code.ordinal();
        }
        return bits;
    }

    /** Best first. */
    List<ServiceId> kept(Way way, InventedDirectory.Asked asked) throws SQLException {
        Need need = asked.need();
        PreparedStatement query = Objects.requireNonNull(queries.get(way));
        Coordinates centre = places.centroid(need.place()).orElseThrow();
        query.setString(1, need.place().value());
        query.setInt(2, Objects.requireNonNull(need.age()));
        query.setString(3, need.sex().code());
        query.setDouble(4, centre.latitude());
        query.setDouble(5, centre.longitude());
        query.setInt(6, bits(Set.of(need.urgency())));
        query.setInt(7, bits(need.circumstances()));
        query.setInt(8, bits(asked.known().otherNeeds()));
        Avoidance avoidance = asked.known().avoidance();
        query.setArray(
                9,
                connection.createArrayOf(
                        "text",
                        avoidance.places().stream()
                                .map(reach -> reach.place().value())
                                .toArray()));
        query.setArray(
                10,
                connection.createArrayOf(
                        "uuid",
                        avoidance.organisations().keySet().stream()
                                .map(OrganisationId::value)
                                .toArray()));
        query.setString(11, need.service().name());
        query.setString(12, need.place().value());
        query.setString(13, need.place().country());
        if (way == Way.TABLES) {
            query.setString(14, need.place().value());
            query.setString(15, need.place().country());
        }
        List<ServiceId> kept = new ArrayList<>();
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                boolean out = false;
                for (int rule = FIRST_RULE; rule <= LAST_RULE; rule++) {
                    out |= rows.getBoolean(rule);
                }
                if (!out) {
                    kept.add(new ServiceId(rows.getObject(1, UUID.class)));
                }
            }
        }
        return kept;
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
