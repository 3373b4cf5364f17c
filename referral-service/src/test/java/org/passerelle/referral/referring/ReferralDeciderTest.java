package org.passerelle.referral.referring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.referring.ReferralCommand.AcceptOffer;
import org.passerelle.referral.referring.ReferralCommand.CancelReferral;
import org.passerelle.referral.referring.ReferralCommand.CompleteReferral;
import org.passerelle.referral.referring.ReferralCommand.DeclineOffer;
import org.passerelle.referral.referring.ReferralCommand.ExpireOffer;
import org.passerelle.referral.referring.ReferralCommand.NoteOverdue;
import org.passerelle.referral.referring.ReferralCommand.RequestReferral;
import org.passerelle.referral.referring.ReferralCommand.RouteAgain;
import org.passerelle.referral.referring.ReferralEvent.CaseWorkerTaskRaised;
import org.passerelle.referral.referring.ReferralEvent.DecisionAwaited;
import org.passerelle.referral.referring.ReferralEvent.LateAcceptanceRecorded;
import org.passerelle.referral.referring.ReferralEvent.NeedRouted;
import org.passerelle.referral.referring.ReferralEvent.OfferAccepted;
import org.passerelle.referral.referring.ReferralEvent.OfferDeclined;
import org.passerelle.referral.referring.ReferralEvent.OfferExpired;
import org.passerelle.referral.referring.ReferralEvent.OfferWithdrawn;
import org.passerelle.referral.referring.ReferralEvent.ReferralCancelled;
import org.passerelle.referral.referring.ReferralEvent.ReferralCompleted;
import org.passerelle.referral.referring.ReferralEvent.ReferralRequested;
import org.passerelle.referral.referring.ReferralEvent.ServiceGapFound;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.ConsentTerms;
import org.passerelle.referral.routing.PlainCandidate;
import org.passerelle.referral.routing.Ranking;
import org.passerelle.referral.routing.Shortlist;

class ReferralDeciderTest {

    private static final Instant LATER = NOON.plus(Duration.ofHours(1));

    private final List<ReferralEvent> past = new ArrayList<>();

    /** Without the clocks of next steps, which have tests of their own. */
    private List<ReferralEvent> when(ReferralCommand command) {
        List<ReferralEvent> events = DECIDER.decide(command, DECIDER.fold(DECIDER.initial(), past)).stream()
                .filter(event -> !(event instanceof ReferralEvent.StepAwaited))
                .toList();
        past.addAll(events);
        return events;
    }

    private static List<String> names(List<ReferralEvent> events) {
        return events.stream().map(event -> event.getClass().getSimpleName()).toList();
    }

    private List<ReferralEvent> requested(Urgency urgency, Duration clock, Surroundings around) {
        return when(new RequestReferral(request(urgency, clock), around, NOON));
    }

    private static Ranking ranking(ReferralEvent routed) {
        return Objects.requireNonNull(((NeedRouted) routed).ranking());
    }

    private static List<String> expect(Class<?>... events) {
        return java.util.Arrays.stream(events).map(Class::getSimpleName).toList();
    }

    @Test
    void aNeedIsOfferedToTheBest() {
        List<ReferralEvent> events = requested(Urgency.URGENT, Duration.ofDays(3), around(2, ANYBODY, 1));
        assertThat(names(events)).isEqualTo(expect(ReferralRequested.class, NeedRouted.class, ServiceOffered.class));
        ServiceOffered offered = (ServiceOffered) events.getLast();
        assertThat(offered.organisation()).isEqualTo(organisation(1));
        assertThat(offered.answerBy()).isEqualTo(NOON.plus(Duration.ofHours(12)));
        assertThat(ranking(events.get(1)).kept()).hasSize(2);
        assertThat(requested(Urgency.URGENT, Duration.ofDays(3), around(2, ANYBODY, 2)))
                .isEmpty();
    }

    @Test
    void anOfferNeverOutlivesTheNeed() {
        assertThat(((ServiceOffered) requested(Urgency.NORMAL, Duration.ofDays(1), around(1, ANYBODY, 1))
                                .getLast())
                        .answerBy())
                .isEqualTo(NOON.plus(Duration.ofDays(1)));
    }

