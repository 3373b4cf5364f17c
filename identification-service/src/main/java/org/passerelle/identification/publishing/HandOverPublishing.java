package org.passerelle.identification.publishing;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.identification.arriving.ArrivalEvent;
import org.passerelle.identification.casefile.CaseEvent;
import org.passerelle.identification.handingover.HandOver;
import org.passerelle.identification.handingover.HandOverId;

/**
 * Of hand-overs others may count how far they came. Which country it is, on which road, and why it was declined or stopped
 * concerns the owner and the other mechanism alone.
 */
final class HandOverPublishing {

    record Moved(HandOverId handOverId, String step) {}

    record Overdue(HandOverId handOverId, ArrivalEvent.ArrivalOverdue.Told told, Instant nextAt) {}

    private HandOverPublishing() {}

    static Optional<PublicEvent> ofACase(String code, CaseEvent.OfHandOver event) {
        @Nullable
        String step = switch (event) {
            case CaseEvent.HandOverRequested requested -> "requested";
            case CaseEvent.HandOverSent sent -> "sent";
            case CaseEvent.HandOverStopped stopped -> stopped.why() == HandOver.Stop.EXPIRED ? "expired" : "stopped";
            case CaseEvent.HandOverAnswered answered ->
                switch (answered.verdict()) {
                    case RECEIVED -> "arrived";
                    case ACCEPTED -> "accepted";
                    case DECLINED -> "declined";
                };
            case CaseEvent.HandOverWithdrawn withdrawn -> "withdrawn";
            // Between the two mechanisms.
            case CaseEvent.HandOverWithdrawalHeard heard -> null;
            // Inside the organisation.
            case CaseEvent.HandOverEndNoted noted -> null;
        };
        return step == null ? Optional.empty() : event("hand-over-moved", code, new Moved(event.handOverId(), step));
    }

    /** No case is behind it here, or nobody is to know which: so the hand-over itself is the subject. */
    static Optional<PublicEvent> arrival(ArrivalEvent event) {
        if (event instanceof ArrivalEvent.ArrivalOverdue overdue) {
            return event(
                    "arrival-overdue",
                    event.handOverId().toString(),
                    new Overdue(overdue.handOverId(), overdue.told(), overdue.nextAt()));
        }
        String step = switch (event) {
            case ArrivalEvent.HandOverArrived arrived -> "arrived";
            case ArrivalEvent.ArrivalAccepted accepted -> "accepted";
            case ArrivalEvent.ArrivalDeclined declined -> "declined";
            case ArrivalEvent.ArrivalExpired expired -> "expired";
            case ArrivalEvent.ArrivalWithdrawn withdrawn -> "withdrawn";
            case ArrivalEvent.ArrivalOverdue overdue -> throw new IllegalStateException("told above");
        };
        return event("arrival-moved", event.handOverId().toString(), new Moved(event.handOverId(), step));
    }

    private static Optional<PublicEvent> event(String name, String subject, Object data) {
        return Optional.of(new PublicEvent("passerelle.identification." + name + ".v1", subject, subject, data));
    }
}
