package org.passerelle.referral.directory;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.routing.Places;
import org.passerelle.referral.routing.Reach;

/** Searches in the directory. A confidential location shows its place and nothing more, to everybody. */
@ApplicationScoped
public class DirectorySearch {

    /** When its organisation was asked to make sure of the listing, unless it did so since. */
    private static final String ASKED = " left join Asked a on a.organisationId = s.organisationId and a.id = s.id"
            + " and (s.assuredOn is null or s.assuredOn < cast(a.askedAt as LocalDate))";

    /** The places of a country that the directory names, to the hamlet. */
    private static final String NAMED = "select place from directory_site where place like :country"
            + " union select area from directory_service s cross join lateral unnest(s.areas) area"
            + " where area like :country";

    @Inject
    Mutiny.SessionFactory sessions;

    @Inject
    Places places;

    @Inject
    Clock clock;

    /** An organisation as the directory lists it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record OrganisationView(
            UUID id,
            String name,
            @Nullable String type,
            @Nullable String description,
            @Nullable String website,
            long services) {}

    /**
     * A service as the directory lists it.
     *
     * @param areasInTime when each area is served, where one of them is not always
     * @param availableUnits as declared; null when not declared
     * @param assuranceAskedAt when its organisation was last asked to make sure of this listing; null where it was not, or
     *     did so since
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ServiceView(
            UUID id,
            UUID organisation,
            String organisationName,
            @Nullable String organisationType,
            String name,
            @Nullable String description,
            List<String> types,
            String status,
            List<String> eligibleSexes,
            @Nullable Integer minimumAge,
            @Nullable Integer maximumAge,
            @Nullable String eligibilityDescription,
            @Nullable Integer availableUnits,
            @Nullable Integer maximumUnits,
            @Nullable OffsetDateTime capacityUpdated,
            List<String> areas,
            @Nullable List<AreaInTime> areasInTime,
            List<String> languages,
            List<String> phones,
            List<String> openingHours,
            List<SiteView> locations,
            @Nullable Terms terms,
            @Nullable OffsetDateTime assuranceAskedAt) {}

    /** An area, and the first and the last day on which it is served. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AreaInTime(
            String place,
            @Nullable LocalDate validFrom,
            @Nullable LocalDate validTo) {

        static @Nullable List<AreaInTime> of(ServiceRow row) {
            return row.areaPeriods == null
                    ? null
                    : Candidates.areas(row.areas, row.areaPeriods).stream()
                            .map(area -> new AreaInTime(area.place().value(), area.validFrom(), area.validTo()))
                            .toList();
        }
    }

    /** Where a service is given; of a confidential location only the place. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SiteView(
            UUID id,
            String kind,
            @Nullable String place,
            boolean confidential,
            @Nullable String name,
            @Nullable String address,
            @Nullable Double latitude,
            @Nullable Double longitude,
            List<String> accessibility) {

        static SiteView of(SiteRow row) {
            return new SiteView(
                    row.locationId,
                    row.kind,
                    row.place,
                    row.confidential,
                    row.name,
                    row.address,
                    row.latitude,
                    row.longitude,
                    Arrays.asList(row.accessibility));
        }
    }

    /** By name and id. */
    public Uni<List<OrganisationView>> organisations(@Nullable String afterName, @Nullable UUID afterId, int limit) {
        String after = afterId == null ? "" : " where (o.name, o.id) > (:name, :id)";
        return sessions.withSession(session -> {
            var query = session.createSelectionQuery(
                    "select o.id, o.name, o.type, o.description, o.website,"
                            + " (select count(*) from Service s where s.organisationId = o.id) from Organisation o"
                            + after + " order by o.name, o.id",
                    Object[].class);
            if (afterId != null) {
                query.setParameter("name", afterName).setParameter("id", afterId);
            }
            return query.setMaxResults(limit)
                    .getResultList()
                    .map(rows -> rows.stream()
                            .map(row -> new OrganisationView(
                                    (UUID) row[0],
                                    (String) row[1],
                                    (String) row[2],
                                    (String) row[3],
                                    (String) row[4],
                                    (Long) row[5]))
                            .toList());
        });
    }

