package org.passerelle.bench;

import java.util.List;
import java.util.UUID;
import org.passerelle.eventsourcing.Decider;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.StreamKind;

/** A stream that adds up, with events of about 350 bytes. */
record Tally(long sum) {

    static final String FILLER = "0123456789".repeat(30);

    record Add(long number) {}

    record Added(long number, String note) {}

    static final EventTypes<Added> TYPES =
            EventTypes.of(Added.class).type("bench.added", 1, Added.class).build();

    static final StreamKind<Add, Tally, Added> KIND = StreamKind.of("bench", new Rules(), TYPES);

    static final class Rules implements Decider<Add, Tally, Added> {
        @Override
        public Tally initial() {
            return new Tally(0);
        }

        @Override
        public List<Added> decide(Add command, Tally state) {
            return List.of(new Added(command.number(), FILLER));
        }

        @Override
        public Tally evolve(Tally state, Added event) {
            return new Tally(state.sum() + event.number());
        }
    }

    static String newKey() {
        return UUID.randomUUID().toString();
    }
}
