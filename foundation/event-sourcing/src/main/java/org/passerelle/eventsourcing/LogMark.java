package org.passerelle.eventsourcing;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What every published record says of the log it came from, beside its event: the last record of each partition tells
 * how far the log had come, also while a refill sends old positions again.
 *
 * @param origin the first epoch of the log; the same in all its lives
 * @param epoch  its life when the record was sent
 * @param head   its last position then
 */
public record LogMark(UUID origin, UUID epoch, long head) {

    /** A header of Kafka's, no attribute of the event. */
    public static final String HEADER = "passerelle-log";

    public String text() {
        return origin + " " + epoch + " " + head;
    }

    /** Empty for what is no mark. */
    public static Optional<LogMark> parse(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        String[] parts = text.split(" ", -1);
        try {
            return parts.length == 3
                    ? Optional.of(
                            new LogMark(UUID.fromString(parts[0]), UUID.fromString(parts[1]), Long.parseLong(parts[2])))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
