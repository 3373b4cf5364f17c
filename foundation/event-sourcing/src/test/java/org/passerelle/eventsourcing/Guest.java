package org.passerelle.eventsourcing;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.sealing.Personal;

/** The guest of a shelter, to try personal fields on. */
record Guest(@Nullable Arrived arrived, List<String> notes) {

    Guest {
        notes = List.copyOf(notes);
    }

    record Name(
            @Personal("identity") String given,
            @Personal("identity") @Nullable LocalDate born) {}

    /** @param beds whose notes are of the person, whose numbers are of the house */
    record Arrived(
            Name name,
            String room,
            @Personal(value = "health", erased = "[]") List<String> allergies,
            List<Bed> beds,
            Optional<Name> companion)
            implements Event {}

    record Bed(int number, @Personal("story") @Nullable String note) {}

    record Noted(
            String house,
            @Personal(value = "story", erased = "\"\"") String note) implements Event {}

    sealed interface Event permits Arrived, Noted {}

    sealed interface Command permits Arrive, Note {}

    record Arrive(Arrived arrived) implements Command {}

    record Note(String house, String note) implements Command {}

    static final class Rules implements Decider<Command, Guest, Event> {
        @Override
        public Guest initial() {
            return new Guest(null, List.of());
        }

        @Override
        public List<Event> decide(Command command, Guest guest) {
            return switch (command) {
                case Arrive arrive -> guest.arrived() == null ? List.of(arrive.arrived()) : List.of();
                case Note note -> List.of(new Noted(note.house(), note.note()));
            };
        }

        @Override
        public Guest evolve(Guest guest, Event event) {
            return switch (event) {
                case Arrived arrived -> new Guest(arrived, guest.notes());
                case Noted noted -> {
                    List<String> more = new java.util.ArrayList<>(guest.notes());
                    more.add(noted.note());
                    yield new Guest(guest.arrived(), more);
                }
            };
        }
    }

    static final EventTypes<Event> TYPES = EventTypes.of(Event.class)
            .type("shelter.guest-arrived", 1, Arrived.class)
            .type("shelter.guest-noted", 2, Noted.class)
            .upcast("shelter.guest-noted", 1, renamed())
            .build();

    /** Version 1 said {@code remark}. */
    private static UnaryOperator<com.fasterxml.jackson.databind.node.ObjectNode> renamed() {
        return old -> old.set("note", old.remove("remark"));
    }

    static final StreamKind<Command, Guest, Event> KIND = StreamKind.of("guest", new Rules(), TYPES);

    static final String GIVEN = "Consolata-b51f7";
    static final String ALLERGY = "Arachide-77aa1";
    static final String BED_NOTE = "Cauchemars-90c2d";
    static final String NOTE = "Raconte-31e8f";

    static Arrived example() {
        return new Arrived(
                new Name(GIVEN, LocalDate.of(2001, 2, 3)),
                "room 4",
                List.of(ALLERGY),
                List.of(new Bed(1, null), new Bed(2, BED_NOTE)),
                Optional.of(new Name("Aline-" + GIVEN, null)));
    }
}
