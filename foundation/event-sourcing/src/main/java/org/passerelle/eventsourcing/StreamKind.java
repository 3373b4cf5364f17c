package org.passerelle.eventsourcing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One kind of stream: its rules, the stored names of its events, and the deadlines that its events set.
 *
 * @param category  first part of the stream ids, see {@link StreamId}
 * @param deadlines which deadlines an event sets or cancels; pure
 */
public record StreamKind<C, S, E>(
        String category, Decider<C, S, E> decider, EventTypes<E> types, Function<E, List<DeadlineChange>> deadlines) {

    public static <C, S, E> StreamKind<C, S, E> of(String category, Decider<C, S, E> decider, EventTypes<E> types) {
        return new StreamKind<>(category, decider, types, event -> List.of());
    }

    public StreamId stream(String key) {
        return new StreamId(category, key);
    }

    /** These events as an append to one stream. */
    public StreamAppend append(StreamId stream, ExpectedVersion expected, List<E> events) {
        List<NewEvent> encoded = new ArrayList<>(events.size());
        List<DeadlineChange> changes = new ArrayList<>();
        for (E event : events) {
            encoded.add(types.encode(stream, event));
            changes.addAll(deadlines.apply(event));
        }
        return new StreamAppend(stream, expected, encoded, changes);
    }
}
