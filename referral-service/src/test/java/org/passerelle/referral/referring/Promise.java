package org.passerelle.referral.referring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.referring.NextStep.Told.COORDINATOR;
import static org.passerelle.referral.referring.NextStep.Told.SUPERVISOR;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.passerelle.referral.referring.Lifecycle.Stage;

/** What holds of every referral at every moment of a simulated {@link Quarter}. */
final class Promise {

    private Promise() {}

    /**
     * An owner, a clock that is still to run out, and a next step; and no claim of somebody who left. Who keeps a place in
     * vain, and who is where danger is, waits for somebody's decision, also once the referral has ended.
     */
    static void holds(Referral state, Map<String, Instant> deadlines, Instant now, Set<String> gone) {
        Stage stage = Stage.of(state);
        if (state instanceof Referral.Unrequested) {
            return;
        }
        Referral.Course course = Referral.course(state);
        boolean isFeared =
                state instanceof Referral.Accepted given && given.dangers().isToReview();
        boolean isKept = course.offers().stream().anyMatch(offer -> offer.standing() == Offer.Standing.LATE);
        if (isFeared || isKept) {
            assertThat(course.deciding()).as("whose decision it is").isNotNull();
            assertThat(deadlines.get(ReferralStream.DECISION)).as("its clock").isAfterOrEqualTo(now);
        } else {
            assertThat(deadlines).doesNotContainKey(ReferralStream.DECISION);
        }
        if (stage.ended()) {
            assertThat(deadlines.keySet())
                    .isSubsetOf(
                            ReferralStream.CLAIMANT,
                            ReferralStream.UNIT_SETTLED,
                            ReferralStream.PACKAGE_SETTLED,
                            ReferralStream.DECISION);
            return;
        }
        assertThat(course.owed())
                .as("the next step of a referral that is %s", stage)
                .isNotNull();
        assertThat(course.owed().of()).as("its owner").isNotNull();
        assertThat(deadlines.get(ReferralStream.NEXT_STEP)).as("its clock").isAfterOrEqualTo(now);
        boolean isHeldBack =
                !course.joining().heldBy().isEmpty() && !course.tasks().contains(TaskReason.OTHER_NEED_FAILED);
        boolean isStopped = state instanceof Referral.Accepted accepted
                && !accepted.stopped().isEmpty();
        NextStep expected = switch (stage) {
            case REQUESTED -> isHeldBack ? NextStep.OTHER_NEED : course.gap() ? NextStep.SERVICE : NextStep.DECISION;
            case OFFERED ->
                course.acknowledged() == null && course.claimant() == null ? NextStep.ACKNOWLEDGEMENT : NextStep.ANSWER;
            case ACCEPTED -> isStopped ? NextStep.DECISION : NextStep.FIRST_CONTACT;
            case IN_PROGRESS -> isStopped ? NextStep.DECISION : NextStep.REPORT;
            case ON_HOLD -> isStopped ? NextStep.DECISION : NextStep.RESUMPTION;
            case DRAFT, COMPLETED, FAILED, DECLINED, EXPIRED, CANCELLED, ENTERED_IN_ERROR ->
                throw new AssertionError(stage);
        };
        assertThat(course.owed().step()).isEqualTo(expected);
        if (state instanceof Referral.Offered offered) {
            assertThat(deadlines)
                    .containsKey(ReferralStream.ANSWER_BY + offered.open().id());
        }
        if (course.claimant() != null) {
            assertThat(gone).doesNotContain(course.claimant());
        }
        boolean begun = state instanceof Referral.Accepted accepted && accepted.begun();
        if (!begun && now.isBefore(course.request().dueAt())) {
            assertThat(deadlines.get(ReferralStream.NEED_CLOCK))
                    .as("the need's own clock, paused or not")
                    .isEqualTo(course.request().dueAt());
        }
        if (state instanceof Referral.Accepted && !begun && course.owed().told() == 0) {
            assertThat(course.owed().by())
                    .as("the clock of the first contact, paused or not")
                    .isBeforeOrEqualTo(now.plus(clock(course.request())));
        }
    }

    /**
     * Nobody's silence keeps a need from those above: one that nobody serves has told its requester after the life of an
     * offer, the supervisor after two, the coordinator after four, each at most the life of an offer later; one whose
     * own clock ran out before anybody met the person has told somebody above the requester at once. And nobody is
     * flooded.
     */
    static void climbs(Life life, Instant now) {
        if (Stage.of(life.state).ended()) {
            return;
        }
        Climbing seen = life.climbing;
        boolean begun = life.state instanceof Referral.Accepted accepted && accepted.begun();
        if (!begun && now.isAfter(life.request.dueAt()) && now.isAfter(seen.sent())) {
            assertThat(seen.toldAbove())
                    .as("an overdue need told somebody above")
                    .isTrue();
        }
        Instant since = seen.unserved();
        if (since == null) {
            return;
        }
        Duration silence = Duration.between(since, now);
        Duration clock = clock(life.request);
        if (silence.compareTo(clock.multipliedBy(2)) > 0) {
            assertThat(seen.told()).as("nobody served it for %s", silence).isNotEmpty();
        }
        if (silence.compareTo(clock.multipliedBy(4)) > 0) {
            assertThat(seen.told()).as("nobody served it for %s", silence).containsAnyOf(SUPERVISOR, COORDINATOR);
        }
        if (silence.compareTo(clock.multipliedBy(7)) > 0) {
            assertThat(seen.told()).as("nobody served it for %s", silence).contains(COORDINATOR);
        }
        long doublings = 64 - Long.numberOfLeadingZeros(silence.dividedBy(clock));
        long seldom = silence.dividedBy(OfferClocks.DEFAULT.remindAtMostEvery());
        assertThat(seen.above()).as("no flood in %s", silence).isLessThanOrEqualTo(doublings + seldom + 1);
    }

    private static Duration clock(Request request) {
        return OfferClocks.DEFAULT.of(request.urgency());
    }
}
