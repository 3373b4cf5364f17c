package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.passerelle.eventsourcing.testkit.TestStore;

/** States of streams: what a store remembers is believed only at the version that the database has; and as they were. */
@Tag("kernel")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class KnownStatesTest {

    private static final Metadata ME = Metadata.system("test");

    private final TestStore db = new TestStore();
    private final EventStore store = db.store;

    @AfterAll
    void stop() {
        db.close();
    }

    private static StreamId stream(String name) {
        return Counter.KIND.stream(name + UUID.randomUUID());
    }

    @Test
    void aStateThatAnotherReplicaHasMadeOldDecidesNothing() {
        StreamId stream = stream("shared");
        EventStore other = new EventStore(db.pool(2), List.of(), () -> {});
        for (int i = 0; i < 5; i++) {
            for (EventStore replica : List.of(store, other)) {
                replica.handle(Counter.KIND, stream, new Counter.Add(1), ExpectedVersion.any(), ME)
                        .await()
                        .indefinitely();
            }
        }
        assertThat(store.load(Counter.KIND, stream).await().indefinitely())
                .isEqualTo(new Loaded<>(new Counter(10, false), 10));
        // The other's known state is one event behind; what it expects is right all the same.
        assertThat(store.handle(Counter.KIND, stream, new Counter.Add(1), ExpectedVersion.exactly(10), ME)
                        .await()
                        .indefinitely()
                        .version())
                .isEqualTo(11);
        assertThat(other.handle(Counter.KIND, stream, new Counter.Add(1), ExpectedVersion.exactly(11), ME)
                        .await()
                        .indefinitely()
                        .version())
                .isEqualTo(12);
    }

    @Test
    void aStateThatTheDatabaseNoLongerHasIsForgotten() {
        StreamId stream = stream("restored");
        for (int i = 0; i < 3; i++) {
            store.handle(Counter.KIND, stream, new Counter.Add(1), ExpectedVersion.any(), ME)
                    .await()
                    .indefinitely();
        }
        db.query("delete from event where version > 1 and stream_id = '" + stream.text() + "'");
        db.query("update stream set version = 1 where id = '" + stream.text() + "'");
        assertThat(store.load(Counter.KIND, stream).await().indefinitely())
                .isEqualTo(new Loaded<>(new Counter(1, false), 1));
        assertThat(store.handle(Counter.KIND, stream, new Counter.Add(1), ExpectedVersion.any(), ME)
                        .await()
                        .indefinitely()
                        .version())
                .isEqualTo(2);
    }

    @Test
    void aStreamIsReadAsItWasAtAVersionAndAtAnInstant() throws InterruptedException {
        StreamId stream = stream("told");
        List<Recorded<Counter.Event>> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            store.handle(Counter.KIND, stream, new Counter.Add(1), ExpectedVersion.any(), ME)
                    .await()
                    .indefinitely();
            Thread.sleep(2);
        }
        all.addAll(store.history(Counter.KIND, stream).await().indefinitely());
        assertThat(store.load(Counter.KIND, stream, UpTo.version(2))
                        .await()
                        .indefinitely()
                        .version())
                .isEqualTo(2);
        assertThat(store.history(Counter.KIND, stream, UpTo.at(all.get(1).recordedAt()))
                        .await()
                        .indefinitely())
                .isEqualTo(all.subList(0, 2));
        assertThat(store.load(
                                Counter.KIND,
                                stream,
                                UpTo.at(all.get(0).recordedAt().minusMillis(1)))
                        .await()
                        .indefinitely()
                        .version())
                .isZero();
    }
}
