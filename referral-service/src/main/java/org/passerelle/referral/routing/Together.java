package org.passerelle.referral.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;

/**
 * What other needs that must go to the same place demand of a service: a hard rule. One place is one organisation and,
 * where both services say where they are, one site.
 *
 * @param refused organisations that said no to one of them, or did not answer
 * @param held where one of them is already
 * @param wanted for each that is nowhere yet, the services that could take it, best first
 */
public record Together(Set<OrganisationId> refused, List<Held> held, List<List<Candidate>> wanted) {

    /** The need stands alone. */
    public static final Together NONE = new Together(Set.of(), List.of(), List.of());

    public static final String REFUSED = "out.refused-another";
    public static final String APART = "out.not-together";

    /** @param service null where the directory does not list it any more */
    public record Held(
            OrganisationId organisation, @Nullable Candidate service) {}

    public Together {
        refused = Set.copyOf(refused);
        held = List.copyOf(held);
        wanted = wanted.stream().map(List::copyOf).toList();
    }

    /** Whether who sets a reason aside, told by its code, parts the need from those that it should be together with. */
    public static boolean isParting(String reason) {
        return reason.equals(APART) || reason.equals(REFUSED);
    }

    /** @return null where nothing is against it */
    @Nullable
    Reason whyNot(Candidate candidate) {
        return whyNot(candidate, 1);
    }

    /** Whether the service that has an offer already is still the right one; it holds the unit that it needs. */
    public boolean suits(Candidate holding) {
        return whyNot(holding, 0) == null;
    }

    private @Nullable Reason whyNot(Candidate candidate, int units) {
        if (refused.contains(candidate.organisation())) {
            return Reason.of(REFUSED);
        }
        return held.stream().allMatch(one -> isAt(candidate, one)) && takesTheOthers(candidate, units)
                ? null
                : Reason.of(APART);
    }

    private static boolean isAt(Candidate candidate, Held held) {
        Candidate service = held.service();
        return held.organisation().equals(candidate.organisation())
                && (service == null || areAtOnePlace(candidate, service));
    }

    /**
     * Whether all others find a unit there, and no unit is given twice. Searched by augmenting paths (Kuhn): where a service
     * is full with others, one of them moves to another if it can. Finds a way wherever there is one, whatever the order.
     */
    private boolean takesTheOthers(Candidate candidate, int units) {
        List<List<Candidate>> there = wanted.stream()
                .map(one -> one.stream()
                        .filter(other -> other.organisation().equals(candidate.organisation())
                                && areAtOnePlace(candidate, other))
                        .toList())
                .toList();
        Map<RoutingIndex.Key, Integer> own = Map.of(RoutingIndex.Key.of(candidate), units);
        Map<RoutingIndex.Key, List<Integer>> given = new HashMap<>();
        for (int need = 0; need < there.size(); need++) {
            if (!finds(need, there, own, given, new HashSet<>())) {
                return false;
            }
        }
        return true;
    }

    private static boolean finds(
            int need,
            List<List<Candidate>> there,
            Map<RoutingIndex.Key, Integer> own,
            Map<RoutingIndex.Key, List<Integer>> given,
            Set<RoutingIndex.Key> tried) {
        for (Candidate service : there.get(need)) {
            RoutingIndex.Key key = RoutingIndex.Key.of(service);
            if (!tried.add(key)) {
                continue;
            }
            List<Integer> taken = given.computeIfAbsent(key, none -> new ArrayList<>());
            if (isFree(service, own.getOrDefault(key, 0) + taken.size())) {
                taken.add(need);
                return true;
            }
            for (int at = 0; at < taken.size(); at++) {
                if (finds(taken.get(at), there, own, given, tried)) {
                    taken.set(at, need);
                    return true;
                }
            }
        }
        return false;
    }

    /** Who declared nothing, or nothing that is trusted any more, is asked. */
    private static boolean isFree(Candidate service, int taken) {
        Integer free = service.free();
        return free == null || service.staleSince() != null || free > taken;
    }

    private static boolean areAtOnePlace(Candidate one, Candidate other) {
        if (one.service().equals(other.service())) {
            return true;
        }
        List<Site> here = physical(one);
        List<Site> there = physical(other);
        return here.isEmpty()
                || there.isEmpty()
                || here.stream().anyMatch(site -> there.stream().anyMatch(second -> isSame(site, second)));
    }

    private static List<Site> physical(Candidate service) {
        // of whom only the country is known, nobody knows that it is elsewhere
        return service.sites().stream()
                .filter(site -> !site.virtual()
                        && (site.location() != null
                                || site.place() == null
                                || !site.place().isCountry()))
                .toList();
    }

    private static boolean isSame(Site one, Site other) {
        if (one.location() != null && other.location() != null) {
            return one.location().equals(other.location());
        }
        PlaceCode place = one.place();
        return place != null && place.equals(other.place());
    }
}
