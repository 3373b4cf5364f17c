package org.passerelle.identification.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.StoredEvent;

/**
 * Every version of every event that was ever stored has a golden file, {@code golden/<name>.v<version>.json}, which this
 * release must read. A golden file is never changed: a new version gets a new one, and an upcaster.
 */
class StoredEventsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void everyVersionEverStoredIsStillRead() throws IOException {
        for (Map.Entry<String, Integer> type : CaseStream.TYPES.current().entrySet()) {
            for (int version = 1; version <= type.getValue(); version++) {
                byte[] golden = golden(type.getKey(), version);
                CaseEvent event = CaseStream.TYPES.decode(type.getKey(), version, golden);
                if (version == type.getValue()) {
                    assertThat(JSON.readTree(CaseStream.TYPES.encode(event).data()))
                            .as(type.getKey())
                            .isEqualTo(JSON.readTree(golden));
                }
            }
        }
    }

    @Test
    void theGoldenFilesTogetherAreAHistory() throws IOException {
        CaseDecider decider = new CaseDecider();
        CaseFile file = decider.initial();
        List<String> order = new ArrayList<>();
        order.add("identification.detection-recorded");
        CaseStream.TYPES.current().keySet().stream()
                .filter(name -> !order.contains(name))
                .sorted((a, b) -> Boolean.compare(a.endsWith("case-closed"), b.endsWith("case-closed")))
                .forEach(order::add);
        for (String name : order) {
            int version = CaseStream.TYPES.current().getOrDefault(name, 0);
            file = decider.evolve(file, CaseStream.TYPES.decode(name, version, golden(name, version)));
        }
        assertThat(file).isInstanceOf(CaseFile.Closed.class);
    }

    @Test
    void theExampleHistoryHasEveryKindOfEvent() {
        TreeSet<String> seen = new TreeSet<>();
        Histories.everything().stream().map(StoredEvent::type).forEach(seen::add);
        assertThat(seen).isEqualTo(CaseStream.TYPES.current().keySet());
    }

    private static byte[] golden(String name, int version) throws IOException {
        String path = "/golden/" + name + ".v" + version + ".json";
        try (InputStream in = StoredEventsTest.class.getResourceAsStream(path)) {
            assertThat(in).as("golden file %s", path).isNotNull();
            return Objects.requireNonNull(in).readAllBytes();
        }
    }
}
