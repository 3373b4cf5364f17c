package org.passerelle.referral.directory;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Loaded;
import org.passerelle.eventsourcing.StreamAppend;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ServiceId;

/** What a document would change in the directory, and the directory as a whole. */
@ApplicationScoped
public class DirectoryImport {

    /** Organisations looked up at a time; each needs a connection. */
    private static final int AT_ONCE = 4;

    private static final String CONFIDENTIAL = "select distinct location_id from directory_confidential where standing";

    @Inject
    EventStore store;

    @Inject
    Pool pool;

    @Inject
    Clock clock;

    /** What becomes of organisations that the document does not name. */
    public enum Mode {
        /** They stay as they are. */
        MERGE,
        /** Their services are over ({@code defunct}). */
        REPLACE
    }

    /** What the document does to an organisation's entry. */
    public enum Kind {
        LISTED,
        REVISED,
        ENDED
    }

    /**
     * One entry that changes, and how many of its services.
     *
     * @param removed services that the new entry no longer names, or that are over
     */
    public record Change(OrganisationId organisation, String name, Kind kind, int added, int revised, int removed) {}

    /**
     * @param appends one for each change, in the same order
     * @param opened locations that were confidential for an organisation of the document, which says that they are not
     * @param kept locations that stay confidential, of which the document does not say it
     * @param openedHereOnly locations that the document says are not confidential, and another organisation's entry does
     */
    public record Plan(
            List<Change> changes,
            List<StreamAppend> appends,
            Set<LocationId> opened,
            Set<LocationId> kept,
            Set<LocationId> openedHereOnly) {

        public int count(Kind kind) {
            return Math.toIntExact(
                    changes.stream().filter(change -> change.kind() == kind).count());
        }
    }

    /** @param change null where nothing new is said */
    private record Step(
            OrganisationId organisation,
            long version,
            @Nullable Change change,
            StreamAppend append,
            Set<LocationId> opened,
            Set<LocationId> kept) {}

    /**
     * Reads the entries as they are now; the appends fail when somebody changes one of them meanwhile. Asked again, it
     * decides anew on those only that changed since.
     *
     * @param openLocations of which the document says that they are not confidential
     */
    public Uni<Plan> plan(Collection<OrganisationListing> listings, Set<LocationId> openLocations, Mode mode) {
        Map<OrganisationId, OrganisationListing> named = new HashMap<>();
        listings.forEach(listing -> named.put(listing.id(), listing));
        Map<OrganisationId, Step> planned = new ConcurrentHashMap<>();
        return Uni.createFrom().deferred(() -> {
            Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            return (mode == Mode.MERGE ? Uni.createFrom().item(named.keySet()) : withAllOthers(named.keySet()))
                    .flatMap(ids -> versions(ids)
                            .flatMap(versions -> each(ids, id -> {
                                Step before = planned.get(id);
                                return before != null && before.version() == versions.getOrDefault(id, 0L)
                                        ? Uni.createFrom().item(before)
                                        : step(id, named.get(id), openLocations, at)
                                                .invoke(step -> planned.put(id, step));
                            })))
                    .flatMap(steps -> confidentialElsewhere(openLocations, named.keySet())
                            .map(elsewhere -> plan(steps, elsewhere)));
        });
    }

    private Uni<Set<OrganisationId>> withAllOthers(Set<OrganisationId> named) {
        return organisations()
                .map(ids -> Stream.concat(ids.stream(), named.stream()).collect(Collectors.toSet()));
    }

    private Uni<Map<OrganisationId, Long>> versions(Set<OrganisationId> ids) {
        Map<String, OrganisationId> streams = ids.stream()
                .collect(Collectors.toMap(id -> DirectoryStream.of(id).text(), id -> id));
        return pool.preparedQuery("select id, version from stream where id = any($1)")
                .execute(Tuple.of(streams.keySet().toArray(String[]::new)))
                .map(rows -> {
                    Map<OrganisationId, Long> versions = new HashMap<>();
                    rows.forEach(row -> versions.put(streams.get(row.getString("id")), row.getLong("version")));
                    return versions;
                });
    }

    private static Plan plan(List<Step> steps, Set<LocationId> elsewhere) {
        List<Step> changing = steps.stream()
                .filter(step -> step.change() != null)
                .sorted(Comparator.comparing(Step::organisation))
                .toList();
        Set<LocationId> opened = new TreeSet<>();
        Set<LocationId> kept = new TreeSet<>();
        steps.forEach(step -> {
            opened.addAll(step.opened());
            kept.addAll(step.kept());
        });
        opened.removeAll(elsewhere);
        return new Plan(
                changing.stream().map(Step::change).toList(),
                changing.stream().map(Step::append).toList(),
                opened,
                kept,
                elsewhere);
    }

