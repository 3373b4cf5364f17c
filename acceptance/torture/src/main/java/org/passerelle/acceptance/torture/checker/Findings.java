package org.passerelle.acceptance.torture.checker;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects anomalies; of each kind only the first hundred, for one mistake can show in every event. */
final class Findings {

    private static final int LIMIT = 100;

    private final List<Anomaly> anomalies = new ArrayList<>();
    private final Map<Anomaly.Kind, Integer> counts = new EnumMap<>(Anomaly.Kind.class);

    void add(Anomaly.Kind kind, String what) {
        if (counts.merge(kind, 1, Integer::sum) <= LIMIT) {
            anomalies.add(new Anomaly(kind, what));
        }
    }

    List<Anomaly> anomalies() {
        return List.copyOf(anomalies);
    }
}
