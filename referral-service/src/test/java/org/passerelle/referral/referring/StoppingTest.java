package org.passerelle.referral.referring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.referring.World.ANYBODY;
import static org.passerelle.referral.referring.World.DECIDER;
import static org.passerelle.referral.referring.World.NOON;
import static org.passerelle.referral.referring.World.around;
import static org.passerelle.referral.referring.World.offer;
import static org.passerelle.referral.referring.World.onlyTo;
import static org.passerelle.referral.referring.World.organisation;
import static org.passerelle.referral.referring.World.request;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.referring.Lifecycle.Party;
import org.passerelle.referral.referring.Lifecycle.Stage;
import org.passerelle.referral.referring.ReferralCommand.AcceptOffer;
import org.passerelle.referral.referring.ReferralCommand.BeginService;
import org.passerelle.referral.referring.ReferralCommand.EscalateStep;
import org.passerelle.referral.referring.ReferralCommand.HoldReferral;
import org.passerelle.referral.referring.ReferralCommand.RequestReferral;
import org.passerelle.referral.referring.ReferralCommand.ResumeReferral;
import org.passerelle.referral.referring.ReferralCommand.RouteAgain;
import org.passerelle.referral.referring.ReferralCommand.TransferReferral;
import org.passerelle.referral.referring.ReferralEvent.CaseWorkerTaskRaised;
import org.passerelle.referral.referring.ReferralEvent.NeedEscalated;
import org.passerelle.referral.referring.ReferralEvent.OfferWithdrawn;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;
import org.passerelle.referral.referring.ReferralEvent.ServiceStopped;
import org.passerelle.referral.referring.ReferralEvent.StepAwaited;
import org.passerelle.referral.referring.ReferralEvent.StepOverdue;
import org.passerelle.referral.referring.ReferralEvent.StopLifted;

/** A service that was accepted, when what the person agreed to ends or nobody acts for the provider any more. */
class StoppingTest extends Story {

    private static final Instant LATER = NOON.plus(Duration.ofHours(1));
    private static final OrganisationId SENDER = organisation(99);

    @BeforeEach
    void organisation1IsAsked() {
        when(new RequestReferral(request(Urgency.URGENT, Duration.ofDays(3)), around(2, ANYBODY, 1), NOON));
    }

    private void accepted() {
        when(new AcceptOffer(offer(1), null, around(2, ANYBODY, 2), NOON));
    }

    private List<ReferralEvent> consentIs(Surroundings around) {
        return when(new RouteAgain(RoutingTrigger.CONSENT_CHANGED, around, LATER));
    }

    private List<ReferralEvent> standingIs(OrganisationId... suspended) {
        return when(new RouteAgain(RoutingTrigger.STANDING_CHANGED, suspending(suspended), LATER));
    }

    private static Surroundings suspending(OrganisationId... suspended) {
        Surroundings two = around(2, ANYBODY, 3);
        return new Surroundings(
                two.among(),
                two.consent(),
                two.circumstances(),
                two.legs(),
                Set.of(suspended),
                Map.of(),
                two.nextOffer());
    }

    @Test
    void consentThatEndsMakesItTheSendersDecision_andItsRenewalTheProvidersAgain() {
        accepted();
        List<ReferralEvent> stopped = consentIs(around(2, onlyTo(2), 3));
        assertThat(names(stopped))
                .isEqualTo(List.of(ServiceStopped.class, CaseWorkerTaskRaised.class, StepAwaited.class));
        assertThat(((ServiceStopped) stopped.getFirst()).reason()).isEqualTo(StopReason.CONSENT_ENDED);
        assertThat(((CaseWorkerTaskRaised) stopped.get(1)).reason()).isEqualTo(TaskReason.CONSENT_ENDED_WHILE_SERVING);
        StepAwaited decision = (StepAwaited) stopped.getLast();
        assertThat(decision.step()).isEqualTo(NextStep.DECISION);
        assertThat(decision.of()).isEqualTo(SENDER);
        assertThat(decision.by()).isEqualTo(LATER.plus(Duration.ofHours(12)));
        assertThat(consentIs(around(2, onlyTo(2), 4))).as("once").isEmpty();
        assertThat(((StepOverdue) when(new EscalateStep(decision.by())).getFirst()).of())
                .as("nobody tells the provider to meet the person")
                .isEqualTo(SENDER);

        List<ReferralEvent> again = consentIs(around(2, onlyTo(1), 4));
        assertThat(names(again)).isEqualTo(List.of(StopLifted.class, StepAwaited.class));
        assertThat(((StepAwaited) again.getLast()).step()).isEqualTo(NextStep.FIRST_CONTACT);
        assertThat(((StepAwaited) again.getLast()).of()).isEqualTo(organisation(1));
        assertThat(course().tasks()).isEmpty();
    }

    private List<NextStep.Told> told(Instant from, Duration until) {
        List<NextStep.Told> told = new ArrayList<>();
        for (Instant at = from; !at.isAfter(from.plus(until)); at = at.plus(Duration.ofMinutes(30))) {
            for (ReferralEvent event : when(new EscalateStep(at))) {
                if (event instanceof StepOverdue overdue) {
                    told.add(overdue.told());
                }
            }
        }
        return told;
    }

