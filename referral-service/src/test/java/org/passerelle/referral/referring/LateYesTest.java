package org.passerelle.referral.referring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.referring.World.ANYBODY;
import static org.passerelle.referral.referring.World.NOON;
import static org.passerelle.referral.referring.World.around;
import static org.passerelle.referral.referring.World.offer;
import static org.passerelle.referral.referring.World.onlyTo;
import static org.passerelle.referral.referring.World.organisation;
import static org.passerelle.referral.referring.World.request;
import static org.passerelle.referral.referring.World.service;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.NewEvent;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.referring.Lifecycle.Party;
import org.passerelle.referral.referring.Lifecycle.Stage;
import org.passerelle.referral.referring.ReferralCommand.AcceptOffer;
import org.passerelle.referral.referring.ReferralCommand.ActByLink;
import org.passerelle.referral.referring.ReferralCommand.BeginService;
import org.passerelle.referral.referring.ReferralCommand.CancelReferral;
import org.passerelle.referral.referring.ReferralCommand.ChooseService;
import org.passerelle.referral.referring.ReferralCommand.CompleteReferral;
import org.passerelle.referral.referring.ReferralCommand.DeclineOffer;
import org.passerelle.referral.referring.ReferralCommand.EscalateDecision;
import org.passerelle.referral.referring.ReferralCommand.ExpireOffer;
import org.passerelle.referral.referring.ReferralCommand.HoldReferral;
import org.passerelle.referral.referring.ReferralCommand.IssueLink;
import org.passerelle.referral.referring.ReferralCommand.OpenLink;
import org.passerelle.referral.referring.ReferralCommand.ReleaseLate;
import org.passerelle.referral.referring.ReferralCommand.RequestReferral;
import org.passerelle.referral.referring.ReferralCommand.TransferReferral;
import org.passerelle.referral.referring.ReferralEvent.CaseWorkerTaskRaised;
import org.passerelle.referral.referring.ReferralEvent.DecisionAwaited;
import org.passerelle.referral.referring.ReferralEvent.DecisionOverdue;
import org.passerelle.referral.referring.ReferralEvent.LateAcceptanceRecorded;
import org.passerelle.referral.referring.ReferralEvent.LateAcceptanceReleased;
import org.passerelle.referral.referring.ReferralEvent.OfferAccepted;
import org.passerelle.referral.referring.ReferralEvent.OfferDeclined;
import org.passerelle.referral.referring.ReferralEvent.OfferWithdrawn;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;

/** A yes to an offer that is not open any more, of organisation 1. */
class LateYesTest extends Story {

    private static final Instant LATER = NOON.plus(Duration.ofHours(1));
    private static final TelephoneCall CALL = new TelephoneCall("Voix Inventée", "+257 79 00 00 00", NOON);
    private static final AcceptOffer YES = new AcceptOffer(offer(1), null, around(3, ANYBODY, 9), LATER);
    private static final ReleaseLate RELEASE = new ReleaseLate(offer(1), Party.REQUESTER, LATER);

    @BeforeEach
    void organisation1DidNotAnswer() {
        when(new RequestReferral(request(Urgency.URGENT, Duration.ofDays(3)), around(2, ANYBODY, 1), NOON));
    }

    private void expires(int others) {
        when(new ExpireOffer(offer(1), around(others, ANYBODY, 2), NOON));
    }

    private Offer.Standing standing() {
        return course().offer(offer(1)).orElseThrow().standing();
    }

    private void isNoted() {
        Stage before = Stage.of(state());
        assertThat(names(when(YES)))
                .isEqualTo(List.of(LateAcceptanceRecorded.class, CaseWorkerTaskRaised.class, DecisionAwaited.class));
        assertThat(Stage.of(state())).isEqualTo(before);
        assertThat(when(YES)).as("once").isEmpty();
        assertThat(standing()).isEqualTo(Offer.Standing.LATE);
    }

    private void isReleased() {
        Stage before = Stage.of(state());
        assertThat(names(when(RELEASE))).isEqualTo(List.of(LateAcceptanceReleased.class, DecisionAwaited.class));
        assertThat(course().deciding()).isNull();
        assertThat(Stage.of(state())).isEqualTo(before);
        assertThat(course().tasks()).doesNotContain(TaskReason.LATE_ACCEPTANCE);
        assertThat(when(RELEASE)).as("once").isEmpty();
    }

    @Test
    void doesNotOverruleWhomAPersonChose() {
        when(new ChooseService(service(2), ChoiceReason.OTHER, null, around(2, ANYBODY, 2), Party.REQUESTER, NOON));
        assertThat(standing()).isEqualTo(Offer.Standing.WITHDRAWN);
        isNoted();
        assertThat(((Referral.Offered) state()).open().organisation()).isEqualTo(organisation(2));
        when(new AcceptOffer(offer(2), null, around(2, ANYBODY, 3), LATER));
        assertThat(course().tasks()).containsExactly(TaskReason.LATE_ACCEPTANCE);
        isReleased();
    }

