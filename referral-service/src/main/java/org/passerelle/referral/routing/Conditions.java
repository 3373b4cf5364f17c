package org.passerelle.referral.routing;

import java.util.Collections;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.Circumstance;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Urgency;

/**
 * On which conditions a service takes somebody: what routing looks at of its terms. An empty set says nothing.
 *
 * @param urgencies those that it takes; all where empty
 * @param admits circumstances that it is prepared for
 * @param excludes circumstances in which it cannot take somebody
 * @param notWith needs of the same person that it must not be combined with
 * @param respondsWithin hours in which it promises to act; null where it promises nothing that can be counted
 * @param assesses whether it assesses somebody before it gives them a unit
 */
public record Conditions(
        Set<Urgency> urgencies,
        Set<Circumstance> admits,
        Set<Circumstance> excludes,
        Set<ServiceType> notWith,
        @Nullable Integer respondsWithin,
        boolean assesses) {

    /** Of a service that says nothing of them. */
    public static final Conditions NONE = new Conditions(Set.of(), Set.of(), Set.of(), Set.of(), null, false);

    public Conditions {
        urgencies = Set.copyOf(urgencies);
        admits = Set.copyOf(admits);
        excludes = Set.copyOf(excludes);
        notWith = Set.copyOf(notWith);
    }

    /** Whether the service said of this circumstance that it can take somebody in it, or cannot. */
    public boolean regards(Circumstance circumstance) {
        return admits.contains(circumstance) || excludes.contains(circumstance);
    }

    boolean takes(Urgency urgency) {
        return urgencies.isEmpty() || urgencies.contains(urgency);
    }

    boolean excludesAny(Set<Circumstance> circumstances) {
        return !Collections.disjoint(excludes, circumstances);
    }

    boolean mustNotMeetAny(Set<ServiceType> otherNeeds) {
        return !Collections.disjoint(notWith, otherNeeds);
    }
}