    private Uni<Set<LocationId>> confidentialElsewhere(Set<LocationId> openLocations, Set<OrganisationId> named) {
        if (openLocations.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        return pool.preparedQuery(CONFIDENTIAL + " and location_id = any($1) and organisation_id <> all($2)")
                .execute(Tuple.of(
                        openLocations.stream().map(LocationId::value).toArray(UUID[]::new),
                        named.stream().map(OrganisationId::value).toArray(UUID[]::new)))
                .map(rows -> {
                    Set<LocationId> elsewhere = new TreeSet<>();
                    rows.forEach(row -> elsewhere.add(new LocationId(row.getUUID("location_id"))));
                    return elsewhere;
                });
    }

    /** The whole directory, by organisation; a location is confidential for all where it is for one. */
    public Uni<List<OrganisationListing>> whole() {
        return pool.query(CONFIDENTIAL).execute().flatMap(rows -> {
            Set<LocationId> confidential = new HashSet<>();
            rows.forEach(row -> confidential.add(new LocationId(row.getUUID("location_id"))));
            return organisations()
                    .flatMap(ids -> each(
                            ids,
                            id -> store.load(DirectoryStream.KIND, DirectoryStream.of(id))
                                    .map(loaded -> Objects.requireNonNull(
                                            loaded.state().listing()))))
                    .map(listings -> listings.stream()
                            .map(listing -> listing.hiding(confidential))
                            .sorted(Comparator.comparing(OrganisationListing::id))
                            .toList());
        });
    }

    private Uni<List<OrganisationId>> organisations() {
        return pool.query("select id from directory_organisation order by id")
                .execute()
                .map(rows -> {
                    List<OrganisationId> ids = new ArrayList<>(rows.size());
                    rows.forEach(row -> ids.add(new OrganisationId(row.getUUID("id"))));
                    return ids;
                });
    }

    private interface Looking<T, R> {
        Uni<R> at(T one);
    }

    private static <T, R> Uni<List<R>> each(Collection<T> all, Looking<T, R> look) {
        return Multi.createFrom()
                .iterable(all)
                .onItem()
                .transformToUni(look::at)
                .merge(AT_ONCE)
                .collect()
                .asList();
    }

    /** @param document null where it does not name the organisation, and all that it gave is over */
    private Uni<Step> step(
            OrganisationId id, @Nullable OrganisationListing document, Set<LocationId> openLocations, Instant at) {
        StreamId stream = DirectoryStream.of(id);
        return store.load(DirectoryStream.KIND, stream)
                .map(loaded -> decided(id, stream, loaded, document, openLocations, at));
    }

    private static Step decided(
            OrganisationId id,
            StreamId stream,
            Loaded<DirectoryStream.Entry> loaded,
            @Nullable OrganisationListing document,
            Set<LocationId> openLocations,
            Instant at) {
        OrganisationListing known = loaded.state().listing();
        OrganisationListing said =
                document != null ? document : Objects.requireNonNull(known).ended();
        List<DirectoryEvent> events = DirectoryStream.KIND
                .decider()
                .decide(
                        new DirectoryStream.ListOrganisation(said, document == null ? Set.of() : openLocations, at),
                        loaded.state());
        Kind kind = known == null ? Kind.LISTED : document == null ? Kind.ENDED : Kind.REVISED;
        Set<LocationId> kept = said.locations().stream()
                .filter(location -> !location.confidential())
                .map(ListedLocation::id)
                .filter(location ->
                        loaded.state().confidential().contains(location) && !openLocations.contains(location))
                .collect(Collectors.toSet());
        return new Step(
                id,
                loaded.version(),
                events.isEmpty() ? null : change(known, events.getFirst().listing(), kind),
                DirectoryStream.KIND.append(stream, ExpectedVersion.exactly(loaded.version()), events),
                events.isEmpty() ? Set.of() : Set.copyOf(events.getFirst().opened()),
                kept);
    }

    private static Change change(@Nullable OrganisationListing before, OrganisationListing after, Kind kind) {
        Map<ServiceId, ListedService> known = new HashMap<>();
        if (before != null) {
            before.services().forEach(service -> known.put(service.id(), service));
        }
        int added = 0;
        int revised = 0;
        Set<ServiceId> removed = new HashSet<>(known.keySet());
        for (ListedService service : after.services()) {
            ListedService was = known.get(service.id());
            if (was == null) {
                added++;
            } else if (!was.equals(service)) {
                revised++;
            }
            if (kind != Kind.ENDED) {
                removed.remove(service.id());
            }
        }
        return new Change(after.id(), after.name(), kind, added, kind == Kind.ENDED ? 0 : revised, removed.size());
    }
}
