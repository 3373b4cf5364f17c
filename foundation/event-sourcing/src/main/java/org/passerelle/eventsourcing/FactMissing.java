package org.passerelle.eventsourcing;

/**
 * An effect cannot happen yet: it needs a fact from another topic that has not arrived. Its case waits and is tried
 * again by itself; after ten minutes operators are told.
 */
public final class FactMissing extends RuntimeException {

    /** @param fact a code, never a value: {@code case-owner} */
    public FactMissing(String fact) {
        super(fact, null, false, false);
    }

    String fact() {
        return String.valueOf(getMessage());
    }
}
