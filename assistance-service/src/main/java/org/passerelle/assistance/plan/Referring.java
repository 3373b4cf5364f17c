package org.passerelle.assistance.plan;

import java.util.ArrayList;
import java.util.List;
import org.passerelle.assistance.plan.PlanCommand.EndReferral;
import org.passerelle.assistance.plan.PlanCommand.NoteCase;
import org.passerelle.assistance.plan.PlanCommand.NoteOpenReferral;
import org.passerelle.assistance.plan.PlanCommand.NoteServiceGap;
import org.passerelle.assistance.plan.PlanEvent.CaseNoted;
import org.passerelle.assistance.plan.PlanEvent.ReferralEndNoted;
import org.passerelle.assistance.plan.PlanEvent.ReferralGapNoted;
import org.passerelle.assistance.plan.PlanEvent.ReferralOpenNoted;
import org.passerelle.assistance.plan.PlanEvent.ServiceEnded;

/** What a plan learns of the case and of its referrals. */
final class Referring {

    private Referring() {}

    static List<PlanEvent> note(NoteCase note, Plan plan) {
        return note.owner().equals(plan.owner()) ? List.of() : List.of(new CaseNoted(note.owner()));
    }

    /** Late or repeated news of a referral that has ended does not open it again. */
    static List<PlanEvent> note(NoteOpenReferral note, Plan plan) {
        ReferralStanding known = plan.referrals().get(note.referralId());
        return known == ReferralStanding.OPEN || known == ReferralStanding.ENDED
                ? List.of()
                : List.of(new ReferralOpenNoted(note.referralId()));
    }

    static List<PlanEvent> note(NoteServiceGap note, Plan plan) {
        ReferralStanding known = plan.referrals().get(note.referralId());
        if (known == ReferralStanding.GAP || known == ReferralStanding.ENDED) {
            return List.of();
        }
        return Closing.whenNothingIsOpenInAClosedCase(plan, List.of(new ReferralGapNoted(note.referralId())));
    }

    static List<PlanEvent> end(EndReferral end, Plan plan) {
        if (plan.referrals().get(end.referralId()) == ReferralStanding.ENDED) {
            return List.of();
        }
        List<PlanEvent> events = new ArrayList<>();
        plan.beingGivenFor(end.referralId())
                .ifPresent(
                        service -> events.add(new ServiceEnded(service.referralId(), service.offerId(), end.reason())));
        events.add(new ReferralEndNoted(end.referralId()));
        return Closing.whenNothingIsOpenInAClosedCase(plan, events);
    }
}
