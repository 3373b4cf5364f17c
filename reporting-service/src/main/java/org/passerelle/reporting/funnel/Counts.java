package org.passerelle.reporting.funnel;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** How many cases reached each stage. Every stage has a number, zero included. */
public record Counts(@JsonValue Map<Stage, Long> cases) {
    public static final Counts NONE = new Counts(Map.of());

    public Counts {
        Map<Stage, Long> full = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            full.put(stage, cases.getOrDefault(stage, 0L));
        }
        cases = Collections.unmodifiableMap(full);
    }

    public long at(Stage stage) {
        return cases.getOrDefault(stage, 0L);
    }

    public Counts plus(Counts other) {
        Map<Stage, Long> sum = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            sum.put(stage, at(stage) + other.at(stage));
        }
        return new Counts(sum);
    }

    public boolean isEmpty() {
        return cases.values().stream().allMatch(count -> count == 0);
    }
}
