package org.passerelle.identification.publishing;

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
        };
        return step == null ? Optional.empty() : event("hand-over-moved", code, event.handOverId(), step);
    }

    /** No case is behind it here, or nobody is to know which: so the hand-over itself is the subject. */
    static Optional<PublicEvent> arrival(ArrivalEvent event) {
        String step = switch (event) {
            case ArrivalEvent.HandOverArrived arrived -> "arrived";
            case ArrivalEvent.ArrivalAccepted accepted -> "accepted";
            case ArrivalEvent.ArrivalDeclined declined -> "declined";
            case ArrivalEvent.ArrivalExpired expired -> "expired";
            case ArrivalEvent.ArrivalWithdrawn withdrawn -> "withdrawn";
        };
        return event("arrival-moved", event.handOverId().toString(), event.handOverId(), step);
    }

    private static Optional<PublicEvent> event(String name, String subject, HandOverId id, String step) {
        return Optional.of(
                new PublicEvent("passerelle.identification." + name + ".v1", subject, subject, new Moved(id, step)));
    }
}
