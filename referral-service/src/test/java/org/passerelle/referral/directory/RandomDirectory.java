package org.passerelle.referral.directory;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.Area;
import org.passerelle.referral.codes.Assessment;
import org.passerelle.referral.codes.Circumstance;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceStatus;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.routing.ConsentTerms;
import org.passerelle.referral.routing.Need;

/**
 * Invented entries and needs by seed, in few places of three countries, so that every rule is met often: the register knows
 * nothing of two of them, and of the third which provinces became one.
 */
final class RandomDirectory {

    private static final List<PlaceCode> PLACES = Stream.of(
                    "XW",
                    "XV",
                    "XW-2",
                    "XW-3",
                    "XW-4",
                    "XW-5",
                    "XW03",
                    "XW0301",
                    "XW030102",
                    "BI-BB",
                    "BI-BM",
                    "BI-CI",
                    "BI-GI",
                    "BI001",
                    "BI")
            .map(PlaceCode::new)
            .toList();
    private static final List<ServiceType> TYPES =
            List.of(ServiceType.COMPENSATION, ServiceType.WITNESS_PROTECTION, ServiceType.FOLLOW_UP);
    private static final List<Circumstance> CIRCUMSTANCES =
            List.of(Circumstance.PREGNANT, Circumstance.DISABILITY, Circumstance.FOREIGN, Circumstance.IRREGULAR);
    private static final List<Sex> SEXES = List.of(Sex.values());

    final Random random;
    private final long own;

    RandomDirectory(long seed) {
        this.random = new Random(seed);
        this.own = random.nextLong();
    }

    OrganisationId organisation(int number) {
        return new OrganisationId(new UUID(own, number));
    }

    PlaceCode place() {
        return one(PLACES);
    }

    ServiceType type() {
        return one(TYPES);
    }

    /** @param services how many */
    OrganisationListing listing(int number, int services) {
        List<ListedLocation> locations = new ArrayList<>();
        for (int at = 0; at < 3; at++) {
            boolean located = random.nextBoolean();
            locations.add(new ListedLocation(
                    // some are shared: confidential for one, they are for all
                    new LocationId(chance(3) ? new UUID(own, at) : new UUID(own + number, at)),
                    one(List.of(LocationKind.values())),
                    null,
                    chance(8) ? null : place(),
                    located ? (Double) (random.nextDouble() * 20) : null,
                    located ? (Double) (random.nextDouble() * 20) : null,
                    chance(4),
                    null,
                    List.of()));
        }
        List<ListedService> given = new ArrayList<>();
        for (int service = 0; service < services; service++) {
            given.add(service(number, service, locations));
        }
        return new OrganisationListing(
                organisation(number),
                "Organisation " + number,
                null,
                chance(4) ? null : one(List.of(OrganisationType.values())),
                null,
                given,
                locations);
    }

    private ListedService service(int organisation, int number, List<ListedLocation> locations) {
        // some ids are shared by organisations: a service can move from one to another
        UUID id = chance(10) ? new UUID(own, number) : new UUID(own + 1_000 + organisation, number);
        List<Area> areas = some(PLACES, 4).stream().map(this::area).toList();
        return new ListedService(
                new ServiceId(id),
                "Service " + number,
                null,
                chance(8) ? one(List.of(ServiceStatus.values())) : ServiceStatus.ACTIVE,
                some(TYPES, 3),
                chance(3) ? some(SEXES, 3) : List.of(),
                chance(4) ? (Integer) random.nextInt(30) : null,
                chance(4) ? (Integer) (10 + random.nextInt(40)) : null,
                null,
                chance(2) ? List.of(capacity()) : List.of(),
                chance(2) || !areas.isEmpty() && chance(2),
                areas,
                some(locations, 3).stream().map(ListedLocation::id).toList(),
                some(List.of("fr", "run", "xx"), 3),
                List.of(),
                List.of(),
                terms(),
                List.of());
    }

    /** One of three not always. */
    private Area area(PlaceCode place) {
        LocalDate day = LocalDate.now(ZoneOffset.UTC).plusDays(random.nextInt(5) - 2);
        return chance(3) ? chance(2) ? new Area(place, day, null) : new Area(place, null, day) : Area.of(place);
    }

    private @Nullable Terms terms() {
        return new Terms(
                        null,
                        null,
                        null,
                        chance(3) ? (Integer) (1 + random.nextInt(99)) : null,
                        chance(3) ? some(List.of(Urgency.values()), 3) : List.of(),
                        some(CIRCUMSTANCES, 3),
                        chance(4) ? some(CIRCUMSTANCES, 3) : List.of(),
                        chance(3) ? some(TYPES, 2) : List.of(),
                        List.of(),
                        List.of(),
                        chance(4) ? List.of(Assessment.MEDICAL) : List.of(),
                        null)
                .orNull();
    }

    /** Of other needs of the person. */
    Set<ServiceType> otherNeeds() {
        return Set.copyOf(some(TYPES, 3));
    }

    private Capacity capacity() {
        @Nullable Instant updated = chance(3) ? null : Instant.now().minusSeconds(random.nextInt(14 * 24 * 3600));
        return new Capacity("bed", random.nextInt(4), chance(2) ? null : (Integer) 5, updated);
    }

    Need need() {
        return new Need(
                type(),
                place(),
                chance(3) ? null : (Integer) random.nextInt(60),
                chance(4),
                one(SEXES),
                one(List.of(Urgency.values())),
                some(List.of("run", "fra"), 3),
                Set.copyOf(some(CIRCUMSTANCES, 3)));
    }

    /** @param organisations among which it names some */
    ConsentTerms consent(int organisations) {
        return new ConsentTerms(
                !chance(8),
                chance(2),
                Set.of(organisation(random.nextInt(organisations))),
                chance(2),
                chance(4),
                chance(4) ? Set.of(organisation(random.nextInt(organisations))) : Set.of());
    }

    boolean chance(int oneOf) {
        return random.nextInt(oneOf) == 0;
    }

    private <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /** In their order, fewer than {@code most}. */
    private <T> List<T> some(List<T> all, int most) {
        List<T> chosen = new ArrayList<>(all);
        int wanted = random.nextInt(most);
        while (chosen.size() > wanted) {
            chosen.remove(random.nextInt(chosen.size()));
        }
        return chosen;
    }
}
