package org.passerelle.acceptance.torture.checker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.passerelle.acceptance.torture.checker.Anomaly.Kind;
import org.passerelle.acceptance.torture.history.Entry.Echoed;
import org.passerelle.acceptance.torture.history.Entry.Effected;
import org.passerelle.acceptance.torture.history.Entry.Kept;
import org.passerelle.acceptance.torture.history.Entry.Parked;
import org.passerelle.acceptance.torture.history.History;

/**
 * Every event had its effect in the other database exactly once, in the order of its case; a parked record holds up
 * what follows in its case and nothing else. Judged only where a history has a consumer at all.
 */
final class Effects {

    private Effects() {}

    static void check(History history, Findings findings) {
        List<Effected> effects = history.all(Effected.class);
        if (effects.isEmpty() && history.all(Parked.class).isEmpty()) {
            return;
        }
        Map<String, Kept> named = new HashMap<>();
        history.kept().forEach(event -> named.put(event.name(), event));
        Map<String, Long> parked = new HashMap<>();
        Set<String> waiting = new HashSet<>();
        for (Parked record : history.all(Parked.class)) {
            Kept event = named.get(record.name());
            if (event != null) {
                parked.merge(record.key(), event.seq(), Math::min);
                waiting.add(event.token());
            }
        }
        Map<String, List<Effected>> byKey = new LinkedHashMap<>();
        effects.stream()
                .sorted(Comparator.comparingLong(Effected::order))
                .filter(effect -> named.containsKey(effect.name()) || !history.lost(effect.epoch(), effect.seq()))
                .forEach(effect -> byKey.computeIfAbsent(effect.key(), key -> new ArrayList<>())
                        .add(effect));
        Set<String> done = new HashSet<>();
        byKey.forEach((key, own) -> inOrder(named, own, parked.getOrDefault(key, Long.MAX_VALUE), done, findings));
        for (Kept event : history.kept()) {
            if (event.seq() > 0 && !done.contains(event.token()) && !waiting.contains(event.token())) {
                findings.add(Kind.EFFECT_MISSING, event + " had no effect");
            }
        }
        echoes(history, effects, findings);
    }

    /** The order's key is what follows the category in the stream's name. */
    private static String key(String stream) {
        return stream.substring(stream.indexOf('-') + 1);
    }

    private static void inOrder(
            Map<String, Kept> named, List<Effected> effects, long parked, Set<String> done, Findings findings) {
        long last = 0;
        for (Effected effect : effects) {
            Kept event = named.get(effect.name());
            if (event == null || !event.token().equals(effect.token())) {
                findings.add(Kind.EFFECT_OF_NOTHING, effect + " is of " + event);
                continue;
            }
            if (!done.add(effect.token())) {
                findings.add(Kind.EFFECT_DOUBLED, effect + " happened before");
            } else if (event.seq() < last) {
                findings.add(Kind.EFFECT_OVERTOOK, effect + " came after that of " + last);
            }
            if (event.seq() >= parked) {
                findings.add(Kind.EFFECT_OVERTOOK, effect + " overtook the parked " + parked);
            }
            last = Math.max(last, event.seq());
        }
    }

    /** What the effects appended in their own store: one event each, in the order of the effects, none lost. */
    private static void echoes(History history, List<Effected> effects, Findings findings) {
        List<Echoed> echoes = history.all(Echoed.class);
        if (echoes.isEmpty()) {
            return;
        }
        Map<String, List<Echoed>> streams = new HashMap<>();
        echoes.forEach(echo -> streams.computeIfAbsent(key(echo.stream()), key -> new ArrayList<>())
                .add(echo));
        Map<String, List<Effected>> byKey = new HashMap<>();
        effects.stream()
                .sorted(Comparator.comparingLong(Effected::order))
                .forEach(effect -> byKey.computeIfAbsent(effect.key(), key -> new ArrayList<>())
                        .add(effect));
        byKey.forEach((key, own) -> {
            List<Echoed> stream = streams.getOrDefault(key, new ArrayList<>());
            stream.sort(Comparator.comparingLong(Echoed::version));
            List<String> expected = own.stream().map(Effected::token).toList();
            List<String> appended = stream.stream().map(Echoed::token).toList();
            if (!expected.equals(appended)) {
                findings.add(
                        Kind.EFFECT_OUT_OF_STEP,
                        "the effects of " + key + " are " + expected.size() + " but appended " + appended.size()
                                + " events, or others");
            }
            for (int i = 1; i < stream.size(); i++) {
                if (stream.get(i).seq() < stream.get(i - 1).seq()) {
                    findings.add(Kind.INVERSION, stream.get(i) + " comes before " + stream.get(i - 1));
                }
            }
        });
    }
}
