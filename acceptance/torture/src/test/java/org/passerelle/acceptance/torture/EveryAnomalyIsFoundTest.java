package org.passerelle.acceptance.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.passerelle.acceptance.torture.checker.Anomaly;
import org.passerelle.acceptance.torture.checker.Anomaly.Kind;
import org.passerelle.acceptance.torture.checker.Checker;
import org.passerelle.acceptance.torture.history.Entry;
import org.passerelle.acceptance.torture.history.Entry.Seen;
import org.passerelle.acceptance.torture.history.Entry.Target;
import org.passerelle.acceptance.torture.history.Entry.Verdict;
import org.passerelle.acceptance.torture.history.History;

/** A sound history in which one thing is falsified: each kind of anomaly is found, and found as what it is. */
@Tag("torture")
class EveryAnomalyIsFoundTest {

    private static final String E = Sketch.EPOCH;
    private static final String A = "torture-a";
    private static final String B = "torture-b";

    /** Two streams, one append to both with a deadline, a rollback, a conflict, a repeat, a follower and effects. */
    private static List<Entry> sound() {
        return waiting(
                4_000,
                List.of(
                        new Entry.Head(1, 0, false),
                        asked(2, "one", false, new Target(A, 0, List.of("a1", "a2"), List.of("a2"))),
                        new Entry.Told(3, "one", Verdict.ACCEPTED, Map.of(A, 2L)),
                        asked(
                                4,
                                "two",
                                false,
                                new Target(A, 2, List.of("a3"), List.of()),
                                new Target(B, 0, List.of("b1"), List.of())),
                        new Entry.NoAnswer(5, "two"),
                        new Entry.Told(6, "two", Verdict.REPEATED, Map.of()),
                        asked(7, "rolled-back", true, new Target(B, Entry.ANY, List.of("never"), List.of())),
                        new Entry.Told(8, "rolled-back", Verdict.ABORTED, Map.of()),
                        asked(9, "late", false, new Target(B, 0, List.of("conflict"), List.of())),
                        new Entry.Told(10, "late", Verdict.CONFLICT, Map.of()),
                        new Entry.StreamPage(11, 12, A, List.of("a1", "a2", "a3")),
                        new Entry.LogPage(
                                13, 14, "reader", E, 0, List.of(new Seen(1, A, 1, "a1"), new Seen(2, A, 2, "a2"))),
                        new Entry.LogPage(
                                15,
                                16,
                                "reader",
                                E,
                                2,
                                List.of(
                                        new Seen(3, A, 3, "a3"),
                                        new Seen(4, B, 1, "b1"),
                                        new Seen(5, A, 4, "rung:a2"))),
                        kept(1, A, 1, "a1", 100, 0),
                        kept(2, A, 2, "a2", 100, 0),
                        kept(3, A, 3, "a3", 200, 0),
                        kept(4, B, 1, "b1", 200, 0),
                        kept(5, A, 4, "rung:a2", 300, 250),
                        new Entry.KeptStream(A, 4),
                        new Entry.KeptStream(B, 1),
                        new Entry.Effected(1, E, "a", 1, "a1"),
                        new Entry.Effected(2, E, "a", 2, "a2"),
                        new Entry.Effected(3, E, "a", 3, "a3"),
                        new Entry.Effected(4, E, "a", 5, "rung:a2"),
                        new Entry.Parked(E, "b", 4),
                        new Entry.Echoed(1, "echo-a", 1, "a1"),
                        new Entry.Echoed(2, "echo-a", 2, "a2"),
                        new Entry.Echoed(3, "echo-a", 3, "a3"),
                        new Entry.Echoed(4, "echo-a", 4, "rung:a2")));
    }

    /** The same, and a producer was paused while an event waited for its position that long. */
    private static List<Entry> waiting(int millis, List<Entry> entries) {
        List<Entry> all = new ArrayList<>(entries);
        all.add(new Entry.FaultBegan(20, 1, "FREEZE_PRODUCER", true));
        for (int at = 1; at <= millis; at += 100) {
            all.add(new Entry.Head(at * 1_000L, 4, true));
        }
        all.add(new Entry.Head((millis + 100) * 1_000L, 5, false));
        all.add(new Entry.FaultEnded((millis + 200) * 1_000L, 1));
        return all;
    }

    private static Entry asked(long at, String op, boolean aborts, Target... targets) {
        return new Entry.Asked(at, op, true, aborts, List.of(targets));
    }

    private static Entry.Kept kept(long seq, String stream, long version, String token, long recordedAt, long due) {
        return new Entry.Kept(seq, E + ":" + seq, stream, version, token, recordedAt, due);
    }

    private static Predicate<Entry> token(String token) {
        return entry -> entry instanceof Entry.Kept event && event.token().equals(token);
    }

    private static Predicate<Entry> effect(String token) {
        return entry -> entry instanceof Entry.Effected effect && effect.token().equals(token);
    }

    private static UnaryOperator<List<Entry>> without(Predicate<Entry> which) {
        return entries -> entries.stream().filter(which.negate()).toList();
    }

