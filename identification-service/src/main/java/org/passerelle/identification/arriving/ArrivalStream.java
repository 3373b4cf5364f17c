package org.passerelle.identification.arriving;

import java.util.List;
import org.passerelle.eventsourcing.DeadlineChange;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.identification.handingover.HandOverId;

/** One stream for each hand-over that came to this mechanism. */
public final class ArrivalStream {

    public static final String CATEGORY = "arrival";

    public static final EventTypes<ArrivalEvent> TYPES = EventTypes.of(ArrivalEvent.class)
            .type("identification.hand-over-arrived", 1, ArrivalEvent.HandOverArrived.class)
            .type("identification.arrival-accepted", 1, ArrivalEvent.ArrivalAccepted.class)
            .type("identification.arrival-declined", 1, ArrivalEvent.ArrivalDeclined.class)
            .type("identification.arrival-expired", 1, ArrivalEvent.ArrivalExpired.class)
            .type("identification.arrival-overdue", 1, ArrivalEvent.ArrivalOverdue.class)
            .type("identification.arrival-withdrawn", 1, ArrivalEvent.ArrivalWithdrawn.class)
            .build();

    public static final StreamKind<ArrivalCommand, Arrival, ArrivalEvent> KIND =
            new StreamKind<>(CATEGORY, new ArrivalDecider(), TYPES, ArrivalStream::deadlines);

    /** Nobody can accept it any more. */
    private static final String END = "answer";

    /** Somebody is told that the desk has not answered. */
    public static final String REMINDER = "reminder";

    private static final List<DeadlineChange> OVER =
            List.of(DeadlineChange.cancel(END), DeadlineChange.cancel(REMINDER));

    private ArrivalStream() {}

    private static List<DeadlineChange> deadlines(ArrivalEvent event) {
        return switch (event) {
            case ArrivalEvent.HandOverArrived arrived ->
                List.of(
                        DeadlineChange.set(END, arrived.until()),
                        DeadlineChange.set(REMINDER, arrived.running().remindAt()));
            case ArrivalEvent.ArrivalOverdue overdue -> List.of(DeadlineChange.set(REMINDER, overdue.nextAt()));
            case ArrivalEvent.ArrivalAccepted accepted -> OVER;
            case ArrivalEvent.ArrivalDeclined declined -> OVER;
            case ArrivalEvent.ArrivalWithdrawn withdrawn -> OVER;
            case ArrivalEvent.ArrivalExpired expired -> OVER;
        };
    }

    public static StreamId of(HandOverId id) {
        return KIND.stream(id.toString());
    }
}
