package org.passerelle.assistance.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.assistance.plan.Examples.AGREED;
import static org.passerelle.assistance.plan.Examples.CASE;
import static org.passerelle.assistance.plan.Examples.CLINIC;
import static org.passerelle.assistance.plan.Examples.DELIVERY;
import static org.passerelle.assistance.plan.Examples.FOLLOW_UP;
import static org.passerelle.assistance.plan.Examples.MORNING;
import static org.passerelle.assistance.plan.Examples.NEXT_MONTH;
import static org.passerelle.assistance.plan.Examples.NOON;
import static org.passerelle.assistance.plan.Examples.OFFER;
import static org.passerelle.assistance.plan.Examples.OPENED;
import static org.passerelle.assistance.plan.Examples.OTHER_FOLLOW_UP;
import static org.passerelle.assistance.plan.Examples.OTHER_OFFER;
import static org.passerelle.assistance.plan.Examples.OTHER_REFERRAL;
import static org.passerelle.assistance.plan.Examples.OWNER;
import static org.passerelle.assistance.plan.Examples.REFERRAL;
import static org.passerelle.assistance.plan.Examples.REFERRED;
import static org.passerelle.assistance.plan.Examples.SCHEDULED;
import static org.passerelle.assistance.plan.Examples.SHELTER;
import static org.passerelle.assistance.plan.Scenario.given;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.passerelle.assistance.plan.PlanCommand.AgreeService;
import org.passerelle.assistance.plan.PlanCommand.ClosePlan;
import org.passerelle.assistance.plan.PlanCommand.EndReferral;
import org.passerelle.assistance.plan.PlanCommand.NoteCase;
import org.passerelle.assistance.plan.PlanCommand.NoteCaseClosed;
import org.passerelle.assistance.plan.PlanCommand.NoteFollowUpDue;
import org.passerelle.assistance.plan.PlanCommand.NoteOpenReferral;
import org.passerelle.assistance.plan.PlanCommand.NoteServiceGap;
import org.passerelle.assistance.plan.PlanCommand.RecordDelivery;
import org.passerelle.assistance.plan.PlanCommand.RecordFollowUp;
import org.passerelle.assistance.plan.PlanCommand.ScheduleFollowUp;
import org.passerelle.assistance.plan.PlanCommand.WithdrawService;
import org.passerelle.assistance.plan.PlanEvent.CaseClosureNoted;
import org.passerelle.assistance.plan.PlanEvent.FollowUpCameDue;
import org.passerelle.assistance.plan.PlanEvent.FollowUpDone;
import org.passerelle.assistance.plan.PlanEvent.FollowUpScheduled;
import org.passerelle.assistance.plan.PlanEvent.PlanClosed;
import org.passerelle.assistance.plan.PlanEvent.ReferralEndNoted;
import org.passerelle.assistance.plan.PlanEvent.ReferralGapNoted;
import org.passerelle.assistance.plan.PlanEvent.ReferralOpenNoted;
import org.passerelle.assistance.plan.PlanEvent.ServiceAgreed;
import org.passerelle.assistance.plan.PlanEvent.ServiceDelivered;
import org.passerelle.assistance.plan.PlanEvent.ServiceEnded;
import org.passerelle.eventsourcing.Refusal;

class PlanDeciderTest {
    private static final AgreeService AGREE =
            new AgreeService(REFERRAL, OFFER, ServiceType.SAFE_SHELTER, SHELTER, OWNER, MORNING, null);
    private static final NewFollowUp NEXT = new NewFollowUp(OTHER_FOLLOW_UP, NEXT_MONTH, FollowUpKind.TELEPHONE);

    @Nested
    class agreeing {
        @Test
        void the_first_accepted_offer_opens_the_plan() {
            given(CASE, REFERRED).when(AGREE).then(OPENED, AGREED);
        }

