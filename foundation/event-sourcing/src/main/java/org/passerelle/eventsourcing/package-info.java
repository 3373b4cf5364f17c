/**
 * Mechanics of an event-sourced service: append, order, publish, consume exactly once, deadlines.
 *
 * <p>Start with {@link org.passerelle.eventsourcing.Decider} (the pure rules of one kind of stream), {@link
 * org.passerelle.eventsourcing.StreamKind} (what binds them to their stored names) and {@link
 * org.passerelle.eventsourcing.EventStore} (where commands are handled). Knows no framework but the reactive PostgreSQL
 * client and Kafka's client; no word of the domain.
 */
@NullMarked
package org.passerelle.eventsourcing;

import org.jspecify.annotations.NullMarked;
