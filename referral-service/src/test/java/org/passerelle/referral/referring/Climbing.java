package org.passerelle.referral.referring;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.referring.NextStep.Told;
import org.passerelle.referral.referring.ReferralEvent.NeedEscalated;
import org.passerelle.referral.referring.ReferralEvent.OfferAccepted;
import org.passerelle.referral.referring.ReferralEvent.ReferralRequested;
import org.passerelle.referral.referring.ReferralEvent.ReferralTransferred;
import org.passerelle.referral.referring.ReferralEvent.ServiceBegun;
import org.passerelle.referral.referring.ReferralEvent.ServiceStopped;
import org.passerelle.referral.referring.ReferralEvent.StepAwaited;
import org.passerelle.referral.referring.ReferralEvent.StepOverdue;
import org.passerelle.referral.referring.ReferralEvent.StopLifted;

/** What somebody who only sees the events of a need knows of who was told of it; see {@link Promise}. */
final class Climbing {

    private final List<Told> told = new ArrayList<>();
    private final Set<StopReason> stops = new HashSet<>();
    private @Nullable Instant unserved;
    private int before;
    private Instant sent = Instant.MIN;
    private boolean toldAbove;

    void observe(ReferralEvent event) {
        switch (event) {
            case ReferralRequested requested -> sent = requested.at();
            case ReferralTransferred passedOn -> sent = passedOn.at();
            case StepAwaited awaited -> {
                boolean asked = awaited.step() == NextStep.ACKNOWLEDGEMENT || awaited.step() == NextStep.ANSWER;
                boolean requesters = awaited.step() == NextStep.DECISION || awaited.step() == NextStep.SERVICE;
                if (unserved == null && (asked || requesters)) {
                    unserved = awaited.at();
                    before = told.size();
                }
            }
            case NeedEscalated escalated -> tell(escalated.told());
            case StepOverdue overdue when overdue.step().isTheRequesters() -> tell(overdue.told());
            case OfferAccepted accepted -> {
                stops.clear();
                served();
            }
            case ServiceStopped stopped -> stops.add(stopped.reason());
            case StopLifted lifted -> {
                stops.remove(lifted.reason());
                if (stops.isEmpty()) {
                    served();
                }
            }
            case ServiceBegun begun -> toldAbove = false;
            case ReferralEvent other -> {}
        }
    }

    private void served() {
        unserved = null;
        told.clear();
        before = 0;
    }

    private void tell(Told whom) {
        told.add(whom);
        toldAbove |= whom != Told.OWNER;
    }

    /** Since when it is asked for, or waits for a decision or a service; null while somebody serves it. */
    @Nullable
    Instant unserved() {
        return unserved;
    }

    /** When it went out, first or again. */
    Instant sent() {
        return sent;
    }

    /** Who was told that nobody serves it, since nobody does. */
    List<Told> told() {
        return told;
    }

    /** How often somebody above the requester was told since then. */
    long above() {
        return told.stream().skip(before).filter(whom -> whom != Told.OWNER).count();
    }

    /** Whether somebody above the requester was ever told, since anybody met the person last. */
    boolean toldAbove() {
        return toldAbove;
    }
}
