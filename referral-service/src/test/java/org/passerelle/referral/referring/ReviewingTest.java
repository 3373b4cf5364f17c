package org.passerelle.referral.referring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.referring.World.ANYBODY;
import static org.passerelle.referral.referring.World.NOON;
import static org.passerelle.referral.referring.World.around;
import static org.passerelle.referral.referring.World.avoiding;
import static org.passerelle.referral.referring.World.offer;
import static org.passerelle.referral.referring.World.onlyTo;
import static org.passerelle.referral.referring.World.organisation;
import static org.passerelle.referral.referring.World.request;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.codes.WhyAvoided;
import org.passerelle.referral.referring.Lifecycle.Party;
import org.passerelle.referral.referring.ReferralCommand.AcceptOffer;
import org.passerelle.referral.referring.ReferralCommand.BeginService;
import org.passerelle.referral.referring.ReferralCommand.CompleteReferral;
import org.passerelle.referral.referring.ReferralCommand.EscalateDecision;
import org.passerelle.referral.referring.ReferralCommand.ReportProgress;
import org.passerelle.referral.referring.ReferralCommand.RequestReferral;
import org.passerelle.referral.referring.ReferralCommand.ReviewPlacement;
import org.passerelle.referral.referring.ReferralCommand.RouteAgain;
import org.passerelle.referral.referring.ReferralCommand.TransferReferral;
import org.passerelle.referral.referring.ReferralEvent.CaseWorkerTaskRaised;
import org.passerelle.referral.referring.ReferralEvent.DangersFound;
import org.passerelle.referral.referring.ReferralEvent.DecisionAwaited;
import org.passerelle.referral.referring.ReferralEvent.DecisionOverdue;
import org.passerelle.referral.referring.ReferralEvent.PlacementReviewed;

/** A danger that becomes known where organisation 1 has accepted the person. */
@Tag("safety")
class ReviewingTest extends Story {

    private static final Instant LATER = NOON.plus(Duration.ofMinutes(5));
    private static final Map<OrganisationId, WhyAvoided> REACH = Map.of(organisation(1), WhyAvoided.TRAFFICKER_REACH);
    private static final Map<OrganisationId, WhyAvoided> OTHERS = Map.of(organisation(7), WhyAvoided.RUN_BY_SUSPECT);
    private static final ReviewPlacement REVIEW = new ReviewPlacement(null, LATER);

    @BeforeEach
    void organisation1Accepted() {
        when(new RequestReferral(request(Urgency.URGENT, Duration.ofDays(3)), around(2, ANYBODY, 1), NOON));
        when(new AcceptOffer(offer(1), null, around(2, ANYBODY, 2), NOON));
    }

    private List<ReferralEvent> learnt(
            Instant at, int services, Map<OrganisationId, WhyAvoided> organisations, String... places) {
        return when(new RouteAgain(
                RoutingTrigger.CIRCUMSTANCES_CHANGED,
                avoiding(around(services, ANYBODY, 9), organisations, places),
                at));
    }

    private List<ReferralEvent> learnt(Map<OrganisationId, WhyAvoided> organisations, String... places) {
        return learnt(LATER, 2, organisations, places);
    }

