package org.passerelle.referral.referring;

import java.util.List;
import org.passerelle.eventsourcing.DeadlineChange;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.referring.ReferralEvent.CaseWorkerTaskRaised;
import org.passerelle.referral.referring.ReferralEvent.LateAcceptanceRecorded;
import org.passerelle.referral.referring.ReferralEvent.NeedRouted;
import org.passerelle.referral.referring.ReferralEvent.OfferAccepted;
import org.passerelle.referral.referring.ReferralEvent.OfferDeclined;
import org.passerelle.referral.referring.ReferralEvent.OfferExpired;
import org.passerelle.referral.referring.ReferralEvent.OfferWithdrawn;
import org.passerelle.referral.referring.ReferralEvent.ReferralCancelled;
import org.passerelle.referral.referring.ReferralEvent.ReferralCompleted;
import org.passerelle.referral.referring.ReferralEvent.ReferralRequested;
import org.passerelle.referral.referring.ReferralEvent.ServiceGapFound;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;

/** How referrals are stored: one stream each, keyed by the need's id; the names of their events; their deadlines. */
public final class ReferralStream {

    public static final String CATEGORY = "referral";

    /** The need's own clock. */
    static final String NEED_CLOCK = "need-clock";

    /** One offer's deadline: this and the offer's id. */
    static final String ANSWER_BY = "answer-by:";

    /** The directory changed while the need was waiting. */
    static final String LOOK_AGAIN = "look-again";

    public static final EventTypes<ReferralEvent> TYPES = EventTypes.of(ReferralEvent.class)
            .type("referral.requested", 1, ReferralRequested.class)
            .type("referral.need-routed", 1, NeedRouted.class)
            .type("referral.service-offered", 1, ServiceOffered.class)
            .type("referral.offer-accepted", 1, OfferAccepted.class)
            .type("referral.offer-declined", 1, OfferDeclined.class)
            .type("referral.offer-expired", 1, OfferExpired.class)
            .type("referral.offer-withdrawn", 1, OfferWithdrawn.class)
            .type("referral.late-acceptance-recorded", 1, LateAcceptanceRecorded.class)
            .type("referral.case-worker-task-raised", 1, CaseWorkerTaskRaised.class)
            .type("referral.service-gap-found", 1, ServiceGapFound.class)
            .type("referral.completed", 1, ReferralCompleted.class)
            .type("referral.cancelled", 1, ReferralCancelled.class)
            .about((stream, event) -> event.about().caseCode().value())
            .build();

    private ReferralStream() {}

    public static StreamKind<ReferralCommand, Referral, ReferralEvent> kind(ReferralDecider decider) {
        return new StreamKind<>(CATEGORY, decider, TYPES, ReferralStream::deadlines);
    }

    public static StreamId of(ReferralId id) {
        return new StreamId(CATEGORY, id.toString());
    }

    static List<DeadlineChange> deadlines(ReferralEvent event) {
        return switch (event) {
            case ReferralRequested requested ->
                List.of(DeadlineChange.set(NEED_CLOCK, requested.request().dueAt()));
            case ServiceOffered offered -> List.of(DeadlineChange.set(answerBy(offered.offer()), offered.answerBy()));
            case OfferAccepted accepted ->
                List.of(DeadlineChange.cancel(answerBy(accepted.offer())), DeadlineChange.cancel(NEED_CLOCK));
            case OfferDeclined declined -> List.of(DeadlineChange.cancel(answerBy(declined.offer())));
            case OfferWithdrawn withdrawn -> List.of(DeadlineChange.cancel(answerBy(withdrawn.offer())));
            case ReferralCompleted completed -> List.of(DeadlineChange.cancel(NEED_CLOCK));
            case ReferralCancelled cancelled -> List.of(DeadlineChange.cancel(NEED_CLOCK));
            case NeedRouted none -> List.of();
            case OfferExpired none -> List.of();
            case LateAcceptanceRecorded none -> List.of();
            case CaseWorkerTaskRaised none -> List.of();
            case ServiceGapFound none -> List.of();
        };
    }

    private static String answerBy(OfferId offer) {
        return ANSWER_BY + offer;
    }
}
