package org.passerelle.identification.needs;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.Refusal;

/**
 * A need's part in a package.
 *
 * @param after needs that must come first
 * @param together needs that must go to the same place as this one
 */
public record Leg(PackageId packageId, List<After> after, List<NeedId> together) {

    /** How far another need must be. */
    public enum Until {
        /** The provider met the person. */
        @JsonProperty("begun")
        BEGUN,
        @JsonProperty("completed")
        COMPLETED
    }

    public record After(NeedId needId, Until until) {}

    public Leg {
        after = List.copyOf(after);
        together = List.copyOf(together);
    }

    /**
     * @throws Refusal where legs wait for each other, so that none could ever go out, or where one should be at the same
     *     place as another that will have left it
     */
    public static void requireAnOrder(Map<NeedId, Leg> legs) {
        legs.forEach((need, leg) -> leg.after().stream()
                .filter(one -> one.until() == Until.COMPLETED)
                .map(After::needId)
                .filter(one -> leg.together().contains(one) || isTogetherWith(legs.get(one), need))
                .findFirst()
                .ifPresent(left -> {
                    throw Refusal.of("package-together-with-completed")
                            .field("legs")
                            .invalid();
                }));
        Map<NeedId, Set<NeedId>> waiting = new HashMap<>();
        legs.forEach((need, leg) -> {
            Set<NeedId> before = new HashSet<>();
            leg.after().forEach(one -> before.add(one.needId()));
            waiting.put(need, before);
        });
        while (!waiting.isEmpty()) {
            Set<NeedId> free = new HashSet<>();
            waiting.forEach((need, before) -> {
                if (before.stream().noneMatch(waiting::containsKey)) {
                    free.add(need);
                }
            });
            if (free.isEmpty()) {
                throw Refusal.of("package-waits-for-itself").field("legs").invalid();
            }
            free.forEach(waiting::remove);
        }
    }

    private static boolean isTogetherWith(@Nullable Leg leg, NeedId need) {
        return leg != null && leg.together().contains(need);
    }
}
