package org.passerelle.acceptance.torture.checker;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.passerelle.acceptance.torture.checker.Anomaly.Kind;
import org.passerelle.acceptance.torture.history.Entry.Kept;
import org.passerelle.acceptance.torture.history.Entry.KeptStream;
import org.passerelle.acceptance.torture.history.History;

/** Streams and log have no gap, agree with each other, and time goes forward in each stream. */
final class Order {

    private Order() {}

    static void check(History history, Findings findings) {
        history.streams().forEach((stream, events) -> stream(stream, events, findings));
        log(history.kept(), findings);
        Map<String, Integer> counts = new HashMap<>();
        history.streams().forEach((stream, events) -> counts.put(stream, events.size()));
        for (KeptStream row : history.all(KeptStream.class)) {
            if (row.version() != counts.getOrDefault(row.stream(), 0)) {
                findings.add(
                        Kind.VERSION_GAP, row + ", but it has " + counts.getOrDefault(row.stream(), 0) + " events");
            }
        }
    }

    private static void stream(String stream, List<Kept> events, Findings findings) {
        for (int i = 0; i < events.size(); i++) {
            Kept event = events.get(i);
            if (event.version() != i + 1) {
                findings.add(Kind.VERSION_GAP, stream + " has " + event + " as its event " + (i + 1));
                return;
            }
            if (i > 0) {
                Kept previous = events.get(i - 1);
                if (event.seq() > 0 && previous.seq() > event.seq()) {
                    findings.add(Kind.INVERSION, event + " comes before " + previous + " in the log");
                }
                if (event.recordedAt() < previous.recordedAt()) {
                    findings.add(Kind.TIME_BACKWARDS, event + " was recorded before " + previous);
                }
            }
        }
    }

    private static void log(List<Kept> kept, Findings findings) {
        List<Kept> log = kept.stream()
                .filter(event -> event.seq() > 0)
                .sorted(Comparator.comparingLong(Kept::seq))
                .toList();
        for (int i = 0; i < log.size(); i++) {
            if (log.get(i).seq() != i + 1) {
                findings.add(Kind.SEQ_GAP, log.get(i) + " is number " + (i + 1) + " of the log");
                break;
            }
        }
        kept.stream()
                .filter(event -> event.seq() == 0)
                .forEach(event -> findings.add(Kind.SEQ_GAP, event + " has no place in the log"));
    }
}
