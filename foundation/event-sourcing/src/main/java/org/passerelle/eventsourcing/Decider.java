package org.passerelle.eventsourcing;

import java.util.List;

/**
 * The pure rules of one kind of stream: no clock, no randomness, no input or output; those arrive in the command.
 *
 * @param <C> its commands, a sealed interface
 * @param <S> its state
 * @param <E> its events, a sealed interface
 */
public interface Decider<C, S, E> {

    /** The state before the first event. */
    S initial();

    /**
     * What follows from a command.
     *
     * @return the new events; none when the command repeats what already holds
     * @throws Refusal when the rules do not allow it
     */
    List<E> decide(C command, S state);

    /** The state after an event; total: an event that was stored can always be applied. */
    S evolve(S state, E event);

    /** The state after all these events. */
    default S fold(S state, Iterable<? extends E> events) {
        S result = state;
        for (E event : events) {
            result = evolve(result, event);
        }
        return result;
    }
}
