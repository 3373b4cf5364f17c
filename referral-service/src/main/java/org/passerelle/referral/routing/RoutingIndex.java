package org.passerelle.referral.routing;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.Area;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceType;

/**
 * The directory's services by type and by what they reach, so that a need touches only those that could serve its place
 * and a bounded number of those that could not. What changes from minute to minute (free units, suspensions) is not in
 * it. Not safe for use by several threads while one of them changes it.
 */
public final class RoutingIndex {

    /** A service belongs to an organisation: two may list one under the same id. */
    public record Key(OrganisationId organisation, ServiceId service) implements Comparable<Key> {

        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::organisation).thenComparing(Key::service);

        public static Key of(Candidate candidate) {
            return new Key(candidate.organisation(), candidate.service());
        }

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    /** The services of one type. */
    private final class OfType {
        private final NavigableMap<Key, Candidate> all = new TreeMap<>();
        /** By a place or country that is one of their areas or sites, where {@link #wholeCountry} does not hold them. */
        private final Map<PlaceCode, List<Candidate>> at = new HashMap<>();
        /** By what these places lie in on some day: a need there is near each of them. */
        private final Map<PlaceCode, List<Candidate>> below = new HashMap<>();
        /** Without declared areas, by the countries of their sites: they reach all of these. */
        private final Map<String, List<Candidate>> wholeCountry = new HashMap<>();

        void add(Candidate candidate) {
            all.put(Key.of(candidate), candidate);
            Set<PlaceCode> codes = codes(candidate);
            codes.forEach(code -> in(at, code).add(candidate));
            over(codes).forEach(code -> in(below, code).add(candidate));
            reached(candidate).forEach(country -> in(wholeCountry, country).add(candidate));
        }

        void remove(Candidate candidate) {
            all.remove(Key.of(candidate));
            Set<PlaceCode> codes = codes(candidate);
            codes.forEach(code -> out(at, code, candidate));
            over(codes).forEach(code -> out(below, code, candidate));
            reached(candidate).forEach(country -> out(wholeCountry, country, candidate));
        }

        /** Each once. */
        List<Candidate> reaching(Reach reach) {
            PlaceCode place = reach.place();
            String country = place.country();
            List<Candidate> found = new ArrayList<>(wholeCountry.getOrDefault(country, List.of()));
            Set<Candidate> more = Collections.newSetFromMap(new IdentityHashMap<>());
            reach.above().forEach(code -> more.addAll(at.getOrDefault(code, List.of())));
            PlaceCode whole = reach.isEverywhere() ? new PlaceCode(country) : places.canonical(place);
            more.addAll(below.getOrDefault(whole, List.of()));
            for (Candidate candidate : more) {
                if (reach.reaches(candidate)) {
                    found.add(candidate);
                }
            }
            return found;
        }

        private static <K> List<Candidate> in(Map<K, List<Candidate>> lists, K key) {
            return lists.computeIfAbsent(key, none -> new ArrayList<>());
        }

        private static <K> void out(Map<K, List<Candidate>> lists, K key, Candidate candidate) {
            List<Candidate> list = lists.get(key);
            if (list != null) {
                list.removeIf(other -> other == candidate);
                if (list.isEmpty()) {
                    lists.remove(key);
                }
            }
        }

        /** The countries all of which it reaches. */
        private static Set<String> reached(Candidate candidate) {
            Set<String> countries = new HashSet<>();
            for (Site site : candidate.limitedToAreas() ? List.<Site>of() : candidate.sites()) {
                PlaceCode place = site.place();
                if (place != null) {
                    countries.add(place.country());
                }
            }
            return countries;
        }

        /** Canonical, at whatever time, without what lies in a country that it reaches all of. */
        private Set<PlaceCode> codes(Candidate candidate) {
            Set<PlaceCode> codes = new HashSet<>();
            for (Area area : candidate.areas()) {
                codes.add(places.canonical(area.place()));
            }
            for (Site site : candidate.sites()) {
                PlaceCode place = site.place();
                if (place != null) {
                    codes.add(places.canonical(place));
                }
            }
            Set<String> reached = reached(candidate);
            codes.removeIf(code -> reached.contains(code.country()));
            return codes;
        }

        private Set<PlaceCode> over(Set<PlaceCode> codes) {
            Set<PlaceCode> over = new HashSet<>();
            codes.forEach(code -> over.addAll(places.everAbove(code)));
            return over;
        }
    }

    private final Places places;
    private final Map<OrganisationId, List<Candidate>> byOrganisation = new HashMap<>();
    private final Map<ServiceId, List<Candidate>> byService = new HashMap<>();
    private final Map<ServiceType, OfType> byType = new EnumMap<>(ServiceType.class);
    private int services;

    public RoutingIndex(Places places) {
        this.places = places;
    }

    /** All that the organisation gives, instead of what it gave before; nothing where it gives nothing any more. */
    public void put(OrganisationId organisation, Collection<Candidate> given) {
        List<Candidate> before = byOrganisation.getOrDefault(organisation, List.of());
        if (before.equals(given)) {
            return;
        }
        for (Candidate candidate : before) {
            candidate.types().forEach(type -> ofType(type).remove(candidate));
            byService.computeIfPresent(candidate.service(), (id, all) -> without(all, candidate));
        }
        for (Candidate candidate : given) {
            candidate.types().forEach(type -> ofType(type).add(candidate));
            byService.merge(candidate.service(), List.of(candidate), RoutingIndex::both);
        }
        services += given.size() - before.size();
        if (given.isEmpty()) {
            byOrganisation.remove(organisation);
        } else {
            byOrganisation.put(organisation, List.copyOf(given));
        }
    }

    /** How many services there are. */
    public int services() {
        return services;
    }

    /**
     * @param day as on which areas and codes of places are taken
     * @param asked services that are wanted wherever they are: those that this need was offered to
     */
    public Shortlist shortlist(ServiceType type, PlaceCode place, LocalDate day, Collection<ServiceId> asked) {
        OfType all = byType.get(type);
        if (all == null) {
            return new Shortlist(List.of(), 0, services, day);
        }
        Reach reach = places.reach(place, day);
        List<Candidate> found = all.reaching(reach);
        int elsewhere = all.all.size() - found.size();
        int wanted = Math.min(elsewhere, RoutingPolicy.LISTED_ELSEWHERE);
        int enough = found.size() + wanted;
        for (Candidate candidate : all.all.values()) {
            if (found.size() == enough) {
                break;
            }
            if (!reach.reaches(candidate)) {
                found.add(candidate);
            }
        }
        int left = elsewhere - wanted;
        for (ServiceId service : asked) {
            for (Candidate candidate : byService.getOrDefault(service, List.of())) {
                if (candidate.types().contains(type) && found.stream().noneMatch(other -> other == candidate)) {
                    found.add(candidate);
                    left--;
                }
            }
        }
        return new Shortlist(found, left, services - all.all.size(), day);
    }

    private OfType ofType(ServiceType type) {
        return byType.computeIfAbsent(type, none -> new OfType());
    }

    private static @Nullable List<Candidate> without(List<Candidate> all, Candidate one) {
        List<Candidate> others = all.stream().filter(other -> other != one).toList();
        return others.isEmpty() ? null : others;
    }

    private static List<Candidate> both(List<Candidate> some, List<Candidate> more) {
        List<Candidate> all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }
}
