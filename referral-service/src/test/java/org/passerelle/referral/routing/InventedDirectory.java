package org.passerelle.referral.routing;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.passerelle.referral.codes.Area;
import org.passerelle.referral.codes.Circumstance;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceStatus;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.codes.WhyAvoided;

/**
 * A directory for measurements, by seed: every type alike, each service at one site; one of ten reaches its whole
 * country, the others one to three places near theirs; six of ten declare capacity, some admit one sex or certain ages;
 * two of three say what is spoken there. One of four does not take every urgency, one of three is prepared for some
 * circumstances, one of six cannot take somebody in some, one of ten must not be combined with some needs; half promise
 * when they act, one of five assesses first. Of every other person one or two circumstances are said; one of three has
 * other needs; of one of three the trafficker has reach where they are or elsewhere, and two of the organisations nearby.
 */
final class InventedDirectory {

    private static final int PLACES_PER_COUNTRY = 37;
    private static final ServiceType[] TYPES = ServiceType.values();
    private static final List<Set<String>> LANGUAGES = List.of(Set.of(), Set.of("fra"), Set.of("eng", "run"));
    /** Every eighth figure is not trusted. */
    private static final LocalDate LONG_AGO = LocalDate.parse("2026-01-01");

    private final List<PlaceCode> codes = new ArrayList<>();
    private final Places places;
    private final List<Candidate> services = new ArrayList<>();
    private final Map<PlaceCode, List<OrganisationId>> byPlace = new HashMap<>();

    /** A need, beside what is known of the person and of those who could be asked. */
    record Asked(Need need, Circumstances known) {}