        @Test
        void another_accepted_offer_extends_it() {
            given(CASE, REFERRED, OPENED, AGREED)
                    .when(new AgreeService(OTHER_REFERRAL, OTHER_OFFER, ServiceType.MEDICAL, CLINIC, OWNER, NOON, null))
                    .then(new ServiceAgreed(OTHER_REFERRAL, OTHER_OFFER, ServiceType.MEDICAL, CLINIC, NOON));
        }

        @Test
        void the_same_acceptance_told_twice_adds_nothing() {
            given(CASE, REFERRED, OPENED, AGREED).when(AGREE).thenNothing();
        }

        @Test
        void an_acceptance_before_the_case_is_known_makes_the_asking_organisation_the_owner_until_it_is() {
            var plan = given().when(AGREE).then(OPENED, AGREED).plan();
            assertThat(plan.owner()).isEqualTo(OWNER);
        }

        @Test
        void a_later_acceptance_for_the_same_referral_takes_the_place_of_the_earlier() {
            given(CASE, REFERRED, OPENED, AGREED)
                    .when(new AgreeService(REFERRAL, OTHER_OFFER, ServiceType.SAFE_SHELTER, CLINIC, OWNER, NOON, null))
                    .then(
                            new ServiceEnded(REFERRAL, OFFER, ServiceEndReason.REPLACED),
                            new ServiceAgreed(REFERRAL, OTHER_OFFER, ServiceType.SAFE_SHELTER, CLINIC, NOON));
        }

        @Test
        void an_acceptance_after_the_plan_was_closed_opens_it_again() {
            given(
                            CASE,
                            OPENED,
                            AGREED,
                            new ReferralEndNoted(REFERRAL),
                            new PlanClosed(ClosureReason.PLAN_COMPLETED, List.of()))
                    .when(new AgreeService(OTHER_REFERRAL, OTHER_OFFER, ServiceType.MEDICAL, CLINIC, OWNER, NOON, null))
                    .then(OPENED, new ServiceAgreed(OTHER_REFERRAL, OTHER_OFFER, ServiceType.MEDICAL, CLINIC, NOON));
        }

        @Test
        void a_country_that_asks_for_follow_ups_gets_one_with_the_first_service_only() {
            given(CASE, REFERRED)
                    .when(new AgreeService(REFERRAL, OFFER, ServiceType.SAFE_SHELTER, SHELTER, OWNER, MORNING, NEXT))
                    .then(OPENED, AGREED, new FollowUpScheduled(OTHER_FOLLOW_UP, NEXT_MONTH, FollowUpKind.TELEPHONE));
            given(CASE, OPENED, AGREED, SCHEDULED)
                    .when(new AgreeService(OTHER_REFERRAL, OTHER_OFFER, ServiceType.MEDICAL, CLINIC, OWNER, NOON, NEXT))
                    .then(new ServiceAgreed(OTHER_REFERRAL, OTHER_OFFER, ServiceType.MEDICAL, CLINIC, NOON));
        }

        @Test
        void an_accepted_offer_taken_back_ends_its_service_and_leaves_the_referral_open() {
            var plan = given(CASE, REFERRED, OPENED, AGREED)
                    .when(new WithdrawService(REFERRAL, OFFER))
                    .then(new ServiceEnded(REFERRAL, OFFER, ServiceEndReason.WITHDRAWN))
                    .plan();
            assertThat(plan.openReferrals()).isEqualTo(1);
            assertThat(plan.isProviding(SHELTER)).isFalse();
            assertThat(plan.hasProvided(SHELTER)).isTrue();
        }

        @Test
        void an_offer_taken_back_before_it_was_accepted_changes_nothing() {
            given(CASE, REFERRED).when(new WithdrawService(REFERRAL, OFFER)).thenNothing();
        }
    }

    @Nested
    class referring {
        @Test
        void news_of_a_referral_is_noted_once() {
            given(CASE)
                    .when(new NoteOpenReferral(REFERRAL))
                    .then(REFERRED)
                    .when(new NoteOpenReferral(REFERRAL))
                    .thenNothing();
        }