    @Test
    void comesBeforeWhomTheRankingChose_afterThePersonsChoiceSaidNo() {
        when(new ChooseService(service(2), ChoiceReason.OTHER, null, around(2, ANYBODY, 2), Party.REQUESTER, NOON));
        when(new DeclineOffer(offer(2), DeclineReason.OTHER, null, around(3, onlyTo(2, 3), 3), LATER));
        assertThat(((Referral.Offered) state()).open().organisation()).isEqualTo(organisation(3));
        assertThat(names(when(YES)).subList(0, 2)).isEqualTo(List.of(OfferWithdrawn.class, OfferAccepted.class));
    }

    @Test
    void isReleasedWhileTheChosenOneIsAskedAndWhenNobodyIs() {
        when(new ChooseService(service(2), ChoiceReason.OTHER, null, around(2, ANYBODY, 2), Party.REQUESTER, NOON));
        isNoted();
        isReleased();
        assertThat(when(YES)).as("who says it again keeps a place again").isNotEmpty();
        when(new DeclineOffer(offer(2), DeclineReason.OTHER, null, around(2, ANYBODY, 3), LATER));
        assertThat(Stage.of(state())).isEqualTo(Stage.REQUESTED);
        isReleased();
        assertThat(names(when(YES))).as("and now it counts").contains(OfferAccepted.class);
    }

    @Test
    void isReleasedInEveryStageOfAServiceThatIsGiven() {
        expires(2);
        when(new AcceptOffer(offer(2), null, around(2, ANYBODY, 3), LATER));
        isNoted();
        isReleased();
        when(new BeginService(Party.RECEIVER, LATER));
        when(YES);
        isReleased();
        when(new HoldReferral(PauseReason.OTHER, null, Party.RECEIVER, LATER));
        when(YES);
        isReleased();
        assertThat(refusal(new ReleaseLate(offer(2), Party.COORDINATOR, LATER))).isEqualTo("no-late-acceptance");
    }

    @Test
    void outlivesTheServiceBesideWhichItCame_untilItIsReleased() {
        for (ReferralCommand end : List.of(
                new CompleteReferral(Outcome.GOT_HELP, null, LATER),
                new CompleteReferral(Outcome.NO_CAPACITY, null, LATER),
                new CancelReferral(CancellationReason.CASE_CLOSED, LATER),
                new CancelReferral(CancellationReason.ENTERED_IN_ERROR, LATER))) {
            past.clear();
            organisation1DidNotAnswer();
            expires(2);
            when(new AcceptOffer(offer(2), null, around(2, ANYBODY, 3), LATER));
            isNoted();
            when(end);
            assertThat(Stage.of(state()).ended()).isTrue();
            assertThat(course().tasks())
                    .as("somebody keeps a place for a person who does not come")
                    .containsExactly(TaskReason.LATE_ACCEPTANCE);
            isReleased();
        }
    }

    @Test
    void ofWhichNothingIsLeftAtTheEndWakesNobody() {
        expires(2);
        when(new AcceptOffer(offer(2), null, around(2, ANYBODY, 3), LATER));
        isNoted();
        isReleased();
        when(new CompleteReferral(Outcome.GOT_HELP, null, LATER));
        assertThat(course().tasks()).isEmpty();
        assertThat(course().deciding()).isNull();
    }

    /** Also once the referral has ended: nobody else tells the sender. */
    @Test
    void thatNobodyReleasesIsToldToTheSenderAndToThoseAbove() {
        expires(2);
        when(new AcceptOffer(offer(2), null, around(2, ANYBODY, 3), LATER));
        isNoted();
        assertThat(course().owed())
                .as("the step of whoever gives the service is what it was")
                .extracting(NextStep.Owed::step)
                .isEqualTo(NextStep.FIRST_CONTACT);
        when(new CompleteReferral(Outcome.GOT_HELP, null, LATER));
        List<NextStep.Told> told = new ArrayList<>();
        for (int time = 0; time < 4; time++) {
            Instant by = course().deciding().by();
            assertThat(when(new EscalateDecision(by.minusMillis(1)))).isEmpty();
            DecisionOverdue overdue =
                    (DecisionOverdue) when(new EscalateDecision(by)).getFirst();
            assertThat(overdue.again()).isAfter(by).isBeforeOrEqualTo(by.plus(Duration.ofDays(7)));
            told.add(overdue.told());
        }
        assertThat(told)
                .isEqualTo(List.of(
                        NextStep.Told.OWNER,
                        NextStep.Told.SUPERVISOR,
                        NextStep.Told.COORDINATOR,
                        NextStep.Told.COORDINATOR));
        isReleased();
        assertThat(when(new EscalateDecision(LATER.plus(Duration.ofDays(30))))).isEmpty();
    }