    /**
     * By id; of a type, where one is named, and given in or declared for a place: for that one, one that lies in it, or one
     * in which it lies, by the register of places as of today. When each area is served is not asked.
     *
     * @param notAssuredSince only those that are active and that nobody made sure of since this day; null for all
     * @param askedOf only those of this organisation that it was asked to make sure of, and did not yet; null for all
     */
    public Uni<List<ServiceView>> services(
            @Nullable String type,
            @Nullable PlaceCode place,
            @Nullable LocalDate notAssuredSince,
            @Nullable UUID askedOf,
            @Nullable UUID after,
            int limit) {
        return sessions.withSession(session -> place == null
                ? services(session, type, null, notAssuredSince, askedOf, after, limit)
                : meeting(session, place)
                        .flatMap(met -> met.isEmpty()
                                ? Uni.createFrom().item(List.of())
                                : services(session, type, met, notAssuredSince, askedOf, after, limit)));
    }

    private Uni<List<String>> meeting(Mutiny.Session session, PlaceCode place) {
        Reach reach = places.reach(place, LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        return session.createNativeQuery(NAMED, String.class)
                .setParameter("country", place.country() + "%")
                .getResultList()
                .map(named -> named.stream()
                        .map(PlaceCode::new)
                        // as a confidential location shows it
                        .flatMap(one -> Stream.of(one, one.asFarAsCommunes()))
                        .filter(reach::meets)
                        .map(PlaceCode::value)
                        .distinct()
                        .toList());
    }

    private static Uni<List<ServiceView>> services(
            Mutiny.Session session,
            @Nullable String type,
            @Nullable List<String> met,
            @Nullable LocalDate notAssuredSince,
            @Nullable UUID askedOf,
            @Nullable UUID after,
            int limit) {
        String where = (after == null ? "" : " and s.id > :after")
                + (type == null ? "" : " and array_contains(s.types, :type)")
                + (met == null
                        ? ""
                        : " and (array_intersects(s.areas, :met) or exists (select 1 from Site t"
                                + " where t.organisationId = s.organisationId and t.serviceId = s.id"
                                + " and t.place in (:places)))")
                + (notAssuredSince == null
                        ? ""
                        : " and s.status = 'active' and (s.assuredOn is null or s.assuredOn < :since)")
                + (askedOf == null
                        ? ""
                        : " and s.organisationId = :askedOf and s.status = 'active' and a.askedAt is not null");
        var query = session.createSelectionQuery(
                "select s, o, a from Service s join Organisation o on o.id = s.organisationId" + ASKED + " where 1 = 1"
                        + where + " order by s.id",
                Object[].class);
        if (type != null) {
            query.setParameter("type", type);
        }
        if (met != null) {
            query.setParameter("met", met.toArray(String[]::new)).setParameter("places", met);
        }
        if (notAssuredSince != null) {
            query.setParameter("since", notAssuredSince);
        }
        if (askedOf != null) {
            query.setParameter("askedOf", askedOf);
        }
        if (after != null) {
            query.setParameter("after", after);
        }
        return query.setMaxResults(limit).getResultList().flatMap(rows -> withSites(session, rows));
    }

    /** How many of its listings an organisation is asked to make sure of. */
    public Uni<Long> assuranceAskedOf(UUID organisation) {
        return sessions.withSession(session -> session.createSelectionQuery(
                        "select count(*) from Service s" + ASKED + " where s.organisationId = :organisation"
                                + " and s.status = 'active' and a.askedAt is not null",
                        Long.class)
                .setParameter("organisation", organisation)
                .getSingleResult());
    }

    private static Uni<List<ServiceView>> withSites(Mutiny.Session session, List<Object[]> rows) {
        if (rows.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        Collection<UUID> ids = new ArrayList<>();
        rows.forEach(row -> ids.add(((ServiceRow) row[0]).id));
        return session.createSelectionQuery(
                        "from Site t where t.serviceId in (:ids) order by t.locationId", SiteRow.class)
                .setParameter("ids", ids)
                .getResultList()
                .map(sites -> {
                    Map<ServiceRow.Key, List<SiteRow>> byService = new HashMap<>();
                    for (SiteRow site : sites) {
                        byService
                                .computeIfAbsent(
                                        new ServiceRow.Key(site.organisationId, site.serviceId),
                                        none -> new ArrayList<>())
                                .add(site);
                    }
                    return rows.stream()
                            .map(row -> {
                                ServiceRow service = (ServiceRow) row[0];
                                return view(
                                        service,
                                        (OrganisationRow) row[1],
                                        (AskedRow) row[2],
                                        byService.getOrDefault(
                                                new ServiceRow.Key(service.organisationId, service.id), List.of()));
                            })
                            .toList();
                });
    }

    private static ServiceView view(
            ServiceRow row, OrganisationRow organisation, @Nullable AskedRow asked, List<SiteRow> sites) {
        Terms terms = TermsJson.read(row.terms);
        return new ServiceView(
                row.id,
                row.organisationId,
                organisation.name,
                organisation.type,
                row.name,
                row.description,
                Arrays.asList(row.types),
                row.status,
                Arrays.asList(row.eligibleSexes),
                row.minimumAge,
                row.maximumAge,
                row.eligibilityDescription,
                row.capacityAvailable,
                row.capacityMaximum,
                row.capacityUpdated,
                Arrays.asList(row.areas),
                AreaInTime.of(row),
                Arrays.asList(row.languages),
                alsoSaidThere(row.phones, sites, site -> site.phones),
                alsoSaidThere(row.openingHours, sites, site -> site.openingHours),
                sites.stream().map(SiteView::of).toList(),
                onDuty(terms, sites),
                asked == null ? null : asked.askedAt);
    }

    /** What is said of the service wherever it is given, and at its locations of which everybody may know. */
    private static List<String> alsoSaidThere(String[] said, List<SiteRow> sites, Function<SiteRow, String[]> there) {
        return Stream.concat(Stream.of(said), sites.stream().map(there).flatMap(Stream::of))
                .distinct()
                .sorted()
                .toList();
    }

    private static @Nullable Terms onDuty(@Nullable Terms terms, List<SiteRow> sites) {
        Terms said = terms == null ? Terms.NONE : terms;
        return said.onDuty(alsoSaidThere(said.dutyPhones().toArray(String[]::new), sites, site -> site.dutyPhones))
                .orNull();
    }

    /** Names of services and their organisations, for explanations. */
    public record Names(
            UUID service, String serviceName, UUID organisation, String organisationName, List<String> types) {}

    /** Some services by name. */
    public Uni<List<Names>> names(Collection<UUID> services) {
        return sessions.withSession(session -> session.createSelectionQuery(
                        "select s.id, s.name, o.id, o.name, s.types from Service s"
                                + " join Organisation o on o.id = s.organisationId where s.id in :services"
                                + " order by o.id, s.id",
                        Object[].class)
                .setParameter("services", services)
                .getResultList()
                .map(DirectorySearch::named));
    }

    /** Every service of the directory by name; 10 000 rows at most. */
    public Uni<List<Names>> names(@Nullable String type) {
        return sessions.withSession(session -> {
            var query = session.createSelectionQuery(
                    "select s.id, s.name, o.id, o.name, s.types from Service s"
                            + " join Organisation o on o.id = s.organisationId"
                            + (type == null ? "" : " where array_contains(s.types, :type)") + " order by o.id, s.id",
                    Object[].class);
            if (type != null) {
                query.setParameter("type", type);
            }
            return query.setMaxResults(10_000).getResultList().map(DirectorySearch::named);
        });
    }

    private static List<Names> named(List<Object[]> rows) {
        return rows.stream()
                .map(row -> new Names(
                        (UUID) row[0], (String) row[1], (UUID) row[2], (String) row[3], Arrays.asList((String[])
                                row[4])))
                .toList();
    }
}
