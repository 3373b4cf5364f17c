package org.passerelle.referral.referring;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.referring.Lifecycle.Party;
import org.passerelle.referral.referring.Referral.Accepted;
import org.passerelle.referral.referring.Referral.Course;
import org.passerelle.referral.referring.ReferralCommand.RouteAgain;
import org.passerelle.referral.referring.ReferralEvent.CaseWorkerTaskRaised;
import org.passerelle.referral.referring.ReferralEvent.ServiceStopped;
import org.passerelle.referral.referring.ReferralEvent.StopLifted;
import org.passerelle.referral.routing.ConsentTerms;

/**
 * A service that was accepted, and is not to go on as it did: the sender decides whether it ends, passes to somebody
 * else, or goes on once what stopped it is lifted. Nobody is moved or abandoned by the software.
 */
final class Stopping {

    private Stopping() {}

    /** What of the world that a look is because of stops the service, or does so no more. */
    static List<ReferralEvent> looked(RouteAgain command, Accepted accepted) {
        Course course = accepted.course();
        Offer offer = accepted.accepted();
        List<ReferralEvent> events = new ArrayList<>();
        for (StopReason reason : askedBy(command.trigger())) {
            if (reason == StopReason.CONSENT_ENDED && command.around().consent() == ConsentTerms.UNHEARD) {
                // what the person said cannot be read at this moment: it neither stops a service nor lets it go on
                continue;
            }
            boolean stops = stops(reason, command.around().of(course.request()), offer);
            if (stops && !accepted.stopped().contains(reason)) {
                events.add(new ServiceStopped(course.about(), offer.id(), offer.organisation(), reason, command.at()));
                events.add(new CaseWorkerTaskRaised(course.about(), reason.task(), command.at()));
            }
            if (!stops && accepted.stopped().contains(reason)) {
                events.add(new StopLifted(course.about(), offer.id(), offer.organisation(), reason, command.at()));
            }
        }
        return events;
    }

    /** Other looks ask for neither: while something that the person said cannot be read, nobody is sent away by it. */
    private static Set<StopReason> askedBy(RoutingTrigger trigger) {
        return switch (trigger) {
            case CONSENT_CHANGED, CONSENT_EXPIRED, CIRCUMSTANCES_CHANGED -> EnumSet.of(StopReason.CONSENT_ENDED);
            case STANDING_CHANGED -> EnumSet.of(StopReason.PROVIDER_SUSPENDED);
            case NEED_STATED,
                    DECLINED,
                    EXPIRED,
                    TRANSFERRED,
                    ASKED,
                    DIRECTORY_CHANGED,
                    UNIT_RETURNED,
                    PACKAGE_CHANGED,
                    CHOSEN -> Set.of();
        };
    }

    private static boolean stops(StopReason reason, Surroundings around, Offer offer) {
        return switch (reason) {
            case CONSENT_ENDED -> !around.stillConsented(offer);
            case PROVIDER_SUSPENDED -> around.suspended(offer.organisation());
        };
    }

    /** Whoever gives the service meets the person no more; what they did before, the sender records. */
    static void requireGoingOn(Accepted accepted, Party by) {
        if (by == Party.RECEIVER && !accepted.stopped().isEmpty()) {
            throw Refusal.of("service-stopped");
        }
    }
}
