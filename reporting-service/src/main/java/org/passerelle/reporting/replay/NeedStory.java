package org.passerelle.reporting.replay;

import java.time.Instant;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import org.passerelle.reporting.ledger.Fact;
import org.passerelle.reporting.replay.CaseState.ReferralStatus;

/** One need while its case is being told: what it is, and the offers made for it. */
final class NeedStory {
    private final String needId;
    /** Offers that wait for an answer, in the order in which they were made. */
    private final LinkedHashMap<String, Fact.ServiceOffered> open = new LinkedHashMap<>();

    private @Nullable String service;
    private @Nullable String urgency;
    private @Nullable String place;
    private @Nullable Instant dueAt;
    private ReferralStatus waiting = ReferralStatus.STATED;
    private @Nullable String whyWaiting;
    private Fact.@Nullable OfferAccepted acceptance;
    private @Nullable Ending ending;

    private record Ending(ReferralStatus status, @Nullable String organisation, String why) {}

    NeedStory(String needId) {
        this.needId = needId;
    }

    void stated(Fact.NeedStated need) {
        service = need.service();
        urgency = need.urgency();
        place = need.place();
        dueAt = need.dueAt();
    }

    /** The need itself is identification's to tell; the request fills what has not arrived yet. */
    void requested(Fact.ReferralRequested request) {
        service = service == null ? request.service() : service;
        urgency = urgency == null ? request.urgency() : urgency;
        place = place == null ? request.place() : place;
        dueAt = dueAt == null ? request.dueAt() : dueAt;
        wait(ReferralStatus.SEARCHING, null);
    }

    void offered(Fact.ServiceOffered offer) {
        service = service == null ? offer.service() : service;
        open.put(offer.offerId(), offer);
        wait(ReferralStatus.SEARCHING, null);
    }

    /** A late acceptance counts: it is reconciled by the referral, never refused. */
    void accepted(Fact.OfferAccepted accepted) {
        service = service == null ? accepted.service() : service;
        open.remove(accepted.offerId());
        acceptance = accepted;
    }

    /** Declined, expired or withdrawn: that offer is over, an accepted one that is withdrawn too. */
    void over(String offerId) {
        boolean wasOpen = open.remove(offerId) != null;
        boolean wasAccepted = acceptance != null && acceptance.offerId().equals(offerId);
        if (wasAccepted) {
            acceptance = null;
        }
        if (wasOpen || wasAccepted) {
            wait(ReferralStatus.RE_ROUTING, null);
        }
    }

    void taskRaised(String reason) {
        wait(ReferralStatus.WITH_CASE_WORKER, reason);
    }

    void gapFound(Fact.ServiceGapFound gap) {
        service = service == null ? gap.service() : service;
        place = place == null ? gap.place() : place;
        wait(ReferralStatus.NO_SERVICE_FOUND, null);
    }

    void completed(Fact.ReferralCompleted completed) {
        ending = new Ending(ReferralStatus.COMPLETED, completed.organisation(), completed.outcome());
    }

    void cancelled(String reason) {
        ending = new Ending(ReferralStatus.CANCELLED, null, reason);
    }

    private void wait(ReferralStatus status, @Nullable String why) {
        waiting = status;
        whyWaiting = why;
    }

    /** An ended referral stays ended; an acceptance outweighs an offer, an offer outweighs a wait. */
    CaseState.Need state() {
        if (ending != null) {
            return need(ending.status(), ending.organisation(), null, ending.why());
        }
        if (acceptance != null) {
            return need(ReferralStatus.ACCEPTED, acceptance.organisation(), null, null);
        }
        if (!open.isEmpty()) {
            Fact.ServiceOffered last = open.lastEntry().getValue();
            return need(ReferralStatus.OFFERED, last.organisation(), last.answerBy(), whyWaiting);
        }
        return need(waiting, null, null, whyWaiting);
    }

    private CaseState.Need need(
            ReferralStatus status, @Nullable String organisation, @Nullable Instant answerBy, @Nullable String why) {
        return new CaseState.Need(needId, service, urgency, place, dueAt, status, organisation, answerBy, why);
    }
}
