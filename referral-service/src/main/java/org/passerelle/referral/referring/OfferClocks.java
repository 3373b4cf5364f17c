package org.passerelle.referral.referring;

import java.time.Duration;
import java.time.Instant;
import org.passerelle.referral.codes.Urgency;

/**
 * How long an offer may wait for its answer, by urgency; and so long may every other step before first contact. Every
 * offer lives inside the need's clock.
 *
 * @param emergency 30 minutes in the mechanism's rules: then a human is told while the next is offered
 * @param report how long a provider may give a service, or pause, without saying how it goes
 * @param remindAtMostEvery nobody is told more seldom of a step that is not taken
 */
public record OfferClocks(
        Duration emergency, Duration urgent, Duration normal, Duration report, Duration remindAtMostEvery) {

    /** The default of the mechanism: emergency as its rules say; the others leave room to ask several. */
    public static final OfferClocks DEFAULT = new OfferClocks(
            Duration.ofMinutes(30), Duration.ofHours(12), Duration.ofDays(3), Duration.ofDays(14), Duration.ofDays(7));

    public OfferClocks {
        if (!emergency.isPositive()
                || !urgent.isPositive()
                || !normal.isPositive()
                || !report.isPositive()
                || !remindAtMostEvery.isPositive()) {
            throw new IllegalArgumentException("an offer needs time to be answered");
        }
    }

    public Duration of(Urgency urgency) {
        return switch (urgency) {
            case EMERGENCY -> emergency;
            case URGENT -> urgent;
            case NORMAL -> normal;
        };
    }

    /**
     * When an offer made now expires: never after the need's own clock. A need whose clock has run out, or has less left
     * than an emergency offer's life, is still offered, as an emergency: a person was told, and still needs the service.
     */
    public Instant answerBy(Urgency urgency, Instant now, Instant needDueAt) {
        Instant full = now.plus(of(urgency));
        if (!full.isAfter(needDueAt)) {
            return full;
        }
        Duration shortest = emergency.compareTo(of(urgency)) < 0 ? emergency : of(urgency);
        Instant last = now.plus(shortest);
        return last.isAfter(needDueAt) ? last : needDueAt;
    }
}
