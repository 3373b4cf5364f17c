package org.passerelle.eventsourcing;

/** What the writer believes about a stream; checked by reading under its lock. */
public sealed interface ExpectedVersion {

    record Any() implements ExpectedVersion {}

    record None() implements ExpectedVersion {}

    record Exactly(long version) implements ExpectedVersion {}

    static ExpectedVersion any() {
        return new Any();
    }

    /** The stream must not exist yet. */
    static ExpectedVersion none() {
        return new None();
    }

    static ExpectedVersion exactly(long version) {
        return version == 0 ? new None() : new Exactly(version);
    }

    default boolean admits(long actual) {
        return switch (this) {
            case Any any -> true;
            case None none -> actual == 0;
            case Exactly exactly -> exactly.version() == actual;
        };
    }
}
