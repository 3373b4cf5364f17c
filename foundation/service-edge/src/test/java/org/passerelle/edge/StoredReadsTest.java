package org.passerelle.edge;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.testkit.GoldenFiles;

/** Who looked at a case can be told for ever, see {@link GoldenFiles}. */
class StoredReadsTest {

    @Test
    void everyVersionEverStoredIsStillRead() throws IOException {
        GoldenFiles golden = new GoldenFiles();
        golden.mean(
                Reads.TYPES,
                List.of(
                        new Reads.CaseRead("read-case", List.of("4829-1370-6158"), "summary", "audit"),
                        new Reads.RequestsRefused(
                                Instant.parse("2026-11-20T12:00:00Z"), Map.of("case.read", 3, "case.list", 1)),
                        new Reads.HarvestSuspected("opened", 120)));
        golden.areAllOf(Reads.TYPES);
    }
}
