package org.passerelle.acceptance.torture.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.passerelle.acceptance.torture.history.Entry.Asked;
import org.passerelle.acceptance.torture.history.Entry.Kept;
import org.passerelle.acceptance.torture.history.Entry.NoAnswer;
import org.passerelle.acceptance.torture.history.Entry.Restored;
import org.passerelle.acceptance.torture.history.Entry.Target;
import org.passerelle.acceptance.torture.history.Entry.Told;
import org.passerelle.acceptance.torture.history.Entry.Verdict;

/** A whole history, put in order for those who judge it. */
public final class History {

    /** An event that a deadline appends has this before the token of the event that set the deadline. */
    public static final String RUNG = "rung:";

    /** All that is known of one operation. */
    public static final class Operation {
        private final Asked asked;
        private final List<Told> told = new ArrayList<>();
        private boolean unanswered;

        Operation(Asked asked) {
            this.asked = asked;
        }

        public Asked asked() {
            return asked;
        }

        public List<Told> told() {
            return told;
        }

        /** Whether some attempt ended without an answer, so that it may still have had its effect later. */
        public boolean unanswered() {
            return unanswered;
        }

        /** The last word; nothing where the outcome stayed unknown. */
        public Optional<Told> verdict() {
            return told.isEmpty() ? Optional.empty() : Optional.of(told.getLast());
        }

        public boolean acknowledged() {
            return told.stream().anyMatch(t -> t.verdict() == Verdict.ACCEPTED || t.verdict() == Verdict.REPEATED);
        }
    }

    private final List<Entry> entries;
    private final Map<String, Operation> operations = new LinkedHashMap<>();
    private final Map<String, Operation> byToken = new HashMap<>();
    private final List<Kept> kept;
    private final Map<String, List<Kept>> keptByToken = new HashMap<>();
    private final Map<String, List<Kept>> keptByStream = new LinkedHashMap<>();
    private final List<Restored> restores;

    public History(List<Entry> entries) {
        this.entries = List.copyOf(entries);
        for (Asked asked : all(Asked.class)) {
            Operation operation = new Operation(asked);
            operations.put(asked.op(), operation);
            for (Target target : asked.targets()) {
                target.tokens().forEach(token -> byToken.put(token, operation));
            }
        }
        all(Told.class).forEach(told -> known(told.op()).told.add(told));
        all(NoAnswer.class).forEach(none -> known(none.op()).unanswered = true);
        kept = all(Kept.class);
        for (Kept event : kept) {
            keptByToken
                    .computeIfAbsent(event.token(), token -> new ArrayList<>(1))
                    .add(event);
            keptByStream
                    .computeIfAbsent(event.stream(), stream -> new ArrayList<>())
                    .add(event);
        }
        keptByStream.values().forEach(events -> events.sort(Comparator.comparingLong(Kept::version)));
        restores = all(Restored.class);
    }

    private Operation known(String op) {
        Operation operation = operations.get(op);
        if (operation == null) {
            throw new IllegalArgumentException("an answer to nothing that was asked: " + op);
        }
        return operation;
    }

    /** The entries of one kind, in the order in which they were written. */
    public <E extends Entry> List<E> all(Class<E> kind) {
        return entries.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    public Iterable<Operation> operations() {
        return operations.values();
    }

    public int size() {
        return operations.size();
    }

    /** The operation that asked for an event; null for one that nobody asked for. */
    public @Nullable Operation of(String token) {
        return byToken.get(token.startsWith(RUNG) ? token.substring(RUNG.length()) : token);
    }

    public List<Kept> kept() {
        return kept;
    }

    public List<Kept> kept(String token) {
        return keptByToken.getOrDefault(token, List.of());
    }

    /** The events that are there at the end, by stream, each in the order of its versions. */
    public Map<String, List<Kept>> streams() {
        return keptByStream;
    }

    public List<Restored> restores() {
        return restores;
    }

    /** Whether a restored dump may have taken this operation's effect away, or let it happen after all. */
    public boolean touchedByRestore(Operation operation) {
        return restores.stream()
                .anyMatch(restored -> operation.asked().at() <= restored.at()
                        && (operation.told().isEmpty()
                                || operation.unanswered()
                                || operation.told().getFirst().at() >= restored.dumpedAt()));
    }

    /** Whether a position of an epoch was undone by a restore: it lies behind what the dump had. */
    public boolean lost(String epoch, long seq) {
        return restores.stream().anyMatch(restored -> restored.ended().equals(epoch) && seq > restored.head());
    }
}