    @Test
    void aDeclinedNeedGoesToTheNext_andThenIsAGap() {
        requested(Urgency.URGENT, Duration.ofDays(3), around(2, ANYBODY, 1));
        DeclineOffer decline =
                new DeclineOffer(offer(1), DeclineReason.NO_CAPACITY, null, around(2, ANYBODY, 2), LATER);
        List<ReferralEvent> events = when(decline);
        assertThat(names(events)).isEqualTo(expect(OfferDeclined.class, NeedRouted.class, ServiceOffered.class));
        assertThat(((ServiceOffered) events.getLast()).organisation()).isEqualTo(organisation(2));
        assertThat(when(decline)).isEmpty();
        assertThat(names(when(new DeclineOffer(offer(2), DeclineReason.OTHER, null, around(2, ANYBODY, 3), LATER))))
                .isEqualTo(expect(OfferDeclined.class, NeedRouted.class, ServiceGapFound.class));
        assertThat(when(new RouteAgain(RoutingTrigger.ASKED, around(2, ANYBODY, 4), LATER)))
                .isEmpty();
        assertThat(names(when(new RouteAgain(RoutingTrigger.ASKED, around(3, ANYBODY, 4), LATER))))
                .isEqualTo(expect(NeedRouted.class, ServiceOffered.class));
    }

    @Test
    void outsideTheRecipientsItBecomesATask() {
        requested(Urgency.URGENT, Duration.ofDays(3), around(2, onlyTo(1), 1));
        assertThat(names(when(new DeclineOffer(offer(1), DeclineReason.OTHER, null, around(2, onlyTo(1), 2), LATER))))
                .isEqualTo(expect(OfferDeclined.class, NeedRouted.class, CaseWorkerTaskRaised.class));
        assertThat(((CaseWorkerTaskRaised) past.getLast()).reason()).isEqualTo(TaskReason.NO_CONSENTED_RECIPIENT);
        assertThat(names(when(new RouteAgain(RoutingTrigger.CONSENT_CHANGED, around(2, onlyTo(1, 2), 3), LATER))))
                .isEqualTo(expect(NeedRouted.class, ServiceOffered.class));
    }

    @Test
    void aNeedThatIsATaskGetsOntoTheListOfAServiceThatBecameFull() {
        requested(Urgency.URGENT, Duration.ofDays(3), full(false));
        assertThat(((CaseWorkerTaskRaised) past.getLast()).reason()).isEqualTo(TaskReason.NO_CONSENTED_RECIPIENT);
        List<ReferralEvent> events = when(new RouteAgain(RoutingTrigger.DIRECTORY_CHANGED, full(true), LATER));
        assertThat(names(events)).isEqualTo(expect(NeedRouted.class));
        assertThat(((NeedRouted) events.getFirst()).full())
                .containsExactly(new Ranking.Awaited(World.service(1), false));
        assertThat(when(new RouteAgain(RoutingTrigger.DIRECTORY_CHANGED, full(true), LATER)))
                .isEmpty();
    }

    /** Consent to organisation 1 only, whose service is full where it is there; that of organisation 2 is free. */
    private static Surroundings full(boolean there) {
        Surroundings two = around(2, onlyTo(1), 2);
        List<Candidate> candidates = new ArrayList<>();
        for (Candidate one : two.among().candidates()) {
            if (!one.organisation().equals(organisation(1))) {
                candidates.add(one);
            } else if (there) {
                candidates.add(PlainCandidate.of(
                        one.service(),
                        one.organisation(),
                        one.organisationType(),
                        one.types(),
                        one.status(),
                        false,
                        one.sites(),
                        false,
                        Set.of(),
                        one.eligibleSexes(),
                        null,
                        null,
                        0,
                        null));
            }
        }
        return new Surroundings(
                new Shortlist(candidates, 0, two.among().otherTypes(), World.DAY),
                two.consent(),
                two.circumstances(),
                two.nextOffer());
    }

    @Test
    void anUnansweredEmergencyIsToldToAPersonOnce_whileTheNextIsOffered() {
        List<ReferralEvent> first = requested(Urgency.EMERGENCY, Duration.ofHours(24), around(3, ANYBODY, 1));
        Instant half = NOON.plus(Duration.ofMinutes(30));
        assertThat(((ServiceOffered) first.getLast()).answerBy()).isEqualTo(half);
        assertThat(names(when(new ExpireOffer(offer(1), around(3, ANYBODY, 2), half))))
                .isEqualTo(
                        expect(OfferExpired.class, CaseWorkerTaskRaised.class, NeedRouted.class, ServiceOffered.class));
        assertThat(when(new ExpireOffer(offer(1), around(3, ANYBODY, 2), half))).isEmpty();
        assertThat(names(when(new ExpireOffer(offer(2), around(3, ANYBODY, 3), LATER))))
                .isEqualTo(expect(OfferExpired.class, NeedRouted.class, ServiceOffered.class));
    }