        @Test
        void late_news_does_not_open_an_ended_referral_again() {
            given(CASE, REFERRED, new ReferralEndNoted(REFERRAL))
                    .when(new NoteOpenReferral(REFERRAL))
                    .thenNothing()
                    .when(new NoteServiceGap(REFERRAL))
                    .thenNothing();
        }

        @Test
        void a_gap_is_open_again_as_soon_as_a_service_is_offered() {
            var scenario = given(CASE, REFERRED).when(new NoteServiceGap(REFERRAL));
            assertThat(scenario.then(new ReferralGapNoted(REFERRAL)).plan().openReferrals())
                    .isZero();
            scenario.when(new NoteOpenReferral(REFERRAL)).then(new ReferralOpenNoted(REFERRAL));
        }

        @Test
        void the_end_of_a_referral_ends_its_service() {
            given(CASE, REFERRED, OPENED, AGREED)
                    .when(new EndReferral(REFERRAL, ServiceEndReason.COMPLETED))
                    .then(new ServiceEnded(REFERRAL, OFFER, ServiceEndReason.COMPLETED), new ReferralEndNoted(REFERRAL))
                    .when(new EndReferral(REFERRAL, ServiceEndReason.COMPLETED))
                    .thenNothing();
        }

        @Test
        void the_case_is_noted_once_and_its_owner_is_the_plans() {
            given(new PlanEvent.PlanOpened(SHELTER), AGREED)
                    .when(new NoteCase(OWNER))
                    .then(CASE)
                    .when(new NoteCase(OWNER))
                    .thenNothing();
        }
    }

    @Nested
    class delivering {
        private static RecordDelivery delivery(ReferralId referral, ServiceType service, Instant at, int units) {
            return new RecordDelivery(DELIVERY, referral, service, at, units, "arrived calm", NOON);
        }

        @Test
        void an_agreed_service_is_delivered_by_the_organisation_that_gives_it() {
            given(CASE, REFERRED, OPENED, AGREED)
                    .when(delivery(REFERRAL, ServiceType.SAFE_SHELTER, MORNING, 2))
                    .then(new ServiceDelivered(
                            DELIVERY, REFERRAL, OFFER, ServiceType.SAFE_SHELTER, SHELTER, MORNING, 2, "arrived calm"))
                    .when(delivery(REFERRAL, ServiceType.SAFE_SHELTER, MORNING, 2))
                    .thenNothing();
        }

        @Test
        void what_was_not_agreed_cannot_be_delivered() {
            var agreed = given(CASE, REFERRED, OPENED, AGREED);
            assertThat(agreed.refused(delivery(OTHER_REFERRAL, ServiceType.SAFE_SHELTER, MORNING, 1)))
                    .returns("service-not-agreed", Refusal::code)
                    .returns("referralId", Refusal::field);
            assertThat(agreed.refused(delivery(REFERRAL, ServiceType.MEDICAL, MORNING, 1)))
                    .returns("service-not-agreed", Refusal::code)
                    .returns("service", Refusal::field);
        }

        @Test
        void what_has_ended_cannot_be_delivered() {
            assertThat(given(CASE, OPENED, AGREED, new ServiceEnded(REFERRAL, OFFER, ServiceEndReason.COMPLETED))
                            .refused(delivery(REFERRAL, ServiceType.SAFE_SHELTER, MORNING, 1)))
                    .returns("service-ended", Refusal::code);
        }

        @Test
        void nothing_is_delivered_tomorrow_or_zero_times() {
            var agreed = given(CASE, REFERRED, OPENED, AGREED);
            assertThat(agreed.refused(delivery(REFERRAL, ServiceType.SAFE_SHELTER, NEXT_MONTH, 1)))
                    .returns("delivered-in-the-future", Refusal::code)
                    .returns(Refusal.Kind.INVALID, Refusal::kind);
            assertThat(agreed.refused(delivery(REFERRAL, ServiceType.SAFE_SHELTER, MORNING, 0)))
                    .returns("units-below-one", Refusal::code);
        }

