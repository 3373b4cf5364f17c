package org.passerelle.referral.directory;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.DeadlineChange;
import org.passerelle.eventsourcing.Decider;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.eventsourcing.StreamAppend;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.codes.Area;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.directory.DirectoryEvent.OrganisationListed;
import org.passerelle.referral.directory.DirectoryEvent.OrganisationRevised;

/** An organisation's entry: one stream each, keyed by the organisation's id. Its rules are few: say only what is new. */
public final class DirectoryStream {

    public static final String CATEGORY = "organisation";

    public static final EventTypes<DirectoryEvent> TYPES = EventTypes.of(DirectoryEvent.class)
            .type("directory.organisation-listed", 1, OrganisationListed.class)
            .type("directory.organisation-revised", 1, OrganisationRevised.class)
            .build();

    public static final StreamKind<DirectoryCommand, Entry, DirectoryEvent> KIND =
            StreamKind.of(CATEGORY, new Rules(), TYPES);

    /** The category of the one stream, without events, that says when the directory changed. */
    public static final String CHANGES = "directory";

    /**
     * Longer than a transaction may last ({@code transaction_timeout}): what looked at the directory before the change
     * and was not yet to be seen at the first look is found by the second.
     */
    private static final Duration SETTLED = Duration.ofSeconds(15);

    /** What is to be served later than that, some import will say again. */
    private static final Duration AHEAD = Duration.ofDays(3650);

    private DirectoryStream() {}

    /** To be appended with every change: lets those who wait for a service be looked at again. */
    public static StreamAppend changed(Instant at) {
        return changed(at, List.of());
    }

    /** The same when an area of these is served one day: by then nothing else need change. */
    public static StreamAppend changed(Instant at, Collection<OrganisationListing> listings) {
        List<DeadlineChange> looks = new ArrayList<>(
                List.of(DeadlineChange.set("changed", at), DeadlineChange.set("settled", at.plus(SETTLED))));
        listings.stream()
                .flatMap(listing -> listing.services().stream())
                .flatMap(service -> service.areas().stream())
                .map(Area::validFrom)
                .filter(Objects::nonNull)
                .distinct()
                .map(day -> DeadlineChange.set(
                        "served from " + day, day.atStartOfDay(ZoneOffset.UTC).toInstant()))
                .filter(look -> isAhead(Objects.requireNonNull(look.due()), at))
                .forEach(looks::add);
        return new StreamAppend(new StreamId(CHANGES, "all"), ExpectedVersion.any(), List.of(), looks);
    }

    private static boolean isAhead(Instant due, Instant at) {
        return due.isAfter(at) && due.isBefore(at.plus(AHEAD));
    }

    /** What can be asked of an entry. */
    public sealed interface DirectoryCommand {}

    /**
     * The directory says this of an organisation.
     *
     * @param openLocations of which the document says that they are not confidential
     */
    public record ListOrganisation(OrganisationListing listing, Set<LocationId> openLocations, Instant at)
            implements DirectoryCommand {}

    /**
     * A provider says what it can take.
     *
     * @param all whether the service counts nothing else from now on; else one figure, of what it counts already
     * @param perhapsRepeated it came without a key: the same again within a minute is a repeat
     */
    public record DeclareCapacity(
            ServiceId service, List<Figure> figures, boolean all, boolean perhapsRepeated, Instant at)
            implements DirectoryCommand {}

    /**
     * @param unit null where the service counts one thing only
     * @param maximum null to leave it as it was
     */
    public record Figure(
            @Nullable String unit, int available, @Nullable Integer maximum) {}

    /** A provider made sure that the listing of a service is right as it is. */
    public record AssureService(ServiceId service, LocalDate on) implements DirectoryCommand {}

    /**
     * @param listing null before the first
     * @param confidential locations of which it ever said so, listed still or not, and nobody said the contrary since
     */
    public record Entry(@Nullable OrganisationListing listing, Set<LocationId> confidential) {

        /** What one of its services says that it can take. */
        public List<Capacity> capacities(ServiceId id) {
            return service(id).map(ListedService::capacities).orElse(List.of());
        }

        /** Empty where it gives no such service, or none any more. */
        public Optional<ListedService> service(ServiceId id) {
            return listing == null
                    ? Optional.empty()
                    : listing.services().stream()
                            .filter(service -> service.id().equals(id))
                            .findFirst();
        }
    }

    public static StreamId of(OrganisationId id) {
        return new StreamId(CATEGORY, id.toString());
    }

    private static final class Rules implements Decider<DirectoryCommand, Entry, DirectoryEvent> {

        @Override
        public Entry initial() {
            return new Entry(null, Set.of());
        }

        @Override
        public List<DirectoryEvent> decide(DirectoryCommand command, Entry state) {
            return switch (command) {
                case ListOrganisation list -> list(list, state);
                case DeclareCapacity declare -> {
                    OrganisationListing listing = known(state);
                    yield revised(listing, listing.declaring(declare));
                }
                case AssureService assure -> {
                    OrganisationListing listing = known(state);
                    yield revised(listing, listing.assuring(assure));
                }
            };
        }

        private static OrganisationListing known(Entry state) {
            OrganisationListing listing = state.listing();
            if (listing == null) {
                throw Refusal.of("organisation-unknown").unknown();
            }
            return listing;
        }

        private static List<DirectoryEvent> revised(OrganisationListing before, OrganisationListing after) {
            return after.equals(before) ? List.of() : List.of(new OrganisationRevised(after, List.of()));
        }

        private static List<DirectoryEvent> list(ListOrganisation command, Entry state) {
            List<LocationId> opened = state.confidential().stream()
                    .filter(command.openLocations()::contains)
                    .sorted()
                    .toList();
            Set<LocationId> confidential = new HashSet<>(state.confidential());
            opened.forEach(confidential::remove);
            OrganisationListing listing = command.listing().hiding(confidential).keeping(state.listing(), command.at());
            if (state.listing() == null) {
                return List.of(new OrganisationListed(listing));
            }
            return opened.isEmpty()
                    ? revised(state.listing(), listing)
                    : List.of(new OrganisationRevised(listing, opened));
        }

        @Override
        public Entry evolve(Entry state, DirectoryEvent event) {
            Set<LocationId> confidential = new HashSet<>(state.confidential());
            event.opened().forEach(confidential::remove);
            event.listing().locations().stream()
                    .filter(ListedLocation::confidential)
                    .forEach(location -> confidential.add(location.id()));
            return new Entry(event.listing(), Set.copyOf(confidential));
        }
    }
}
