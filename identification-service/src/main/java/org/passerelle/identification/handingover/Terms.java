package org.passerelle.identification.handingover;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.passerelle.identification.codes.Country;

/** A consent's terms for a hand-over: to the mechanism of which country, and what it may be told. */
public record Terms(Country to, Set<Fact> facts) {

    public Terms {
        // In the order of the enumeration: the stored bytes of an event must not depend on the run.
        facts = facts.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(facts));
    }
}