        @Test
        void without_a_plan_there_is_nothing_to_deliver() {
            assertThat(given(CASE, REFERRED).refused(delivery(REFERRAL, ServiceType.SAFE_SHELTER, MORNING, 1)))
                    .returns("plan-unknown", Refusal::code)
                    .returns(Refusal.Kind.UNKNOWN, Refusal::kind);
        }
    }

    @Nested
    class following_up {
        private static ScheduleFollowUp at(Instant due) {
            return new ScheduleFollowUp(new NewFollowUp(FOLLOW_UP, due, FollowUpKind.VISIT), NOON);
        }

        @Test
        void a_follow_up_is_scheduled_comes_due_once_and_is_done() {
            given(CASE, OPENED, AGREED)
                    .when(at(NEXT_MONTH))
                    .then(SCHEDULED)
                    .when(new NoteFollowUpDue(FOLLOW_UP))
                    .then(new FollowUpCameDue(FOLLOW_UP))
                    .when(new NoteFollowUpDue(FOLLOW_UP))
                    .thenNothing()
                    .when(new RecordFollowUp(FOLLOW_UP, FollowUpOutcome.SAFE, null, null))
                    .then(new FollowUpDone(FOLLOW_UP, FollowUpOutcome.SAFE, null))
                    .when(new RecordFollowUp(FOLLOW_UP, FollowUpOutcome.SAFE, null, null))
                    .thenNothing();
        }

        @Test
        void it_lies_in_the_future_but_not_in_another_life() {
            var open = given(CASE, OPENED, AGREED);
            assertThat(open.refused(at(NOON))).returns("follow-up-in-the-past", Refusal::code);
            assertThat(open.refused(at(NOON.plus(FollowingUp.FURTHEST).plusSeconds(1))))
                    .returns("follow-up-too-far", Refusal::code);
        }

        @Test
        void one_that_was_done_early_does_not_come_due() {
            given(CASE, OPENED, AGREED, SCHEDULED, new FollowUpDone(FOLLOW_UP, FollowUpOutcome.SAFE, null))
                    .when(new NoteFollowUpDue(FOLLOW_UP))
                    .thenNothing();
        }

        @Test
        void an_unknown_one_has_no_outcome_and_a_done_one_has_only_one() {
            assertThat(given(CASE, OPENED, AGREED)
                            .refused(new RecordFollowUp(FOLLOW_UP, FollowUpOutcome.SAFE, null, null)))
                    .returns("follow-up-unknown", Refusal::code)
                    .returns(Refusal.Kind.UNKNOWN, Refusal::kind);
            assertThat(given(CASE, OPENED, AGREED, SCHEDULED, new FollowUpDone(FOLLOW_UP, FollowUpOutcome.SAFE, null))
                            .refused(new RecordFollowUp(FOLLOW_UP, FollowUpOutcome.UNREACHABLE, null, null)))
                    .returns("follow-up-already-done", Refusal::code);
        }

        @Test
        void a_country_that_asks_for_follow_ups_gets_the_next_one_when_none_is_pending() {
            given(CASE, OPENED, AGREED, SCHEDULED)
                    .when(new RecordFollowUp(FOLLOW_UP, FollowUpOutcome.UNREACHABLE, "no answer", NEXT))
                    .then(
                            new FollowUpDone(FOLLOW_UP, FollowUpOutcome.UNREACHABLE, "no answer"),
                            new FollowUpScheduled(OTHER_FOLLOW_UP, NEXT_MONTH, FollowUpKind.TELEPHONE));
        }

