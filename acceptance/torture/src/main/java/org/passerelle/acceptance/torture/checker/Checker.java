package org.passerelle.acceptance.torture.checker;

import java.util.List;
import org.passerelle.acceptance.torture.checker.Anomaly.Kind;
import org.passerelle.acceptance.torture.history.Entry.RestoreUnnoticed;
import org.passerelle.acceptance.torture.history.History;

/**
 * Reads a whole history and says what is wrong with it; an empty answer is the proof that, in this history, nothing was
 * lost, doubled, reordered or seen too early.
 */
public final class Checker {

    private Checker() {}

    public static List<Anomaly> check(History history) {
        Findings findings = new Findings();
        Appends.check(history, findings);
        Order.check(history, findings);
        Readers.check(history, findings);
        Effects.check(history, findings);
        Deadlines.check(history, findings);
        FailOver.check(history, findings);
        history.all(RestoreUnnoticed.class).forEach(seen -> findings.add(Kind.RESTORE_UNNOTICED, seen.how()));
        return findings.anomalies();
    }
}
