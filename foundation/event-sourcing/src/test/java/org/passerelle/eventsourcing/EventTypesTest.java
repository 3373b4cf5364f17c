package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
class EventTypesTest {

    private static Counter.Event decode(String type, int version, String json) {
        return Counter.TYPES.decode(type, version, json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everyEventRoundTripsThroughItsStoredBytes() {
        for (Counter.Event event : new Counter.Event[] {
            new Counter.Added(3, "é"),
            new Counter.AlarmSet(Instant.parse("2026-11-22T10:00:00.123456Z")),
            new Counter.Rung()
        }) {
            NewEvent stored = Counter.TYPES.encode(event);
            assertThat(Counter.TYPES.decode(stored.type(), stored.schemaVersion(), stored.data()))
                    .isEqualTo(event);
        }
    }

    @Test
    void anOldVersionIsReadForEver() {
        assertThat(decode("counter.added", 1, "{\"n\":4}")).isEqualTo(new Counter.Added(4, null));
    }

    @Test
    void aFieldOfALaterReleaseIsPassedOver() {
        assertThat(decode("counter.added", 2, "{\"number\":4,\"colour\":\"red\"}"))
                .isEqualTo(new Counter.Added(4, null));
    }

    @Test
    void unknownNamesAndVersionsAreSaid() {
        assertThatThrownBy(() -> decode("counter.multiplied", 1, "{}"))
                .isInstanceOf(EventTypes.UnknownEvent.class)
                .hasMessage("unknown event counter.multiplied version 1");
        assertThatThrownBy(() -> decode("counter.added", 3, "{}")).isInstanceOf(EventTypes.UnknownEvent.class);
    }

    @Test
    void unreadableBytesAreSaidWithoutQuotingThem() {
        assertThatThrownBy(() -> decode("counter.added", 2, "{\"number\":\"Aline\"}"))
                .isInstanceOf(EventTypes.UnreadableEvent.class)
                .hasNoCause()
                .message()
                .doesNotContain("Aline");
    }

    @Test
    void aNameGivenTwiceIsRefused() {
        var builder = EventTypes.of(Counter.Event.class).type("a", 1, Counter.Rung.class);
        assertThatThrownBy(() -> builder.type("a", 1, Counter.Added.class)).hasMessageContaining("given twice");
    }
}
