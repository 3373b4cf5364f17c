package org.passerelle.edge;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.testkit.GoldenFiles;

/** Who looked at a case can be told for ever, see {@link GoldenFiles}. */
class StoredReadsTest {

    @Test
    void everyVersionEverStoredIsStillRead() throws IOException {
        GoldenFiles golden = new GoldenFiles();
        golden.mean(Reads.TYPES, List.of(new Reads.CaseRead("read-case", List.of("4829-1370-6158"), "summary")));
        golden.areAllOf(Reads.TYPES);
    }
}
