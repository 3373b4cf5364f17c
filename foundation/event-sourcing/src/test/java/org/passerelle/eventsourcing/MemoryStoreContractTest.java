package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.testkit.MemoryStore;
import org.passerelle.eventsourcing.testkit.SetClock;
import org.passerelle.eventsourcing.testkit.StoreContract;

class MemoryStoreContractTest extends StoreContract {

    private final SetClock clock = new SetClock(Instant.parse("2026-11-20T10:00:00Z"));

    @Override
    protected Subject newStore() {
        return new MemoryStore(clock);
    }

    @Test
    void aClockThatIsSetBackDoesNotSetTheStreamBack() {
        store.append(append(to(stream("a"), ExpectedVersion.any(), 1)));
        clock.advance(Duration.ofHours(-1));
        store.append(append(to(stream("a"), ExpectedVersion.any(), 1)));
        assertThat(store.stream(stream("a")))
                .extracting(StoredEvent::recordedAt)
                .isSorted();
    }
}
