package org.passerelle.referral.members;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.passerelle.edge.Kernel;
import org.passerelle.eventsourcing.Append;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.StreamAppend;
import org.passerelle.eventsourcing.StreamId;

/**
 * Says once a minute, whatever the number of replicas, that this service is there: an event that goes the way of all others,
 * so that whoever hears it knows that a suspension would have been heard too.
 */
@ApplicationScoped
public class Heartbeat {

    public static final String CATEGORY = "heartbeat";

    /** A moment of the source; it says nothing else. */
    public record Beat() {}

    public static final EventTypes<Beat> TYPES = EventTypes.of(Beat.class)
            .type("membership.heartbeat", 1, Beat.class)
            .build();

    private static final Duration LOOK = Duration.ofSeconds(5);

    /** A moment ahead of the clock was written by a clock that has been put right since. */
    private static final String DUE = "update heartbeat set at = clock_timestamp()"
            + " where at <= clock_timestamp() - interval '1 minute' or at > clock_timestamp()"
            + " returning at";

    @Inject
    Kernel kernel;

    @Inject
    EventStore store;

    void start(@Observes @Priority(10_200) StartupEvent started) {
        kernel.run(
                "heartbeat",
                LOOK,
                () -> kernel.mayAct() ? beat().replaceWith(0) : Uni.createFrom().item(0));
    }

    private Uni<Void> beat() {
        return kernel.pool()
                .withTransaction(tx -> tx.query(DUE)
                        .execute()
                        .flatMap(due -> due.size() == 0
                                ? Uni.createFrom().voidItem()
                                : store.appendIn(tx, append()).replaceWithVoid()));
    }

    private static Append append() {
        StreamAppend beat = new StreamAppend(
                new StreamId(CATEGORY, "directory"),
                ExpectedVersion.any(),
                List.of(TYPES.encode(new Beat())),
                List.of());
        return new Append(List.of(beat), Metadata.system("heartbeat"), null);
    }
}
