package org.passerelle.eventsourcing;

/** Either the command took effect now, or it had already and its first answer is given again. */
public sealed interface Outcome<S, E> {

    StoredAnswer answer();

    record Done<S, E>(Handled<S, E> handled, StoredAnswer answer) implements Outcome<S, E> {}

    record Repeated<S, E>(StoredAnswer answer) implements Outcome<S, E> {}
}