    @Test
    void aStoppedServiceClimbsLikeANeedThatNobodyServes_alsoOnceItHadBegun_andItsTransferBeginsNothingAnew() {
        accepted();
        when(new BeginService(Party.RECEIVER, NOON));
        consentIs(around(2, onlyTo(2), 3));
        assertThat(told(LATER, Duration.ofHours(50)))
                .as("after 12, 24 and 48 hours")
                .containsExactly(NextStep.Told.OWNER, NextStep.Told.SUPERVISOR, NextStep.Told.COORDINATOR);
        Instant passedOn = LATER.plus(Duration.ofHours(50));
        when(new TransferReferral(TransferReason.OTHER, null, around(0, ANYBODY, 4), Party.REQUESTER, passedOn));
        assertThat(told(passedOn, Duration.ofHours(50)))
                .as("the requester of the new step, and the coordination when its time has come")
                .startsWith(NextStep.Told.OWNER)
                .doesNotContain(NextStep.Told.SUPERVISOR);
    }

    @Test
    void whatTheNeedsOwnClockSaidAboveIsNotSaidAgainBecauseItIsPassedOn() {
        accepted();
        consentIs(around(2, onlyTo(2), 3));
        Instant due = NOON.plus(Duration.ofDays(3));
        assertThat(names(when(new ReferralCommand.NoteOverdue(due)))).isEqualTo(List.of(NeedEscalated.class));
        when(new TransferReferral(TransferReason.OTHER, null, around(0, ANYBODY, 4), Party.REQUESTER, due));
        assertThat(names(when(new ReferralCommand.NoteOverdue(due.plusSeconds(1)))))
                .as("the requester has the task")
                .isEqualTo(List.of(CaseWorkerTaskRaised.class));
    }

    @Test
    void theProviderMeetsThePersonNoMore_andTheSenderRecordsWhatItDidBefore() {
        accepted();
        consentIs(around(2, onlyTo(2), 3));
        assertThat(refusal(new BeginService(Party.RECEIVER, LATER))).isEqualTo("service-stopped");
        assertThat(names(when(new HoldReferral(PauseReason.OTHER, null, Party.RECEIVER, LATER))))
                .as("the sender's step stays as it is")
                .hasSize(1);
        assertThat(refusal(new ResumeReferral(Party.RECEIVER, LATER))).isEqualTo("service-stopped");
        assertThat(when(new ResumeReferral(Party.REQUESTER, LATER))).hasSize(1);
        when(new BeginService(Party.REQUESTER, LATER));
        assertThat(Stage.of(state())).isEqualTo(Stage.IN_PROGRESS);
        assertThat(((Referral.Accepted) state()).stopped()).containsExactly(StopReason.CONSENT_ENDED);
    }

    @Test
    void theSenderPassesItOn_andNothingOfTheStopIsLeft() {
        accepted();
        consentIs(around(2, onlyTo(2), 3));
        List<ReferralEvent> passedOn =
                when(new TransferReferral(TransferReason.OTHER, null, around(2, onlyTo(2), 3), Party.REQUESTER, LATER));
        assertThat(passedOn).hasAtLeastOneElementOfType(ServiceOffered.class);
        when(new AcceptOffer(offer(3), null, around(2, onlyTo(2), 4), LATER));
        assertThat(((Referral.Accepted) state()).stopped()).isEmpty();
        assertThat(course().tasks()).isEmpty();
    }

    @Test
    void whoeverIsSuspendedIsNotAskedAnyLonger() {
        List<ReferralEvent> elsewhere = standingIs(organisation(1));
        assertThat(((OfferWithdrawn) elsewhere.getFirst()).reason()).isEqualTo(WithdrawalReason.ORGANISATION_SUSPENDED);
        assertThat(refusal(new AcceptOffer(offer(1), null, suspending(organisation(1)), LATER)))
                .isEqualTo("organisation-suspended");
        assertThat(when(new AcceptOffer(offer(1), null, suspending(), LATER)))
                .as("a yes once it is so no more comes late, and counts")
                .hasAtLeastOneElementOfType(ReferralEvent.OfferAccepted.class);
    }

    @Test
    void aYesByTelephoneOfWhoeverIsSuspendedIsRefused() {
        TelephoneCall call = new TelephoneCall("Voix Inventée", "+257 79 00 00 00", NOON);
        assertThat(refusal(new AcceptOffer(offer(1), call, suspending(organisation(1)), LATER)))
                .isEqualTo("organisation-suspended");
    }

    @Test
    void whatASuspendedProviderGivesIsTheSendersToDecide_untilItIsReactivated() {
        accepted();
        assertThat(names(standingIs(organisation(1))))
                .isEqualTo(List.of(ServiceStopped.class, CaseWorkerTaskRaised.class, StepAwaited.class));
        assertThat(course().tasks()).containsExactly(TaskReason.PROVIDER_SUSPENDED);
        consentIs(around(2, onlyTo(2), 3));
        standingIs();
        assertThat(((Referral.Accepted) state()).stopped())
                .as("each by what it came of")
                .containsExactly(StopReason.CONSENT_ENDED);
        assertThat(course().owed()).extracting(NextStep.Owed::of).isEqualTo(SENDER);
        consentIs(around(2, ANYBODY, 3));
        assertThat(course().owed()).extracting(NextStep.Owed::of).isEqualTo(organisation(1));
    }

    @Test
    void otherLooksStopNothing() {
        accepted();
        for (RoutingTrigger trigger : RoutingTrigger.values()) {
            List<ReferralEvent> events =
                    DECIDER.decide(new RouteAgain(trigger, around(2, onlyTo(2), 3), Party.SYSTEM, LATER), state());
            assertThat(events.isEmpty())
                    .as(trigger.code())
                    .isEqualTo(trigger != RoutingTrigger.CONSENT_CHANGED
                            && trigger != RoutingTrigger.CONSENT_EXPIRED
                            && trigger != RoutingTrigger.CIRCUMSTANCES_CHANGED);
        }
    }
}
