package org.passerelle.assistance.plan;

import static org.passerelle.assistance.plan.Examples.AGREED;
import static org.passerelle.assistance.plan.Examples.CASE;
import static org.passerelle.assistance.plan.Examples.DELIVERY;
import static org.passerelle.assistance.plan.Examples.FOLLOW_UP;
import static org.passerelle.assistance.plan.Examples.MORNING;
import static org.passerelle.assistance.plan.Examples.OFFER;
import static org.passerelle.assistance.plan.Examples.OPENED;
import static org.passerelle.assistance.plan.Examples.OTHER_FOLLOW_UP;
import static org.passerelle.assistance.plan.Examples.REFERRAL;
import static org.passerelle.assistance.plan.Examples.REFERRED;
import static org.passerelle.assistance.plan.Examples.SCHEDULED;
import static org.passerelle.assistance.plan.Examples.SHELTER;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.passerelle.assistance.plan.PlanEvent.CaseClosureNoted;
import org.passerelle.assistance.plan.PlanEvent.FollowUpCameDue;
import org.passerelle.assistance.plan.PlanEvent.FollowUpDone;
import org.passerelle.assistance.plan.PlanEvent.PlanClosed;
import org.passerelle.assistance.plan.PlanEvent.ReferralEndNoted;
import org.passerelle.assistance.plan.PlanEvent.ReferralGapNoted;
import org.passerelle.assistance.plan.PlanEvent.ServiceDelivered;
import org.passerelle.assistance.plan.PlanEvent.ServiceEnded;
import org.passerelle.eventsourcing.testkit.GoldenFiles;

/** Every version of every event that was ever stored must be read for ever: one golden file each. */
class StoredEventsTest {
    private static final GoldenFiles GOLDEN = new GoldenFiles();

    private static final List<PlanEvent> EXAMPLES = List.of(
            CASE,
            REFERRED,
            new ReferralGapNoted(REFERRAL),
            new ReferralEndNoted(REFERRAL),
            new CaseClosureNoted(ClosureReason.NOT_A_VICTIM),
            OPENED,
            AGREED,
            new ServiceDelivered(
                    DELIVERY, REFERRAL, OFFER, ServiceType.SAFE_SHELTER, SHELTER, MORNING, 3, "a room of her own"),
            new ServiceEnded(REFERRAL, OFFER, ServiceEndReason.COMPLETED),
            SCHEDULED,
            new FollowUpCameDue(FOLLOW_UP),
            new FollowUpDone(FOLLOW_UP, FollowUpOutcome.NEEDS_MORE_HELP, "wants to go home"),
            new PlanClosed(ClosureReason.REPATRIATED, List.of(FOLLOW_UP, OTHER_FOLLOW_UP)));

    @Test
    void everyGoldenFileIsReadAsWhatItMeant() throws IOException {
        GOLDEN.mean(Plans.TYPES, EXAMPLES);
        GOLDEN.areAllOf(Plans.TYPES);
    }
}
