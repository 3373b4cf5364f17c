package org.passerelle.acceptance.torture.checker;

import java.util.List;
import org.passerelle.acceptance.torture.checker.Anomaly.Kind;
import org.passerelle.acceptance.torture.history.Entry.Kept;
import org.passerelle.acceptance.torture.history.Entry.Target;
import org.passerelle.acceptance.torture.history.History;
import org.passerelle.acceptance.torture.history.History.Operation;

/** Every deadline that was set fired exactly once, in its stream, and none before its time. */
final class Deadlines {

    private Deadlines() {}

    static void check(History history, Findings findings) {
        for (Operation operation : history.operations()) {
            for (Target target : operation.asked().targets()) {
                for (String token : target.alarms()) {
                    int set = history.kept(token).size();
                    int fired = history.kept(History.RUNG + token).size();
                    if (fired != Math.min(set, 1)) {
                        findings.add(Kind.DEADLINE, token + " was set " + set + " times and fired " + fired);
                    }
                }
            }
        }
        history.streams().values().forEach(events -> inTime(events, findings));
    }

    /** An event whose clock stood still, since the database's had been moved back, tells nothing about its time. */
    private static void inTime(List<Kept> events, Findings findings) {
        long before = 0;
        for (Kept event : events) {
            if (event.due() > event.recordedAt() && event.recordedAt() != before) {
                findings.add(Kind.TIME_BACKWARDS, event + " fired before its time");
            }
            before = event.recordedAt();
        }
    }
}
