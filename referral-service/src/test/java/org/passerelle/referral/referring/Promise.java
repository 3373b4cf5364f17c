package org.passerelle.referral.referring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.passerelle.referral.referring.Lifecycle.Stage;

/** What holds of every referral at every moment of a simulated {@link Quarter}. */
final class Promise {

    private Promise() {}

    /** An owner, a clock that is still to run out, and a next step; and no claim of somebody who left. */
    static void holds(Referral state, Map<String, Instant> deadlines, Instant now, Set<String> gone) {
        Stage stage = Stage.of(state);
        if (stage.ended()) {
            assertThat(deadlines.keySet())
                    .isSubsetOf(ReferralStream.CLAIMANT, ReferralStream.UNIT_SETTLED, ReferralStream.PACKAGE_SETTLED);
            return;
        }
        Referral.Course course = Referral.course(state);
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
            case OFFERED -> NextStep.ANSWER;
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
    }
}
