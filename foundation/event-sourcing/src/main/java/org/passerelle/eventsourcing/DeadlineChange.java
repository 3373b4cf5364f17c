package org.passerelle.eventsourcing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A deadline set or cancelled together with an event. A stream has at most one deadline of each name; setting it again
 * moves it.
 *
 * @param due when it fires (UTC, by the database's clock); null cancels it
 */
public record DeadlineChange(String name, @Nullable Instant due) {

    public static DeadlineChange set(String name, Instant due) {
        return new DeadlineChange(name, due);
    }

    public static DeadlineChange cancel(String name) {
        return new DeadlineChange(name, null);
    }
}
