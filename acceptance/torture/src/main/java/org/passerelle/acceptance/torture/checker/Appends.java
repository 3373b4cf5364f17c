package org.passerelle.acceptance.torture.checker;

import java.util.List;
import org.passerelle.acceptance.torture.checker.Anomaly.Kind;
import org.passerelle.acceptance.torture.history.Entry;
import org.passerelle.acceptance.torture.history.Entry.Kept;
import org.passerelle.acceptance.torture.history.Entry.Target;
import org.passerelle.acceptance.torture.history.Entry.Told;
import org.passerelle.acceptance.torture.history.Entry.Verdict;
import org.passerelle.acceptance.torture.history.History;
import org.passerelle.acceptance.torture.history.History.Operation;

/** Every acknowledged append is there exactly once and whole; what was rejected or rolled back is not there. */
final class Appends {

    private Appends() {}

    /** What the final state may hold of an operation. */
    private enum Presence {
        MUST,
        MAY,
        MUST_NOT
    }

    static void check(History history, Findings findings) {
        for (Operation operation : history.operations()) {
            check(history, operation, findings);
        }
        for (Kept event : history.kept()) {
            if (history.of(event.token()) == null) {
                findings.add(Kind.PHANTOM, event + " was never asked for");
            }
        }
    }

    private static void check(History history, Operation operation, Findings findings) {
        String op = operation.asked().op();
        if (operation.told().stream().anyMatch(told -> told.verdict() == Verdict.NONSENSE)) {
            findings.add(Kind.WRONG_ANSWER, op + " was answered with nonsense: " + operation.told());
        }
        if (!history.touchedByRestore(operation)
                && operation.told().stream().skip(1).anyMatch(told -> told.verdict() != Verdict.REPEATED)) {
            findings.add(Kind.WRONG_ANSWER, op + " was not answered the same again: " + operation.told());
        }
        if (operation.asked().receipt()
                && !operation.asked().aborts()
                && operation.verdict().isEmpty()) {
            findings.add(Kind.UNRESOLVED, op + " was never answered");
        }
        long events = 0;
        long there = 0;
        for (Target target : operation.asked().targets()) {
            for (String token : target.tokens()) {
                int count = history.kept(token).size();
                events++;
                there += Math.min(count, 1);
                if (count > 1) {
                    findings.add(Kind.DOUBLED, token + " is there " + count + " times");
                }
            }
        }
        switch (presence(history, operation)) {
            case MUST -> {
                if (there == 0) {
                    findings.add(Kind.LOST, op + " was acknowledged and is not there: " + operation.told());
                }
            }
            case MUST_NOT -> {
                if (there > 0) {
                    findings.add(Kind.PHANTOM, op + " is there after " + operation.told());
                }
            }
            case MAY -> {}
        }
        if (there > 0 && there < events) {
            findings.add(Kind.TORN, "of " + op + " there are " + there + " of " + events + " events");
        } else if (there > 0) {
            operation.asked().targets().forEach(target -> placed(history, operation, target, findings));
        }
    }

    private static Presence presence(History history, Operation operation) {
        if (operation.asked().aborts()) {
            return Presence.MUST_NOT;
        }
        if (history.touchedByRestore(operation)) {
            return Presence.MAY;
        }
        if (operation.acknowledged()) {
            return Presence.MUST;
        }
        return operation.verdict().isPresent() ? Presence.MUST_NOT : Presence.MAY;
    }

    /** The events of one append follow each other, where it was expected and where it was said. */
    private static void placed(History history, Operation operation, Target target, Findings findings) {
        List<String> tokens = target.tokens();
        if (tokens.isEmpty()) {
            return;
        }
        long first = history.kept(tokens.getFirst()).getFirst().version();
        for (int i = 0; i < tokens.size(); i++) {
            Kept event = history.kept(tokens.get(i)).getFirst();
            if (event.version() != first + i || !event.stream().equals(target.stream())) {
                findings.add(Kind.TORN, event + " does not follow its predecessor of the same append");
            }
        }
        if (target.expected() != Entry.ANY && first != target.expected() + 1) {
            findings.add(
                    Kind.WRONG_ANSWER,
                    operation.asked().op() + " expected " + target.stream() + " at " + target.expected()
                            + " and became version " + first);
        }
        if (history.touchedByRestore(operation)) {
            return;
        }
        for (Told told : operation.told()) {
            Long version = told.versions().get(target.stream());
            if (version != null && version != first + tokens.size() - 1) {
                findings.add(
                        Kind.WRONG_ANSWER,
                        operation.asked().op() + " was told version " + version + " and has "
                                + (first + tokens.size() - 1));
            }
        }
    }
}
