package org.passerelle.acceptance.torture.checker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.passerelle.acceptance.torture.checker.Anomaly.Kind;
import org.passerelle.acceptance.torture.history.Entry.FaultBegan;
import org.passerelle.acceptance.torture.history.Entry.FaultEnded;
import org.passerelle.acceptance.torture.history.Entry.Head;
import org.passerelle.acceptance.torture.history.History;

/**
 * While one replica is killed, paused or cut off, the other goes on within 5 s: committed events do not wait longer for
 * their place in the log. Times in which everything was hit are not judged, nor the 15 s after them.
 */
final class FailOver {

    private static final long LIMIT_MICROS = 5_000_000;
    /** The observer looks ten times a second. */
    private static final long BETWEEN_LOOKS_MICROS = 300_000;

    private static final long RECOVERY_MICROS = 15_000_000;

    private FailOver() {}

    private record Span(long from, long to) {
        boolean overlaps(long begin, long end) {
            return from < end && begin < to;
        }
    }

    static void check(History history, Findings findings) {
        List<Span> excused = excused(history);
        for (Span stall : stalls(history)) {
            if (stall.to() - stall.from() > LIMIT_MICROS
                    && excused.stream().noneMatch(span -> span.overlaps(stall.from(), stall.to()))) {
                findings.add(
                        Kind.SLOW_FAIL_OVER,
                        "committed events waited %.1f s for the log, from second %.1f"
                                .formatted((stall.to() - stall.from()) / 1e6, stall.from() / 1e6));
            }
        }
    }

    /** Time in which the observer itself did not get to run, on a machine with too much to do, is not counted. */
    private static List<Span> stalls(History history) {
        List<Span> stalls = new ArrayList<>();
        long since = -1;
        long starved = 0;
        Head last = new Head(0, -1, false);
        for (Head head : history.all(Head.class)) {
            if (since >= 0 && (!head.pending() || head.lastSeq() != last.lastSeq())) {
                stalls.add(new Span(since, Math.max(since, last.at() - starved)));
                since = -1;
            }
            if (head.pending() && since < 0) {
                since = head.at();
                starved = 0;
            } else {
                starved += Math.max(0, head.at() - last.at() - BETWEEN_LOOKS_MICROS);
            }
            last = head;
        }
        if (since >= 0) {
            stalls.add(new Span(since, Math.max(since, last.at() - starved)));
        }
        return stalls;
    }

    private static List<Span> excused(History history) {
        Map<Integer, Long> ends = new HashMap<>();
        history.all(FaultEnded.class).forEach(ended -> ends.put(ended.number(), ended.at()));
        List<Span> spans = new ArrayList<>();
        for (FaultBegan began : history.all(FaultBegan.class)) {
            if (!began.survivable()) {
                long end = ends.getOrDefault(began.number(), Long.MAX_VALUE - RECOVERY_MICROS);
                spans.add(new Span(began.at(), end + RECOVERY_MICROS));
            }
        }
        return spans;
    }
}