    InventedDirectory(long seed, int size, int places) {
        Random random = new Random(seed);
        StringBuilder csv =
                new StringBuilder("code,pcode,name,parent,valid_from,valid_to,replaced_by,latitude,longitude,origin\n");
        for (int place = 0; place < places; place++) {
            int country = place / PLACES_PER_COUNTRY;
            String code = "%c%c-%02d".formatted('A' + country / 26, 'A' + country % 26, place % PLACES_PER_COUNTRY);
            codes.add(new PlaceCode(code));
            csv.append(code)
                    .append(",,Place ")
                    .append(place)
                    .append(",,,,,")
                    .append(random.nextDouble() * 160 - 80)
                    .append(',')
                    .append(random.nextDouble() * 360 - 180)
                    .append(",invented\n");
        }
        try {
            this.places = Places.read(new StringReader(csv.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int number = 0; number < size; number++) {
            Candidate service = service(random, number);
            services.add(service);
            byPlace.computeIfAbsent(home(service), none -> new ArrayList<>()).add(service.organisation());
        }
    }

    private static PlaceCode home(Candidate service) {
        return Objects.requireNonNull(service.sites().getFirst().place());
    }

    private Candidate service(Random random, int number) {
        int home = random.nextInt(codes.size());
        PlaceCode at = codes.get(home);
        Coordinates centre = places.centroid(at).orElseThrow();
        boolean limited = random.nextInt(10) > 0;
        Set<Area> areas = new HashSet<>();
        for (int area = limited ? random.nextInt(3) : -1; area >= 0; area--) {
            areas.add(Area.of(codes.get(Math.min(home + area, codes.size() - 1))));
        }
        return new Candidate(
                new ServiceId(new UUID(random.nextLong(), number)),
                new OrganisationId(new UUID(random.nextLong(), number)),
                OrganisationType.NGO,
                false,
                Set.of(TYPES[random.nextInt(TYPES.length)]),
                random.nextInt(20) == 0 ? ServiceStatus.INACTIVE : ServiceStatus.ACTIVE,
                false,
                List.of(new Site(
                        at,
                        new Coordinates(
                                centre.latitude() + random.nextDouble(), centre.longitude() + random.nextDouble()),
                        false)),
                limited,
                areas,
                random.nextInt(4) == 0 ? Set.of(random.nextBoolean() ? Sex.FEMININE : Sex.MASCULINE) : Set.of(),
                random.nextInt(4) == 0 ? 18 : null,
                random.nextInt(8) == 0 ? 60 : null,
                LANGUAGES.get(number % LANGUAGES.size()),
                conditions(random),
                random.nextInt(10) < 6 ? (Integer) random.nextInt(10) : null,
                number % 8 != 0 ? null : number % 16 == 0 ? Candidate.UNDATED : LONG_AGO);
    }

    private static Conditions conditions(Random random) {
        return new Conditions(
                random.nextInt(4) > 0
                        ? Set.of()
                        : random.nextBoolean() ? Set.of(Urgency.NORMAL) : Set.of(Urgency.URGENT, Urgency.EMERGENCY),
                random.nextInt(3) == 0 ? some(Circumstance.values(), 1 + random.nextInt(5), random) : Set.of(),
                random.nextInt(6) == 0 ? some(Circumstance.values(), 1 + random.nextInt(2), random) : Set.of(),
                random.nextInt(10) == 0 ? some(TYPES, 1 + random.nextInt(3), random) : Set.of(),
                random.nextBoolean() ? (Integer) (1 + random.nextInt(72)) : null,
                random.nextInt(5) == 0);
    }

    /** So many at most. */
    private static <T> Set<T> some(T[] all, int count, Random random) {
        Set<T> some = new HashSet<>();
        for (int draw = 0; draw < count; draw++) {
            some.add(all[random.nextInt(all.length)]);
        }
        return some;
    }

    List<Candidate> services() {
        return services;
    }

    Places places() {
        return places;
    }

    /** @param known of those who could be asked */
    Asked asked(Random random, Circumstances known) {
        Set<ServiceType> others = random.nextInt(3) == 0 ? some(TYPES, 1 + random.nextInt(3), random) : Set.of();
        Need need = need(random);
        return new Asked(need, known.beside(others).avoiding(avoidance(need, random)));
    }

    private Avoidance avoidance(Need need, Random random) {
        if (random.nextInt(3) > 0) {
            return Avoidance.NONE;
        }
        Map<OrganisationId, WhyAvoided> organisations = new HashMap<>();
        List<OrganisationId> nearby = byPlace.getOrDefault(need.place(), List.of());
        for (int draw = 0; draw < 6 && !nearby.isEmpty(); draw++) {
            organisations.put(
                    nearby.get(random.nextInt(nearby.size())),
                    WhyAvoided.values()[random.nextInt(WhyAvoided.values().length)]);
        }
        PlaceCode place = random.nextInt(4) == 0 ? need.place() : codes.get(random.nextInt(codes.size()));
        return Avoidance.of(Set.of(place), organisations, places, RoutingBench.DAY);
    }

    private Need need(Random random) {
        int age = random.nextInt(70);
        return new Need(
                TYPES[random.nextInt(TYPES.length)],
                codes.get(random.nextInt(codes.size())),
                age,
                age < 18,
                random.nextBoolean() ? Sex.FEMININE : Sex.MASCULINE,
                Urgency.values()[random.nextInt(Urgency.values().length)],
                List.of("run", "fra"),
                random.nextBoolean() ? some(Circumstance.values(), 1 + random.nextInt(2), random) : Set.of());
    }

    /** Every tenth service was asked lately, and its organisation has referrals open. */
    Circumstances circumstances() {
        Map<RoutingIndex.Key, TrackRecord> records = new HashMap<>();
        Map<OrganisationId, Integer> open = new HashMap<>();
        for (int number = 0; number < services.size(); number += 10) {
            Candidate service = services.get(number);
            int offers = 1 + number % 7;
            records.put(
                    RoutingIndex.Key.of(service), new TrackRecord(offers, offers - 1, offers / 2, 300 * (offers - 1)));
            open.put(service.organisation(), offers);
        }
        return new Circumstances(records, open, Set.of(), Set.of());
    }
}
