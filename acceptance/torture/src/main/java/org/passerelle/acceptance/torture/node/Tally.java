package org.passerelle.acceptance.torture.node;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.passerelle.acceptance.torture.history.History;
import org.passerelle.eventsourcing.DeadlineChange;
import org.passerelle.eventsourcing.Decider;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.StreamKind;

/** The smallest domain that shows everything: each event carries a token, the state counts them. */
record Tally(long count) {

    sealed interface Command permits Add, Ring {}

    /** @param due when a deadline of this token's own fires; null for none */
    record Add(String token, @Nullable Instant due) implements Command {}

    record Ring(String token, Instant due) implements Command {}

    sealed interface Event permits Added, Rung {
        String token();
    }

    record Added(String token, @Nullable Instant due) implements Event {}

    record Rung(String token, Instant due) implements Event {}

    static final EventTypes<Event> TYPES = EventTypes.of(Event.class)
            .type("torture.added", 1, Added.class)
            .type("torture.rung", 1, Rung.class)
            .build();

    /** What clients write. */
    static final StreamKind<Command, Tally, Event> KIND = kind("torture");

    /** What effects append in their own store. */
    static final StreamKind<Command, Tally, Event> ECHO = kind("echo");

    private static StreamKind<Command, Tally, Event> kind(String category) {
        return new StreamKind<>(category, new Rules(), TYPES, event -> switch (event) {
            case Added added ->
                added.due() == null ? List.of() : List.of(DeadlineChange.set(added.token(), added.due()));
            case Rung rung -> List.of();
        });
    }

    static final class Rules implements Decider<Command, Tally, Event> {
        @Override
        public Tally initial() {
            return new Tally(0);
        }

        @Override
        public List<Event> decide(Command command, Tally tally) {
            return switch (command) {
                case Add add -> List.of(new Added(add.token(), add.due()));
                case Ring ring -> List.of(new Rung(History.RUNG + ring.token(), ring.due()));
            };
        }

        @Override
        public Tally evolve(Tally tally, Event event) {
            return new Tally(tally.count() + 1);
        }
    }
}
