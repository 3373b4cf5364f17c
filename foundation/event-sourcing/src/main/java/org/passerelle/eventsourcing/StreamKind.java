package org.passerelle.eventsourcing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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

    /** The same, but a command is decided only where the question, asked of the state before it, throws nothing. */
    public StreamKind<C, S, E> asking(Consumer<? super S> question) {
        Decider<C, S, E> rules = decider;
        Decider<C, S, E> asking = new Decider<>() {
            @Override
            public S initial() {
                return rules.initial();
            }

            @Override
            public List<E> decide(C command, S state) {
                question.accept(state);
                return rules.decide(command, state);
            }

            @Override
            public S evolve(S state, E event) {
                return rules.evolve(state, event);
            }
        };
        return new StreamKind<>(category, asking, types, deadlines);
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
