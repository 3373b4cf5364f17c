package org.passerelle.referral.referring;

import static org.passerelle.referral.referring.World.DECIDER;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One need of a simulated {@link Quarter}. */
final class Life {

    /** Whose needs are one case, and one package where they are several. */
    static final class Person {
        final List<Life> needs = new ArrayList<>();
        boolean consents;

        Person(boolean consents) {
            this.consents = consents;
        }
    }

    final Request request;
    final Person person;
    final Map<String, Instant> deadlines = new HashMap<>();
    final Climbing climbing = new Climbing();
    Referral state = DECIDER.initial();
    int offers;
    boolean gap;

    Life(Request request, Person person) {
        this.request = request;
        this.person = person;
    }

    boolean dependsOn(Life other) {
        Leg leg = request.leg();
        return leg != null
                && (leg.together().contains(other.request.referral())
                        || leg.after().stream().anyMatch(one -> one.needId().equals(other.request.referral())));
    }

    /** Whether somebody had it, and nobody has. */
    boolean freedSince(Referral before) {
        return (before instanceof Referral.Offered || before instanceof Referral.Accepted)
                && (state instanceof Referral.Waiting || state instanceof Referral.Ended);
    }

    boolean placed() {
        return !(state instanceof Referral.Unrequested)
                && Referral.course(state).offers().stream()
                        .anyMatch(offer -> offer.standing() == Offer.Standing.ACCEPTED);
    }

    Fared fared() {
        return new Fared(
                1,
                placed() && offers == 1 ? 1 : 0,
                placed() && offers > 1 ? 1 : 0,
                !placed() && gap ? 1 : 0,
                !placed() && !gap ? 1 : 0);
    }
}