    @Test
    void aLateYesCounts_andTheOpenOfferIsTakenBack() {
        requested(Urgency.EMERGENCY, Duration.ofHours(24), around(2, ANYBODY, 1));
        when(new ExpireOffer(offer(1), around(2, ANYBODY, 2), LATER));
        List<ReferralEvent> events = when(new AcceptOffer(offer(1), null, around(2, ANYBODY, 3), LATER));
        assertThat(names(events)).isEqualTo(expect(OfferWithdrawn.class, OfferAccepted.class));
        assertThat(((OfferAccepted) events.getLast()).late()).isTrue();
        assertThat(when(new AcceptOffer(offer(1), null, around(2, ANYBODY, 3), LATER)))
                .isEmpty();
        assertThat(names(when(new AcceptOffer(offer(2), null, around(2, ANYBODY, 3), LATER))))
                .as("who keeps a place for an offer that was taken back for another's yes")
                .isEqualTo(expect(LateAcceptanceRecorded.class, CaseWorkerTaskRaised.class, DecisionAwaited.class));
    }

    @Test
    void aYesAfterSomebodyElsesIsNotedAndBecomesATask() {
        requested(Urgency.EMERGENCY, Duration.ofHours(24), around(2, ANYBODY, 1));
        when(new ExpireOffer(offer(1), around(2, ANYBODY, 2), LATER));
        TelephoneCall call = new TelephoneCall("Voix", "+257", LATER);
        OfferAccepted accepted = (OfferAccepted) when(new AcceptOffer(offer(2), call, around(2, ANYBODY, 3), LATER))
                .getFirst();
        assertThat(accepted.channel()).isEqualTo(AcceptanceChannel.TELEPHONE);
        assertThat(accepted.late()).isFalse();
        assertThat(accepted.toString()).doesNotContain("Voix").doesNotContain("+257");
        AcceptOffer late = new AcceptOffer(offer(1), null, around(2, ANYBODY, 3), LATER);
        assertThat(names(when(late)))
                .isEqualTo(expect(LateAcceptanceRecorded.class, CaseWorkerTaskRaised.class, DecisionAwaited.class));
        assertThat(when(late)).isEmpty();
    }

    @Test
    void aLateYesOutsideTheConsentIsRefused() {
        requested(Urgency.EMERGENCY, Duration.ofHours(24), around(2, ANYBODY, 1));
        when(new ExpireOffer(offer(1), around(2, ANYBODY, 2), LATER));
        assertThatThrownBy(() -> when(new AcceptOffer(offer(1), null, around(2, onlyTo(2), 3), LATER)))
                .isInstanceOfSatisfying(
                        Refusal.class, no -> assertThat(no.code()).isEqualTo("offer-no-longer-consented"));
    }

    @Test
    void withdrawnConsentTakesTheOfferBack_andGoesOnAmongTheOthers() {
        requested(Urgency.NORMAL, Duration.ofDays(14), around(2, ANYBODY, 1));
        assertThat(when(new RouteAgain(RoutingTrigger.CONSENT_CHANGED, around(2, onlyTo(1), 2), LATER)))
                .isEmpty();
        List<ReferralEvent> events =
                when(new RouteAgain(RoutingTrigger.CONSENT_CHANGED, around(2, onlyTo(2), 2), LATER));
        assertThat(names(events)).isEqualTo(expect(OfferWithdrawn.class, NeedRouted.class, ServiceOffered.class));
        assertThat(((ServiceOffered) events.getLast()).organisation()).isEqualTo(organisation(2));
    }

    @Test
    void consentThatRanOutIsNotSaidToBeWithdrawn() {
        requested(Urgency.NORMAL, Duration.ofDays(14), around(1, ANYBODY, 1));
        List<ReferralEvent> events =
                when(new RouteAgain(RoutingTrigger.CONSENT_EXPIRED, around(1, ConsentTerms.NONE, 2), LATER));
        assertThat(((OfferWithdrawn) events.getFirst()).reason()).isEqualTo(WithdrawalReason.CONSENT_EXPIRED);
        assertThat(((CaseWorkerTaskRaised) events.getLast()).reason()).isEqualTo(TaskReason.NO_CONSENT);
    }

    @Test
    void theNeedsClockPassesOnce() {
        requested(Urgency.NORMAL, Duration.ofDays(1), around(2, ANYBODY, 1));
        assertThat(names(when(new NoteOverdue(NOON.plus(Duration.ofDays(1))))))
                .isEqualTo(expect(CaseWorkerTaskRaised.class, ReferralEvent.NeedEscalated.class));
        assertThat(when(new NoteOverdue(NOON.plus(Duration.ofDays(1))))).isEmpty();
        List<ReferralEvent> after =
                when(new ExpireOffer(offer(1), around(2, ANYBODY, 2), NOON.plus(Duration.ofDays(1))));
        assertThat(((ServiceOffered) after.getLast()).answerBy())
                .isEqualTo(NOON.plus(Duration.ofDays(1)).plus(Duration.ofMinutes(30)));
    }

