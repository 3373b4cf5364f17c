package org.passerelle.acceptance.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.passerelle.acceptance.torture.checker.Anomaly;
import org.passerelle.acceptance.torture.checker.Checker;
import org.passerelle.acceptance.torture.history.Entry;
import org.passerelle.acceptance.torture.history.Entry.Seen;
import org.passerelle.acceptance.torture.history.Entry.Target;
import org.passerelle.acceptance.torture.history.Entry.Verdict;
import org.passerelle.acceptance.torture.history.History;

/** A history written down by a small store of a test, on a clock that ticks with each entry. */
final class Sketch {

    static final String EPOCH = "e1";

    private final List<Entry> entries = new ArrayList<>();
    private long now;

    private long tick() {
        return now += 1_000;
    }

    long now() {
        return now;
    }

    Sketch add(Entry entry) {
        entries.add(entry);
        return this;
    }

    /** One event for one stream, asked for without expectation. */
    void asked(String token, String stream) {
        asked(token, stream, Entry.ANY);
    }

    void asked(String token, String stream, long expected) {
        add(new Entry.Asked(
                tick(), token, true, false, List.of(new Target(stream, expected, List.of(token), List.of()))));
    }

    void accepted(String token, String stream, long version) {
        add(new Entry.Told(tick(), token, Verdict.ACCEPTED, Map.of(stream, version)));
    }

    void saw(String reader, long after, List<Seen> events) {
        if (!events.isEmpty()) {
            add(new Entry.LogPage(tick(), tick(), reader, EPOCH, after, events));
        }
    }

    void kept(long seq, String stream, long version, String token) {
        add(new Entry.Kept(seq, EPOCH + ":" + seq, stream, version, token, 1_000_000, 0));
    }

    void effect(long order, String key, long seq, String token) {
        add(new Entry.Effected(order, EPOCH, key, seq, token));
    }

    List<Entry> entries() {
        return entries;
    }

    List<Anomaly> check() {
        return Checker.check(new History(entries));
    }

    List<Anomaly.Kind> kinds() {
        return check().stream().map(Anomaly::kind).distinct().toList();
    }
}
