package org.passerelle.identification.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.eventsourcing.testkit.GoldenFiles;
import org.passerelle.identification.arriving.ArrivalStream;
import org.passerelle.identification.detecting.Person;
import org.passerelle.identification.detecting.Sex;
import org.passerelle.identification.emergency.GlassStream;

/** Every version of every event that was ever stored is read for ever, see {@link GoldenFiles}. */
class StoredEventsTest {

    private static final GoldenFiles GOLDEN = new GoldenFiles();

    @Test
    void everyVersionEverStoredIsStillRead() throws IOException {
        GOLDEN.areRead(CaseStream.TYPES);
        GOLDEN.areRead(GlassStream.TYPES);
        GOLDEN.areRead(ArrivalStream.TYPES);
        GOLDEN.areAllOf(CaseStream.TYPES, GlassStream.TYPES, ArrivalStream.TYPES);
    }

    @Test
    void theGoldenFilesTogetherAreAHistory() throws IOException {
        CaseDecider decider = new CaseDecider();
        CaseFile file = decider.initial();
        CaseFile erased = file;
        List<String> order = new ArrayList<>();
        order.add("identification.detection-recorded");
        CaseStream.TYPES.current().keySet().stream()
                .filter(name -> !order.contains(name))
                .sorted((a, b) -> Boolean.compare(a.endsWith("case-closed"), b.endsWith("case-closed")))
                .forEach(order::add);
        for (String name : order) {
            int version = CaseStream.TYPES.current().getOrDefault(name, 0);
            CaseEvent event = GOLDEN.read(CaseStream.TYPES, name, version);
            file = decider.evolve(file, event);
            erased = decider.evolve(erased, GOLDEN.readErased(CaseStream.TYPES, event));
        }
        assertThat(file).isInstanceOf(CaseFile.Closed.class);
        assertThat(erased).isInstanceOfSatisfying(CaseFile.Closed.class, closed -> {
            assertThat(closed.facts().detection().person())
                    .isEqualTo(new Person(
                            null, null, null, null, Sex.NON_SPECIFIED_UNKNOWN, null, null, List.of(), List.of()));
            assertThat(closed.facts().screenings())
                    .allSatisfy(screening -> assertThat(screening.answers()).isEmpty());
            assertThat(closed.facts().needs()).isNotEmpty();
        });
    }

    @Test
    void theExampleHistoryHasEveryKindOfEvent() {
        TreeSet<String> seen = new TreeSet<>();
        Histories.everything().stream().map(StoredEvent::type).forEach(seen::add);
        assertThat(seen).isEqualTo(CaseStream.TYPES.current().keySet());
    }
}
