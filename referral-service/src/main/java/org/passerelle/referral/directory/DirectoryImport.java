package org.passerelle.referral.directory;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.StreamAppend;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ServiceId;

/** What a document would change in the directory, and the directory as a whole. */
@ApplicationScoped
public class DirectoryImport {

    /** Organisations looked up at a time; each needs a connection. */
    private static final int AT_ONCE = 4;

    @Inject
    EventStore store;

    @Inject
    Pool pool;

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

    /** @param appends one for each change, in the same order */
    public record Plan(List<Change> changes, List<StreamAppend> appends) {

        public int count(Kind kind) {
            return Math.toIntExact(
                    changes.stream().filter(change -> change.kind() == kind).count());
        }
    }

    private record Step(Change change, StreamAppend append) {}

    /** Reads the entries as they are now; the appends fail when somebody changes one of them meanwhile. */
    public Uni<Plan> plan(Collection<OrganisationListing> listings, Mode mode) {
        Uni<List<Step>> named = each(listings, listing -> step(listing.id(), known -> listing, Kind.REVISED));
        Uni<List<Step>> steps = switch (mode) {
            case MERGE -> named;
            case REPLACE -> {
                Set<OrganisationId> kept =
                        listings.stream().map(OrganisationListing::id).collect(Collectors.toSet());
                yield Uni.combine()
                        .all()
                        .unis(
                                named,
                                organisations()
                                        .flatMap(ids -> each(
                                                ids.stream()
                                                        .filter(id -> !kept.contains(id))
                                                        .toList(),
                                                id -> step(
                                                        id,
                                                        known -> Objects.requireNonNull(known)
                                                                .ended(),
                                                        Kind.ENDED))))
                        .with((changed, ended) -> {
                            List<Step> all = new ArrayList<>(changed);
                            all.addAll(ended);
                            return all;
                        });
            }
        };
        return steps.map(all -> {
            List<Step> sorted = new ArrayList<>(all);
            sorted.sort(Comparator.comparing(step -> step.change().organisation()));
            return new Plan(
                    sorted.stream().map(Step::change).toList(),
                    sorted.stream().map(Step::append).toList());
        });
    }

    /** The whole directory, by organisation. */
    public Uni<List<OrganisationListing>> whole() {
        return organisations()
                .flatMap(ids -> each(
                        ids,
                        id -> store.load(DirectoryStream.KIND, DirectoryStream.of(id))
                                .map(loaded -> loaded.state().listing())))
                .map(listings -> listings.stream()
                        .sorted(Comparator.comparing(OrganisationListing::id))
                        .toList());
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
        Uni<@Nullable R> at(T one);
    }

    private interface Revising {
        OrganisationListing revised(@Nullable OrganisationListing known);
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

    private Uni<@Nullable Step> step(OrganisationId id, Revising revising, Kind whenKnown) {
        StreamId stream = DirectoryStream.of(id);
        return store.load(DirectoryStream.KIND, stream).map(loaded -> {
            OrganisationListing known = loaded.state().listing();
            OrganisationListing revised = revising.revised(known);
            OrganisationListing listing = known == null ? revised : revised.keeping(known);
            StreamAppend append = DirectoryStream.KIND.append(
                    stream,
                    ExpectedVersion.exactly(loaded.version()),
                    DirectoryStream.KIND
                            .decider()
                            .decide(new DirectoryStream.ListOrganisation(listing), loaded.state()));
            return append.events().isEmpty()
                    ? null
                    : new Step(change(known, listing, known == null ? Kind.LISTED : whenKnown), append);
        });
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