    private static UnaryOperator<List<Entry>> with(Entry more) {
        return entries -> Stream.concat(entries.stream(), Stream.of(more)).toList();
    }

    private static UnaryOperator<List<Entry>> instead(Predicate<Entry> which, Entry other) {
        return entries ->
                entries.stream().map(entry -> which.test(entry) ? other : entry).toList();
    }

    private static UnaryOperator<List<Entry>> instead(Entry which, Entry other) {
        return instead(which::equals, other);
    }

    private static final Map<Kind, UnaryOperator<List<Entry>>> FALSIFIED = new EnumMap<>(Map.ofEntries(
            Map.entry(Kind.LOST, without(token("a3").or(token("b1")))),
            Map.entry(Kind.DOUBLED, with(kept(6, A, 5, "a3", 300, 0))),
            Map.entry(Kind.PHANTOM, with(kept(6, B, 2, "never", 300, 0))),
            Map.entry(Kind.TORN, without(token("b1"))),
            Map.entry(
                    Kind.WRONG_ANSWER,
                    instead(
                            new Entry.Told(3, "one", Verdict.ACCEPTED, Map.of(A, 2L)),
                            new Entry.Told(3, "one", Verdict.ACCEPTED, Map.of(A, 1L)))),
            Map.entry(Kind.UNRESOLVED, without(new Entry.Told(6, "two", Verdict.REPEATED, Map.of())::equals)),
            Map.entry(Kind.VERSION_GAP, instead(token("rung:a2"), kept(5, A, 5, "rung:a2", 300, 250))),
            Map.entry(Kind.SEQ_GAP, instead(token("rung:a2"), kept(0, A, 4, "rung:a2", 300, 250))),
            Map.entry(
                    Kind.INVERSION,
                    instead(token("a2"), kept(3, A, 2, "a2", 100, 0))
                            .andThen(instead(token("a3"), kept(2, A, 3, "a3", 200, 0)))::apply),
            Map.entry(Kind.TIME_BACKWARDS, instead(token("a3"), kept(3, A, 3, "a3", 50, 0))),
            Map.entry(
                    Kind.READER_MISSED,
                    instead(
                            entry -> entry instanceof Entry.LogPage page && page.after() == 0,
                            new Entry.LogPage(13, 14, "reader", E, 0, List.of(new Seen(2, A, 2, "a2"))))),
            Map.entry(
                    Kind.READER_REPEATED,
                    with(new Entry.LogPage(30, 31, "reader", E, 5, List.of(new Seen(5, A, 4, "rung:a2"))))),
            Map.entry(
                    Kind.READER_DISAGREES,
                    instead(
                            entry -> entry instanceof Entry.StreamPage,
                            new Entry.StreamPage(11, 12, A, List.of("a1", "never", "a3")))),
            Map.entry(
                    Kind.FROM_THE_FUTURE,
                    with(new Entry.LogPage(0, 1, "hasty", E, 4, List.of(new Seen(5, A, 4, "rung:a2"))))),
            Map.entry(
                    Kind.STALE_READ,
                    instead(
                            entry -> entry instanceof Entry.StreamPage,
                            new Entry.StreamPage(11, 12, A, List.of("a1")))),
            Map.entry(Kind.EFFECT_MISSING, without(effect("rung:a2"))),
            Map.entry(Kind.EFFECT_DOUBLED, with(new Entry.Effected(9, E, "a", 5, "rung:a2"))),
            Map.entry(
                    Kind.EFFECT_OVERTOOK,
                    instead(effect("a2"), new Entry.Effected(3, E, "a", 2, "a2"))
                            .andThen(instead(effect("a3"), new Entry.Effected(2, E, "a", 3, "a3")))::apply),
            Map.entry(
                    Kind.EFFECT_OUT_OF_STEP,
                    without(entry -> entry instanceof Entry.Echoed echo && echo.version() == 4)),
            Map.entry(Kind.EFFECT_OF_NOTHING, with(new Entry.Effected(9, E, "a", 7, "nothing"))),
            Map.entry(Kind.DEADLINE, without(token("rung:a2"))),
            Map.entry(
                    Kind.SLOW_FAIL_OVER,
                    entries -> waiting(
                            6_000,
                            entries.stream()
                                    .filter(e -> !(e instanceof Entry.Head))
                                    .toList())),
            Map.entry(Kind.RESTORE_UNNOTICED, with(new Entry.RestoreUnnoticed(40, "nobody noticed")))));

    private static List<Kind> kinds(List<Entry> entries) {
        return Checker.check(new History(new ArrayList<>(entries))).stream()
                .map(Anomaly::kind)
                .toList();
    }

    @Test
    void aSoundHistoryIsNotAccused() {
        assertThat(Checker.check(new History(sound()))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void isFound(Kind kind) {
        assertThat(FALSIFIED).containsKey(kind);
        assertThat(kinds(FALSIFIED.get(kind).apply(sound()))).contains(kind);
    }
}
