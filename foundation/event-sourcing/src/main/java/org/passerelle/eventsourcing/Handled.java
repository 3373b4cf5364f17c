package org.passerelle.eventsourcing;

import java.util.List;

/**
 * What handling a command came to.
 *
 * @param state   after the events
 * @param events  what was decided; none when the command was a repeat
 * @param version of the stream afterwards
 */
public record Handled<S, E>(StreamId stream, S state, List<E> events, long version) {}
