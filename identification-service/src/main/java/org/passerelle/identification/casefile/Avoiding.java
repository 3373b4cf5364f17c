package org.passerelle.identification.casefile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.passerelle.identification.avoiding.Avoidance;
import org.passerelle.identification.casefile.CaseCommand.Avoid;
import org.passerelle.identification.casefile.CaseCommand.LiftAvoidance;
import org.passerelle.identification.casefile.CaseEvent.AvoidanceChanged;
import org.passerelle.identification.casefile.CaseFile.Facts;

/** Where and to whom a person is not to be sent: said by whoever learns of a danger, lifted by who answers for the case. */
final class Avoiding {

    private Avoiding() {}

    static List<CaseEvent> avoid(Avoid command, Facts facts) {
        return changed(facts, facts.avoidance().with(command.avoidance()), command.now());
    }

    static List<CaseEvent> lift(LiftAvoidance command, Facts facts) {
        return changed(facts, facts.avoidance().without(command.places(), command.organisations()), command.now());
    }

    private static List<CaseEvent> changed(Facts facts, Avoidance now, Instant at) {
        return now.equals(facts.avoidance())
                ? List.of()
                : List.of(
                        new AvoidanceChanged(facts.avoidance().revision() + 1, now.places(), now.organisations(), at));
    }

    /** The danger first, then what is stated. */
    static List<CaseEvent> first(List<CaseEvent> avoiding, List<CaseEvent> stated) {
        List<CaseEvent> events = new ArrayList<>(avoiding);
        events.addAll(stated);
        return events;
    }

    static Facts evolve(Facts facts, AvoidanceChanged event) {
        return facts.avoiding(new Avoidance(event.revision(), event.places(), event.organisations()));
    }
}