    @Test
    void ofBeforeThereWasAClockGetsIt() {
        expires(2);
        when(new AcceptOffer(offer(2), null, around(2, ANYBODY, 3), LATER));
        isNoted();
        past.removeIf(DecisionAwaited.class::isInstance);
        when(new CompleteReferral(Outcome.GOT_HELP, null, LATER));
        past.removeIf(DecisionAwaited.class::isInstance);
        assertThat(names(when(new EscalateDecision(LATER)))).isEqualTo(List.of(DecisionAwaited.class));
        assertThat(course().deciding().by()).isAfter(LATER);
        isReleased();
    }

    @Test
    void thatCountsAfterAllLeavesNoTask() {
        expires(2);
        when(new AcceptOffer(offer(2), null, around(2, ANYBODY, 3), LATER));
        isNoted();
        when(new TransferReferral(TransferReason.OTHER, null, around(2, ANYBODY, 3), Party.RECEIVER, LATER));
        assertThat(names(when(YES))).contains(OfferAccepted.class);
        assertThat(course().tasks()).isEmpty();
    }

    @Test
    void isNotedBesideAReferralThatTheSenderGaveUp() {
        expires(1);
        when(new CancelReferral(CancellationReason.NO_SERVICE, LATER));
        assertThat(Stage.of(state())).isEqualTo(Stage.EXPIRED);
        isNoted();
        isReleased();
    }

    @Test
    void isNotedBesideOneThatWasGivenUpAfterAnothersNo() {
        expires(2);
        when(new DeclineOffer(offer(2), DeclineReason.OTHER, null, around(2, ANYBODY, 3), LATER));
        when(new CancelReferral(CancellationReason.NO_SERVICE, LATER));
        assertThat(Stage.of(state())).isEqualTo(Stage.DECLINED);
        isNoted();
        isReleased();
    }

    @Test
    void isNotedBesideOneThatWasGivenUpAfterItWasPassedOn() {
        expires(2);
        when(new AcceptOffer(offer(2), null, around(2, ANYBODY, 3), LATER));
        when(new TransferReferral(TransferReason.OTHER, null, around(2, ANYBODY, 3), Party.RECEIVER, LATER));
        when(new CancelReferral(CancellationReason.NO_SERVICE, LATER));
        assertThat(Stage.of(state())).isEqualTo(Stage.CANCELLED);
        isNoted();
        isReleased();
    }

    @Test
    void isRefusedWhereTheReferralEndedOtherwise_orConsentDid() {
        expires(2);
        AcceptOffer unwanted = new AcceptOffer(offer(1), CALL, around(2, onlyTo(2), 3), LATER);
        assertThat(refusal(unwanted)).isEqualTo("offer-no-longer-consented");
        when(new AcceptOffer(offer(2), null, around(2, ANYBODY, 3), LATER));
        assertThat(refusal(unwanted)).isEqualTo("offer-no-longer-consented");
        when(new CancelReferral(CancellationReason.NO_LONGER_NEEDED, LATER));
        assertThat(refusal(YES)).isEqualTo("referral-ended");
    }

    @Test
    void toAnOfferThatWasMovedComesByItsLinkToo() {
        UUID link = new UUID(5, 1);
        when(new IssueLink(link, "aa", "bb", LATER.plus(Duration.ofDays(7)), NOON));
        past.add(
                new OfferWithdrawn(course().about(), offer(1), organisation(1), WithdrawalReason.MOVED_TOGETHER, NOON));
        assertThat(when(new OpenLink(link, offer(1), around(2, ANYBODY, 3), LATER)))
                .isNotEmpty();
        assertThat(refusal(new OpenLink(link, offer(1), around(2, onlyTo(2), 3), LATER)))
                .isEqualTo("link-unknown");
        assertThat(names(when(new ActByLink(link, offer(1), YES)))).contains(OfferAccepted.class);
    }

    @Test
    void aNoByTelephoneSendsTheNeedOn_andWhoSaidItIsSealed() {
        List<ReferralEvent> no =
                when(new DeclineOffer(offer(1), DeclineReason.NO_CAPACITY, null, CALL, around(2, ANYBODY, 2), LATER));
        assertThat(no).hasAtLeastOneElementOfType(ServiceOffered.class);
        OfferDeclined declined = (OfferDeclined) no.getFirst();
        assertThat(declined.call()).isEqualTo(CALL);
        assertThat(declined.toString()).doesNotContain("Voix", "+257");
        NewEvent stored = ReferralStream.TYPES.encode(declined);
        assertThat(ReferralStream.TYPES.decode(stored.type(), stored.schemaVersion(), stored.data()))
                .isEqualTo(declined);
    }
}
