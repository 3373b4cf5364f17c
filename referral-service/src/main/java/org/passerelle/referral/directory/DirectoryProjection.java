package org.passerelle.referral.directory;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.InlineProjection;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.referral.codes.Area;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.codes.PlaceCode;

/** The directory as tables, true in the moment of the import. */
@ApplicationScoped
public class DirectoryProjection implements InlineProjection {

    @Override
    public Set<String> categories() {
        return Set.of(DirectoryStream.CATEGORY);
    }

    private record Secret(UUID organisation, UUID location) {}

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        Map<UUID, OrganisationListing> listings = new LinkedHashMap<>();
        Map<Secret, Boolean> secrecy =
                new TreeMap<>(Comparator.comparing(Secret::organisation).thenComparing(Secret::location));
        for (StoredEvent event : events) {
            DirectoryEvent said = DirectoryStream.TYPES.decode(event);
            OrganisationListing listing = said.listing();
            UUID id = listing.id().value();
            listings.put(id, listing);
            said.opened().forEach(location -> secrecy.put(new Secret(id, location.value()), false));
            listing.locations().stream()
                    .filter(ListedLocation::confidential)
                    .forEach(
                            location -> secrecy.put(new Secret(id, location.id().value()), true));
        }
        List<Tuple> secrets = secrecy.entrySet().stream()
                .map(one -> Tuple.of(one.getKey().organisation(), one.getKey().location(), one.getValue()))
                .toList();
        List<Tuple> organisations = new ArrayList<>();
        List<Tuple> services = new ArrayList<>();
        List<Tuple> sites = new ArrayList<>();
        for (OrganisationListing listing : listings.values()) {
            organisations.add(organisation(listing));
            Map<LocationId, ListedLocation> locations = new HashMap<>();
            listing.locations().forEach(location -> locations.put(location.id(), location));
            for (ListedService service : listing.services()) {
                services.add(service(listing, service));
                for (LocationId id : service.locations()) {
                    ListedLocation location = locations.get(id);
                    if (location != null) {
                        sites.add(site(listing, service, location, said(service, id)));
                    }
                }
            }
        }
        Tuple ids = Tuple.of(listings.keySet().toArray(UUID[]::new));
        return tx.preparedQuery("delete from directory_site where organisation_id = any($1)")
                .execute(ids)
                .chain(() -> tx.preparedQuery("delete from directory_service where organisation_id = any($1)")
                        .execute(ids))
                .chain(() -> batch(
                        tx,
                        "insert into directory_organisation (id, name, description, type, website)"
                                + " values ($1, $2, $3, $4, $5) on conflict (id) do update set name = excluded.name,"
                                + " description = excluded.description, type = excluded.type, website = excluded.website",
                        organisations))
                .chain(() -> batch(
                        tx,
                        "insert into directory_service (organisation_id, id, name, description, status, types,"
                                + " eligible_sexes, minimum_age, maximum_age, eligibility_description, limited_to_areas,"
                                + " areas, capacity_available, capacity_maximum, capacity_updated, languages, phones,"
                                + " opening_hours, terms, assured_on, area_periods) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,"
                                + " $15, $16, $17, $18, $19, $20, $21)",
                        services))
                .chain(() -> batch(
                        tx,
                        "insert into directory_site (organisation_id, service_id, location_id, kind, name, place,"
                                + " latitude, longitude, confidential, address, accessibility, phones, duty_phones,"
                                + " opening_hours) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
                        sites))
                .chain(() -> batch(
                        tx,
                        "insert into directory_confidential (organisation_id, location_id, standing)"
                                + " values ($1, $2, $3) on conflict (organisation_id, location_id) do update"
                                + " set standing = excluded.standing where directory_confidential.standing"
                                + " <> excluded.standing",
                        secrets));
    }

    private static Uni<Void> batch(SqlConnection tx, String sql, List<Tuple> rows) {
        return rows.isEmpty()
                ? Uni.createFrom().voidItem()
                : tx.preparedQuery(sql).executeBatch(rows).replaceWithVoid();
    }

    private static Tuple organisation(OrganisationListing listing) {
        return Tuple.tuple()
                .addUUID(listing.id().value())
                .addString(listing.name())
                .addString(listing.description())
                .addString(listing.type() == null ? null : listing.type().code())
                .addString(listing.website());
    }

    private static Tuple service(OrganisationListing listing, ListedService service) {
        List<Capacity> counted = Capacity.counted(service.capacities());
        return Tuple.tuple()
                .addUUID(listing.id().value())
                .addUUID(service.id().value())
                .addString(service.name())
                .addString(service.description())
                .addString(service.status().code())
                .addArrayOfString(service.types().stream().map(Enum::name).toArray(String[]::new))
                .addArrayOfString(
                        service.eligibleSexes().stream().map(sex -> sex.code()).toArray(String[]::new))
                .addInteger(service.minimumAge())
                .addInteger(service.maximumAge())
                .addString(service.eligibilityDescription())
                .addBoolean(service.limitedToAreas())
                .addArrayOfString(service.areas().stream()
                        .map(area -> area.place().value())
                        .toArray(String[]::new))
                .addInteger(counted.isEmpty() ? null : (Integer) Capacity.sum(counted))
                .addInteger(maximum(counted))
                .addOffsetDateTime(updated(counted))
                .addArrayOfString(service.languages().toArray(String[]::new))
                .addArrayOfString(service.phones().toArray(String[]::new))
                .addArrayOfString(service.openingHours().toArray(String[]::new))
                .addString(TermsJson.write(service.terms()))
                .addLocalDate(service.terms() == null ? null : service.terms().assuredOn())
                .addArrayOfString(periods(service.areas()));
    }

    /** As {@link Candidates} reads them. */
    private static String @Nullable [] periods(List<Area> areas) {
        return areas.stream().noneMatch(Area::isTimed)
                ? null
                : areas.stream()
                        .map(area -> day(area.validFrom()) + "/" + day(area.validTo()))
                        .toArray(String[]::new);
    }

    private static String day(@Nullable LocalDate day) {
        return day == null ? "" : day.toString();
    }

    private static @Nullable Integer maximum(List<Capacity> capacities) {
        List<Integer> maxima = capacities.stream()
                .map(Capacity::maximum)
                .filter(Objects::nonNull)
                .toList();
        return maxima.isEmpty() || maxima.size() < capacities.size()
                ? null
                : (Integer) maxima.stream().mapToInt(Integer::intValue).sum();
    }

    /** The oldest statement: what was taken since then is not yet in the figures. Null where one is of nobody knows when. */
    private static @Nullable OffsetDateTime updated(List<Capacity> capacities) {
        List<Instant> times = capacities.stream()
                .map(Capacity::updated)
                .filter(Objects::nonNull)
                .toList();
        return times.isEmpty() || times.size() < capacities.size()
                ? null
                : times.stream().min(Instant::compareTo).orElseThrow().atOffset(ZoneOffset.UTC);
    }

    private static AtLocation said(ListedService service, LocationId location) {
        return service.atLocations().stream()
                .filter(said -> said.location().equals(location))
                .findFirst()
                .orElseGet(() -> new AtLocation(location, List.of(), List.of(), List.of()));
    }

    private static Tuple site(
            OrganisationListing listing, ListedService service, ListedLocation location, AtLocation said) {
        PlaceCode place = location.place();
        return Tuple.tuple()
                .addUUID(listing.id().value())
                .addUUID(service.id().value())
                .addUUID(location.id().value())
                .addString(location.kind().code())
                .addString(location.name())
                .addString(place == null ? null : place.value())
                .addDouble(location.latitude())
                .addDouble(location.longitude())
                .addBoolean(location.confidential())
                .addString(location.address())
                .addArrayOfString(location.accessibility().toArray(String[]::new))
                .addArrayOfString(said.phones().toArray(String[]::new))
                .addArrayOfString(said.dutyPhones().toArray(String[]::new))
                .addArrayOfString(said.openingHours().toArray(String[]::new));
    }
}
