package org.passerelle.eventsourcing;

import java.time.Instant;

/** How much of a stream is read. */
public sealed interface UpTo {

    record Now() implements UpTo {}

    /** The first so many events. */
    record Version(long version) implements UpTo {}

    /** What had been recorded at that instant, included. */
    record At(Instant instant) implements UpTo {}

    static UpTo now() {
        return new Now();
    }

    static UpTo version(long version) {
        return new Version(version);
    }

    static UpTo at(Instant instant) {
        return new At(instant);
    }
}
