package org.passerelle.referral.routing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
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
    private static final class OfType {
        private final NavigableMap<Key, Candidate> all = new TreeMap<>();
        /** By a place or country that is one of their areas or sites, where {@link #wholeCountry} does not hold them. */
        private final Map<String, List<Candidate>> byCode = new HashMap<>();
        /** Without declared areas, by the countries of their sites: they reach all of these. */
        private final Map<String, List<Candidate>> wholeCountry = new HashMap<>();
        /** By the countries of their sites: a need that names its country only is near each of them. */
        private final Map<String, List<Candidate>> bySiteCountry = new HashMap<>();

        void add(Candidate candidate) {
            all.put(Key.of(candidate), candidate);
            codes(candidate).forEach(code -> in(byCode, code).add(candidate));
            countries(candidate).forEach(country -> {
                in(bySiteCountry, country).add(candidate);
                if (!candidate.limitedToAreas()) {
                    in(wholeCountry, country).add(candidate);
                }
            });
        }

        void remove(Candidate candidate) {
            all.remove(Key.of(candidate));
            codes(candidate).forEach(code -> out(byCode, code, candidate));
            countries(candidate).forEach(country -> {
                out(bySiteCountry, country, candidate);
                out(wholeCountry, country, candidate);
            });
        }

        /** Each once. */
        List<Candidate> reaching(PlaceCode place) {
            String country = place.country();
            if (place.isCountry()) {
                List<Candidate> found = new ArrayList<>(bySiteCountry.getOrDefault(country, List.of()));
                for (Candidate candidate : byCode.getOrDefault(country, List.of())) {
                    if (!countries(candidate).contains(country)) {
                        found.add(candidate);
                    }
                }
                return found;
            }
            List<Candidate> found = new ArrayList<>(wholeCountry.getOrDefault(country, List.of()));
            found.addAll(byCode.getOrDefault(place.value(), List.of()));
            found.addAll(byCode.getOrDefault(country, List.of()));
            return found;
        }

        private static List<Candidate> in(Map<String, List<Candidate>> lists, String key) {
            return lists.computeIfAbsent(key, none -> new ArrayList<>());
        }

        private static void out(Map<String, List<Candidate>> lists, String key, Candidate candidate) {
            List<Candidate> list = lists.get(key);
            if (list != null) {
                list.removeIf(other -> other == candidate);
                if (list.isEmpty()) {
                    lists.remove(key);
                }
            }
        }

        private static Set<String> countries(Candidate candidate) {
            Set<String> countries = new HashSet<>();
            for (Site site : candidate.sites()) {
                PlaceCode place = site.place();
                if (place != null) {
                    countries.add(place.country());
                }
            }
            return countries;
        }

        /** Without what a larger one of them, or the whole country, says already. */
        private static Set<String> codes(Candidate candidate) {
            Set<String> codes = new HashSet<>();
            for (PlaceCode area : candidate.areas()) {
                codes.add(area.value());
            }
            for (Site site : candidate.sites()) {
                PlaceCode place = site.place();
                if (place != null) {
                    codes.add(place.value());
                }
            }
            Set<String> reached = candidate.limitedToAreas() ? Set.of() : countries(candidate);
            Set<String> own = Set.copyOf(codes);
            codes.removeIf(code -> reached.contains(code.substring(0, 2))
                    || (code.length() > 2 && own.contains(code.substring(0, 2))));
            return codes;
        }
    }

    private final Map<OrganisationId, List<Candidate>> byOrganisation = new HashMap<>();
    private final Map<ServiceId, List<Candidate>> byService = new HashMap<>();
    private final Map<ServiceType, OfType> byType = new EnumMap<>(ServiceType.class);
    private int services;

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

    /** @param asked services that are wanted wherever they are: those that this need was offered to */
    public Shortlist shortlist(ServiceType type, PlaceCode place, Collection<ServiceId> asked) {
        OfType all = byType.get(type);
        if (all == null) {
            return new Shortlist(List.of(), 0, services);
        }
        List<Candidate> found = all.reaching(place);
        int elsewhere = all.all.size() - found.size();
        int wanted = Math.min(elsewhere, RoutingPolicy.LISTED_ELSEWHERE);
        int enough = found.size() + wanted;
        for (Candidate candidate : all.all.values()) {
            if (found.size() == enough) {
                break;
            }
            if (!RoutingPolicy.reaches(candidate, place)) {
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
        return new Shortlist(found, left, services - all.all.size());
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
