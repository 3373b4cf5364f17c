package org.passerelle.referral.referring;

import java.time.Duration;
import java.util.Random;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.referring.Lifecycle.Party;
import org.passerelle.referral.referring.ReferralEvent.StepOverdue;

/** The case workers of a simulated {@link Quarter}, once they are told that something is owed. */
final class QuarterSenders {

    private final Quarter quarter;
    private final Random random;
    private final Random worries;
    private final QuarterTurns turns;

    QuarterSenders(Quarter quarter, Random random, Random worries, QuarterTurns turns) {
        this.quarter = quarter;
        this.random = random;
        this.worries = worries;
        this.turns = turns;
    }

    /** The more somebody is told the likelier they act. */
    void act(Life life, StepOverdue overdue) {
        if (random.nextInt(4) > overdue.told().ordinal() + 1) {
            return;
        }
        quarter.in(Duration.ofHours(1 + random.nextInt(12)), () -> {
            switch (overdue.step()) {
                case ACKNOWLEDGEMENT, ANSWER -> {}
                case DECISION -> decide(life);
                case SERVICE, OTHER_NEED -> askOrGiveUp(life);
                case FIRST_CONTACT ->
                    quarter.tell(life, new ReferralCommand.BeginService(Party.REQUESTER, quarter.now()));
                case RESUMPTION ->
                    quarter.tell(life, new ReferralCommand.ResumeReferral(Party.REQUESTER, quarter.now()));
                case REPORT ->
                    quarter.tell(
                            life,
                            new ReferralCommand.ReportProgress(HowItGoes.OTHER, null, Party.RECEIVER, quarter.now()));
            }
        });
    }

    void mayHearOfADanger(Life life, OrganisationId organisation) {
        if (worries.nextInt(12) == 0) {
            quarter.in(Duration.ofHours(worries.nextInt(100)), () -> {
                life.person.fears.add(organisation);
                quarter.lookAtAll(life.person, RoutingTrigger.CIRCUMSTANCES_CHANGED);
            });
        }
    }

    /** Whether the placement stands, and what becomes of those who keep a place in vain. */
    void mayDecide(Life life) {
        if (worries.nextInt(3) > 0) {
            quarter.in(Duration.ofHours(1), () -> {
                for (Offer offer : Referral.course(life.state).offers()) {
                    if (offer.standing() == Offer.Standing.LATE) {
                        quarter.tell(life, new ReferralCommand.ReleaseLate(offer.id(), Party.REQUESTER, quarter.now()));
                    }
                }
                if (life.state instanceof Referral.Accepted given
                        && given.dangers().isToReview()) {
                    quarter.tell(life, new ReferralCommand.ReviewPlacement(null, quarter.now()));
                }
            });
        }
    }

    private void decide(Life life) {
        if (life.state instanceof Referral.Accepted stopped) {
            turns.decidesOfAStopped(life, stopped);
            return;
        }
        consents(life);
        if (life.request.leg() != null) {
            askOrGiveUp(life);
        }
    }

    /** The person was asked, and agrees that anybody may help. */
    private void consents(Life life) {
        if (life.person.consent.equals(World.ANYBODY)) {
            quarter.route(life, RoutingTrigger.CONSENT_CHANGED);
        } else {
            life.person.consent = World.ANYBODY;
            quarter.lookAtAll(life.person, RoutingTrigger.CONSENT_CHANGED);
        }
    }

    private void askOrGiveUp(Life life) {
        quarter.route(life, RoutingTrigger.ASKED);
        if (life.state instanceof Referral.Waiting && quarter.now().isAfter(life.request.dueAt())) {
            quarter.tell(life, new ReferralCommand.CancelReferral(CancellationReason.NO_SERVICE, quarter.now()));
        }
    }
}