        @Test
        void a_closed_plan_has_no_follow_ups_left() {
            var closed = given(
                    CASE, OPENED, AGREED, SCHEDULED, new PlanClosed(ClosureReason.LOST_CONTACT, List.of(FOLLOW_UP)));
            closed.when(new NoteFollowUpDue(FOLLOW_UP)).thenNothing();
            assertThat(closed.refused(new RecordFollowUp(FOLLOW_UP, FollowUpOutcome.SAFE, null, null)))
                    .returns("follow-up-dropped", Refusal::code);
            assertThat(closed.refused(new ScheduleFollowUp(NEXT, NOON))).returns("plan-not-open", Refusal::code);
        }
    }

    @Nested
    class closing {
        private static final ClosePlan CLOSE = new ClosePlan(ClosureReason.PLAN_COMPLETED);

        @Test
        void a_plan_with_an_open_referral_refuses_to_close() {
            assertThat(given(CASE, REFERRED, OPENED, AGREED, new ReferralOpenNoted(OTHER_REFERRAL))
                            .refused(CLOSE))
                    .returns("referral-open", Refusal::code)
                    .returns(List.of(2L), Refusal::args);
        }

        @Test
        void a_plan_without_closes_and_drops_what_was_still_to_be_followed_up() {
            given(
                            CASE,
                            REFERRED,
                            OPENED,
                            AGREED,
                            SCHEDULED,
                            new ServiceEnded(REFERRAL, OFFER, ServiceEndReason.COMPLETED),
                            new ReferralEndNoted(REFERRAL))
                    .when(CLOSE)
                    .then(new PlanClosed(ClosureReason.PLAN_COMPLETED, List.of(FOLLOW_UP)))
                    .when(CLOSE)
                    .thenNothing();
        }

        @Test
        void a_gap_keeps_nobodys_plan_open() {
            given(CASE, OPENED, AGREED, new ReferralEndNoted(REFERRAL), new ReferralGapNoted(OTHER_REFERRAL))
                    .when(CLOSE)
                    .then(new PlanClosed(ClosureReason.PLAN_COMPLETED, List.of()));
        }

        @Test
        void it_is_closed_once_and_for_one_reason() {
            assertThat(given(CASE, OPENED, new PlanClosed(ClosureReason.LOST_CONTACT, List.of()))
                            .refused(CLOSE))
                    .returns("plan-not-open", Refusal::code);
            assertThat(given(CASE, REFERRED).refused(CLOSE)).returns("plan-unknown", Refusal::code);
        }

        @Test
        void a_closed_case_closes_its_plan() {
            given(CASE, OPENED, AGREED, new ReferralEndNoted(REFERRAL))
                    .when(new NoteCaseClosed(ClosureReason.TRANSFERRED))
                    .then(
                            new CaseClosureNoted(ClosureReason.TRANSFERRED),
                            new PlanClosed(ClosureReason.TRANSFERRED, List.of()));
        }

        @Test
        void a_closed_case_whose_last_referral_is_still_being_told_of_closes_its_plan_with_that() {
            given(CASE, REFERRED, OPENED, AGREED)
                    .when(new NoteCaseClosed(ClosureReason.TRANSFERRED))
                    .then(new CaseClosureNoted(ClosureReason.TRANSFERRED))
                    .when(new EndReferral(REFERRAL, ServiceEndReason.COMPLETED))
                    .then(
                            new ServiceEnded(REFERRAL, OFFER, ServiceEndReason.COMPLETED),
                            new ReferralEndNoted(REFERRAL),
                            new PlanClosed(ClosureReason.TRANSFERRED, List.of()));
        }

        @Test
        void a_closed_case_without_a_plan_is_only_noted() {
            given(CASE)
                    .when(new NoteCaseClosed(ClosureReason.DUPLICATE))
                    .then(new CaseClosureNoted(ClosureReason.DUPLICATE))
                    .when(new NoteCaseClosed(ClosureReason.DUPLICATE))
                    .thenNothing();
        }
    }
}
