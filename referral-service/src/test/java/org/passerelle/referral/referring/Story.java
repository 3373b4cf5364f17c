package org.passerelle.referral.referring;

import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.passerelle.referral.referring.World.DECIDER;

import java.util.ArrayList;
import java.util.List;
import org.passerelle.eventsourcing.Refusal;

/** What happened to one referral so far; for tests of the rules alone. */
abstract class Story {

    final List<ReferralEvent> past = new ArrayList<>();

    Referral state() {
        return DECIDER.fold(DECIDER.initial(), past);
    }

    Referral.Course course() {
        return Referral.course(state());
    }

    List<ReferralEvent> when(ReferralCommand command) {
        List<ReferralEvent> events = DECIDER.decide(command, state());
        past.addAll(events);
        return events;
    }

    String refusal(ReferralCommand command) {
        return catchThrowableOfType(Refusal.class, () -> DECIDER.decide(command, state()))
                .code();
    }

    static List<Class<?>> names(List<ReferralEvent> events) {
        return events.stream().<Class<?>>map(ReferralEvent::getClass).toList();
    }
}
