package org.passerelle.eventsourcing;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The smallest stream that has it all: adds up, refuses, repeats, and sets a deadline. */
record Counter(long sum, boolean rung) {

    sealed interface Command permits Add, SetAlarm, CancelAlarm, Ring {}

    record Add(long number) implements Command {}

    record SetAlarm(Instant due) implements Command {}

    record CancelAlarm() implements Command {}

    record Ring() implements Command {}

    sealed interface Event permits Added, AlarmSet, AlarmCancelled, Rung {}

    record Added(long number, @Nullable String note) implements Event {}

    record AlarmSet(Instant due) implements Event {}

    record AlarmCancelled() implements Event {}

    record Rung() implements Event {}

    static final EventTypes<Event> TYPES = EventTypes.of(Event.class)
            .type("counter.added", 2, Added.class)
            .upcast("counter.added", 1, old -> old.put("number", old.remove("n").asLong()))
            .type("counter.alarm-set", 1, AlarmSet.class)
            .type("counter.alarm-cancelled", 1, AlarmCancelled.class)
            .type("counter.rung", 1, Rung.class)
            .build();

    static final StreamKind<Command, Counter, Event> KIND =
            new StreamKind<>("counter", new Rules(), TYPES, event -> switch (event) {
                case AlarmSet set -> List.of(DeadlineChange.set("alarm", set.due()));
                case AlarmCancelled cancelled -> List.of(DeadlineChange.cancel("alarm"));
                case Added added -> List.of();
                case Rung rung -> List.of();
            });

    static final class Rules implements Decider<Command, Counter, Event> {
        @Override
        public Counter initial() {
            return new Counter(0, false);
        }

        @Override
        public List<Event> decide(Command command, Counter counter) {
            return switch (command) {
                case Add add
                when add.number() < 0 -> throw Refusal.of("negative").invalid().field("number");
                case Add add when add.number() == 0 -> List.of();
                case Add add -> List.of(new Added(add.number(), null));
                case SetAlarm set -> List.of(new AlarmSet(set.due()));
                case CancelAlarm cancel -> List.of(new AlarmCancelled());
                case Ring ring -> List.of(new Rung());
            };
        }

        @Override
        public Counter evolve(Counter counter, Event event) {
            return switch (event) {
                case Added added -> new Counter(counter.sum() + added.number(), counter.rung());
                case AlarmSet set -> counter;
                case AlarmCancelled cancelled -> counter;
                case Rung rung -> new Counter(counter.sum(), true);
            };
        }
    }
}