    private void isTold(List<ReferralEvent> events) {
        assertThat(events)
                .hasAtLeastOneElementOfType(DangersFound.class)
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                CaseWorkerTaskRaised.class,
                                raised -> assertThat(raised.reason()).isEqualTo(TaskReason.PLACEMENT_TO_REVIEW)));
        assertThat(course().tasks()).containsExactly(TaskReason.PLACEMENT_TO_REVIEW);
        assertThat(course().deciding()).isNotNull();
    }

    private void isSettled() {
        assertThat(course().tasks()).isEmpty();
        assertThat(course().deciding()).isNull();
    }

    @Test
    void nobodyIsSentAway_theCaseWorkerHasToDecideInTime() {
        NextStep.Owed before = course().owed();
        assertThat(learnt(OTHERS, "BI-GI")).isEmpty();
        assertThat(names(learnt(REACH)))
                .isEqualTo(List.of(DangersFound.class, CaseWorkerTaskRaised.class, DecisionAwaited.class));
        NextStep.Owed decision = course().deciding();
        assertThat(decision.step()).isEqualTo(NextStep.DECISION);
        assertThat(decision.of()).isEqualTo(organisation(99));
        assertThat(decision.by()).isEqualTo(LATER.plus(Duration.ofHours(12)));
        assertThat(learnt(REACH)).as("once").isEmpty();
        assertThat(state()).isInstanceOf(Referral.Accepted.class);
        assertThat(course().owed())
                .as("whoever is feared must not see by their own clock that they are")
                .isEqualTo(before);
    }

    @Test
    void aDecisionThatNobodyTakesIsToldToTheRequesterAndThoseAbove_whateverTheProviderDoes() {
        learnt(REACH);
        when(new BeginService(Party.RECEIVER, LATER));
        List<NextStep.Told> told = new ArrayList<>();
        for (int time = 0; time < 3; time++) {
            Instant by = course().deciding().by();
            assertThat(when(new EscalateDecision(by.minusSeconds(1)))).isEmpty();
            told.add(((DecisionOverdue) when(new EscalateDecision(by)).getFirst()).told());
            when(new ReportProgress(HowItGoes.AS_AGREED, null, Party.RECEIVER, by.plusSeconds(1)));
        }
        assertThat(told).isEqualTo(List.of(NextStep.Told.OWNER, NextStep.Told.SUPERVISOR, NextStep.Told.COORDINATOR));
        assertThat(course().owed().step()).isEqualTo(NextStep.REPORT);
    }

    @Test
    void aPlacementThatWasReviewedStands_untilSomethingElseBecomesKnown() {
        learnt(REACH);
        assertThat(names(when(REVIEW))).isEqualTo(List.of(PlacementReviewed.class, DecisionAwaited.class));
        isSettled();
        assertThat(when(REVIEW)).as("once").isEmpty();
        assertThat(learnt(REACH)).as("the same").isEmpty();
        assertThat(learnt(REACH, "BI-GI")).as("elsewhere").isEmpty();
        isTold(learnt(REACH, "BI-BM"));
        when(REVIEW);
        isTold(learnt(Map.of(organisation(1), WhyAvoided.RUN_BY_SUSPECT), "BI-BM"));
        when(REVIEW);
        learnt(Map.of());
        isTold(learnt(REACH));
    }

    @Test
    void aSecondDangerWhileTheFirstIsOpenIsToldToo_andNothingIsTakenBack() {
        learnt(REACH);
        for (int time = 0; time < 3; time++) {
            when(new EscalateDecision(course().deciding().by()));
        }
        Instant at = course().deciding().by().minus(Duration.ofHours(40));
        isTold(learnt(at, 2, REACH, "BI-BM"));
        assertThat(course().deciding().by())
                .as("the next telling comes sooner, and to those who would have had it later")
                .isBefore(at.plus(Duration.ofHours(40)));
        assertThat(((DecisionOverdue)
                                when(new EscalateDecision(course().deciding().by()))
                                        .getFirst())
                        .told())
                .isEqualTo(NextStep.Told.COORDINATOR);
    }

    @Test
    void aDangerThatIsLiftedIsReviewedNoMore_oneThatIsLeftIs() {
        learnt(REACH, "BI-BM");
        assertThat(names(learnt(Map.of(), "BI-BM"))).isEqualTo(List.of(DangersFound.class));
        assertThat(course().tasks()).containsExactly(TaskReason.PLACEMENT_TO_REVIEW);
        assertThat(names(learnt(OTHERS))).isEqualTo(List.of(DangersFound.class, DecisionAwaited.class));
        isSettled();
        assertThat(refusal(REVIEW)).isEqualTo("no-placement-to-review");
    }

    @Test
    void aServiceThatLeavesTheDirectoryIsNoSaferForIt() {
        learnt(Map.of(), "BI-BM");
        assertThat(learnt(LATER, 0, Map.of(), "BI-BM")).isEmpty();
        assertThat(course().tasks()).containsExactly(TaskReason.PLACEMENT_TO_REVIEW);
        learnt(LATER, 0, Map.of());
        isSettled();
    }

    @Test
    void itEndsWhenItIsPassedOn_andWithTheReferral() {
        learnt(REACH);
        when(new TransferReferral(
                TransferReason.OTHER, null, avoiding(around(2, ANYBODY, 3), REACH), Party.REQUESTER, LATER));
        isSettled();
        when(new AcceptOffer(offer(3), null, around(2, ANYBODY, 4), LATER));
        isTold(learnt(Map.of(organisation(2), WhyAvoided.EMPLOYS_SUSPECT)));
        when(new CompleteReferral(Outcome.GOT_HELP, null, LATER));
        isSettled();
        assertThat(refusal(REVIEW)).isEqualTo("referral-ended");
    }

    @Test
    void aStopAndAReviewAreDecidedEachByItself() {
        learnt(REACH);
        when(new RouteAgain(RoutingTrigger.CONSENT_CHANGED, avoiding(around(2, onlyTo(2), 3), REACH), LATER));
        assertThat(course().owed().step()).isEqualTo(NextStep.DECISION);
        when(REVIEW);
        assertThat(course().tasks()).containsExactly(TaskReason.CONSENT_ENDED_WHILE_SERVING);
        assertThat(course().owed().step()).as("the stop is still to be decided").isEqualTo(NextStep.DECISION);

        isToldBeside(learnt(REACH, "BI-BM"));
        when(new RouteAgain(RoutingTrigger.CONSENT_CHANGED, avoiding(around(2, ANYBODY, 3), REACH, "BI-BM"), LATER));
        assertThat(course().owed().step()).isEqualTo(NextStep.FIRST_CONTACT);
        assertThat(course().deciding()).as("and now the danger").isNotNull();
    }

    private void isToldBeside(List<ReferralEvent> events) {
        assertThat(events).hasAtLeastOneElementOfType(CaseWorkerTaskRaised.class);
        assertThat(course().deciding()).isNotNull();
    }

    /** Of a task from before the dangers and the clock were kept. */
    @Test
    void aTaskOfBeforeGetsItsClock_andIsSettledLikeOthers() {
        past.add(new CaseWorkerTaskRaised(course().about(), TaskReason.PLACEMENT_TO_REVIEW, NOON));
        List<ReferralEvent> before = List.copyOf(past);
        assertThat(names(when(new EscalateDecision(LATER)))).isEqualTo(List.of(DecisionAwaited.class));
        assertThat(learnt(LATER, 0, OTHERS)).as("nobody can tell").isEmpty();
        learnt(OTHERS);
        isSettled();

        past.clear();
        past.addAll(before);
        isTold(when(new RouteAgain(RoutingTrigger.STANDING_CHANGED, avoiding(around(2, ANYBODY, 9), REACH), LATER)));
        when(REVIEW);
        assertThat(learnt(REACH)).isEmpty();
    }

    @Test
    void whereNothingIsFearedThereIsNothingToReview() {
        assertThat(refusal(REVIEW)).isEqualTo("no-placement-to-review");
    }

    @Test
    void whatIsFearedAndNotedIsSealed() {
        learnt(REACH, "BI-BM");
        when(new ReviewPlacement("une note secrète", LATER));
        assertThat(past.stream()
                        .map(ReferralEvent::toString)
                        .filter(text -> text.startsWith("DangersFound") || text.startsWith("PlacementReviewed")))
                .hasSize(2)
                .allSatisfy(text -> assertThat(text).doesNotContain("trafficker", "BI-BM", "secrète"));
    }
}
