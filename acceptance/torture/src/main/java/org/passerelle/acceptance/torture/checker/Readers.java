package org.passerelle.acceptance.torture.checker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.passerelle.acceptance.torture.checker.Anomaly.Kind;
import org.passerelle.acceptance.torture.history.Entry.Kept;
import org.passerelle.acceptance.torture.history.Entry.LogPage;
import org.passerelle.acceptance.torture.history.Entry.Seen;
import org.passerelle.acceptance.torture.history.Entry.StreamPage;
import org.passerelle.acceptance.torture.history.History;
import org.passerelle.acceptance.torture.history.History.Operation;

/**
 * Followers of the log missed nothing, saw nothing twice, nothing that is not there and nothing before it was asked
 * for; readers of a stream saw at least what had been acknowledged before.
 */
final class Readers {

    private final History history;
    private final Findings findings;
    private final Map<Long, Kept> log = new HashMap<>();
    private final List<Kept> ordered;

    private Readers(History history, Findings findings) {
        this.history = history;
        this.findings = findings;
        this.ordered = history.kept().stream()
                .filter(event -> event.seq() > 0)
                .sorted(java.util.Comparator.comparingLong(Kept::seq))
                .toList();
        ordered.forEach(event -> log.putIfAbsent(event.seq(), event));
    }

    static void check(History history, Findings findings) {
        Readers readers = new Readers(history, findings);
        Map<String, List<LogPage>> pages = new LinkedHashMap<>();
        history.all(LogPage.class)
                .forEach(page -> pages.computeIfAbsent(page.reader(), reader -> new ArrayList<>())
                        .add(page));
        Map<String, String> lives = new HashMap<>();
        pages.forEach((reader, own) -> readers.follower(reader, own, lives));
        readers.streams();
    }

    /** @param lives what was seen at a position of an epoch, by anybody */
    private void follower(String reader, List<LogPage> pages, Map<String, String> lives) {
        long first = pages.getFirst().after();
        long last = first;
        String epoch = pages.getFirst().epoch();
        Map<Long, Seen> seen = new HashMap<>();
        for (LogPage page : pages) {
            if (!page.epoch().equals(epoch)) {
                // A follower that is told of another life of the log goes on where that one begins.
                String ended = epoch;
                seen.keySet().removeIf(seq -> history.lost(ended, seq));
                epoch = page.epoch();
                last = Math.min(last, page.after());
            }
            for (Seen event : page.events()) {
                if (event.seq() <= last) {
                    findings.add(Kind.READER_REPEATED, reader + " had " + last + " and saw " + event);
                }
                last = Math.max(last, event.seq());
                seen.putIfAbsent(event.seq(), event);
                agrees(reader, page, event, lives);
            }
        }
        for (Kept event : ordered) {
            Seen there = seen.get(event.seq());
            if (event.seq() > first && (there == null || !there.token().equals(event.token()))) {
                findings.add(Kind.READER_MISSED, reader + " missed " + event);
            }
        }
    }

    private void agrees(String reader, LogPage page, Seen event, Map<String, String> lives) {
        String before = lives.putIfAbsent(page.epoch() + ":" + event.seq(), event.token());
        if (before != null && !before.equals(event.token())) {
            findings.add(
                    Kind.READER_DISAGREES,
                    reader + " saw " + event.token() + " at " + event.seq() + ", where others saw " + before);
        }
        notTooEarly(reader, page.at(), event.token());
        if (history.lost(page.epoch(), event.seq())) {
            return;
        }
        Kept there = log.get(event.seq());
        if (there == null || !there.token().equals(event.token()) || there.version() != event.version()) {
            findings.add(Kind.READER_DISAGREES, reader + " saw " + event + ", but there is " + there);
        }
    }

    private void notTooEarly(String reader, long at, String token) {
        Operation operation = history.of(token);
        if (operation != null && operation.asked().at() > at) {
            findings.add(Kind.FROM_THE_FUTURE, reader + " saw " + token + " before it was asked for");
        }
    }

    private record Acknowledged(long at, long version) {}

    private void streams() {
        Map<String, List<Acknowledged>> acknowledged = acknowledged();
        for (StreamPage page : history.all(StreamPage.class)) {
            List<Kept> events = history.streams().getOrDefault(page.stream(), List.of());
            boolean survives =
                    history.restores().stream().noneMatch(r -> page.at() >= r.dumpedAt() && page.asked() <= r.at());
            for (int i = 0; i < page.tokens().size() && survives; i++) {
                String token = page.tokens().get(i);
                String there = there(events, i);
                if (!token.equals(there)) {
                    findings.add(
                            Kind.READER_DISAGREES,
                            page.stream() + " was read with " + token + " at " + (i + 1) + ", but there is " + there);
                    break;
                }
            }
            page.tokens().forEach(token -> notTooEarly("a reader of " + page.stream(), page.at(), token));
            for (Acknowledged known : acknowledged.getOrDefault(page.stream(), List.of())) {
                if (survives
                        && known.at() < page.asked()
                        && known.version() > page.tokens().size()) {
                    findings.add(
                            Kind.STALE_READ,
                            page.stream() + " was read with " + page.tokens().size() + " events after version "
                                    + known.version() + " had been acknowledged");
                    break;
                }
            }
        }
    }

    private static @Nullable String there(List<Kept> events, int index) {
        return index < events.size() ? events.get(index).token() : null;
    }

    private Map<String, List<Acknowledged>> acknowledged() {
        Map<String, List<Acknowledged>> result = new HashMap<>();
        for (Operation operation : history.operations()) {
            if (history.touchedByRestore(operation)) {
                continue;
            }
            operation
                    .told()
                    .forEach(told -> told.versions()
                            .forEach((stream, version) -> result.computeIfAbsent(stream, key -> new ArrayList<>())
                                    .add(new Acknowledged(told.at(), version))));
        }
        return result;
    }
}