    @Test
    void anEndedReferralChangesNoMore() {
        requested(Urgency.NORMAL, Duration.ofDays(14), around(1, ANYBODY, 1));
        assertThatThrownBy(() -> when(new CompleteReferral(Outcome.GOT_HELP, null, LATER)))
                .isInstanceOf(Refusal.class);
        when(new AcceptOffer(offer(1), null, around(1, ANYBODY, 2), LATER));
        assertThat(names(when(new CompleteReferral(Outcome.GOT_HELP, null, LATER))))
                .isEqualTo(expect(ReferralCompleted.class));
        assertThat(when(new CompleteReferral(Outcome.GOT_HELP, null, LATER))).isEmpty();
        assertThat(when(new RouteAgain(RoutingTrigger.ASKED, around(2, ANYBODY, 3), LATER)))
                .isEmpty();
        assertThat(when(new NoteOverdue(LATER))).isEmpty();
        assertThat(when(new CancelReferral(CancellationReason.CASE_CLOSED, LATER)))
                .isEmpty();
        assertThatThrownBy(() -> when(new CancelReferral(CancellationReason.OTHER, LATER)))
                .isInstanceOf(Refusal.class);
    }

    @Test
    void cancellingTakesTheOfferBack_andTellsTheProvider() {
        requested(Urgency.NORMAL, Duration.ofDays(14), around(1, ANYBODY, 1));
        assertThat(names(when(new CancelReferral(CancellationReason.PERSON_DECLINED, LATER))))
                .isEqualTo(expect(OfferWithdrawn.class, ReferralCancelled.class));
        past.clear();
        requested(Urgency.NORMAL, Duration.ofDays(14), around(1, ANYBODY, 1));
        when(new AcceptOffer(offer(1), null, around(1, ANYBODY, 2), LATER));
        assertThat(((ReferralCancelled) when(new CancelReferral(CancellationReason.OTHER, LATER))
                                .getLast())
                        .provider())
                .isEqualTo(organisation(1));
    }

    @Test
    void whoeverCannotGoOnPassesItToTheNextBest_insideTheClockThatItAlwaysHad() {
        requested(Urgency.URGENT, Duration.ofHours(2), around(3, ANYBODY, 1));
        when(new AcceptOffer(offer(1), null, around(3, ANYBODY, 9), NOON));
        List<ReferralEvent> events = when(transfer(around(3, ANYBODY, 2)));
        assertThat(names(events))
                .isEqualTo(expect(ReferralEvent.ReferralTransferred.class, NeedRouted.class, ServiceOffered.class));
        assertThat(((ReferralEvent.ReferralTransferred) events.getFirst()).needDueAt())
                .isEqualTo(NOON.plus(Duration.ofHours(2)));
        ServiceOffered offered = (ServiceOffered) events.getLast();
        assertThat(offered.organisation()).isEqualTo(organisation(2));
        assertThat(offered.answerBy()).as("inside the need's clock").isEqualTo(NOON.plus(Duration.ofHours(2)));
        assertThat(ranking(events.get(1)).leftOut())
                .anyMatch(verdict -> verdict.organisation().equals(organisation(1))
                        && verdict.reasons().getFirst().code().equals("out.transferred"));
        // who passed it on says yes to it no more, and another's no does not bring it back to them
        assertThatThrownBy(() -> when(new AcceptOffer(offer(1), null, around(3, ANYBODY, 9), LATER)))
                .isInstanceOf(Refusal.class);
        when(new DeclineOffer(offer(2), DeclineReason.OTHER, null, around(2, ANYBODY, 3), LATER));
        assertThat(past.getLast()).isInstanceOf(ServiceGapFound.class);
    }

    @Test
    void whatIsPassedOnStaysWithThoseConsentedTo() {
        requested(Urgency.URGENT, Duration.ofDays(3), around(3, onlyTo(1), 1));
        when(new AcceptOffer(offer(1), null, around(3, onlyTo(1), 9), NOON));
        assertThat(names(when(transfer(around(3, onlyTo(1), 2)))))
                .isEqualTo(
                        expect(ReferralEvent.ReferralTransferred.class, NeedRouted.class, CaseWorkerTaskRaised.class));
    }

    private static ReferralCommand transfer(Surroundings around) {
        return new ReferralCommand.TransferReferral(
                TransferReason.NO_LONGER_ABLE, null, around, Lifecycle.Party.RECEIVER, LATER);
    }
}
