package org.passerelle.reporting.outcomes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.YearMonth;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.passerelle.reporting.funnel.FunnelQuestion;

class OutcomesTest {
    private static final YearMonth MAY = YearMonth.of(2026, 5);
    private static final FunnelQuestion MAY_AND_JUNE = new FunnelQuestion(MAY, MAY.plusMonths(1), null);

    private static Outcomes outcomes(Outcomes.Told... told) {
        return Outcomes.of(MAY_AND_JUNE, "UTC", List.of(told));
    }

    @Test
    void every_step_and_every_month_has_a_number() {
        Outcomes outcomes = outcomes(
                new Outcomes.Told(MAY, Register.INVESTIGATIONS, "opened", 3),
                new Outcomes.Told(MAY.plusMonths(1), Register.INVESTIGATIONS, "opened", 2));

        assertThat(outcomes.registers())
                .extracting(Outcomes.OfRegister::register)
                .containsExactly(Register.values());
        assertThat(outcomes.registers().getFirst().steps().getFirst())
                .isEqualTo(new Outcomes.OfStep(
                        "opened",
                        5,
                        List.of(new Outcomes.OfMonth(MAY, 3), new Outcomes.OfMonth(MAY.plusMonths(1), 2))));
        assertThat(outcomes.registers().get(1).steps())
                .hasSize(Register.HAND_OVERS.steps().size())
                .allSatisfy(step -> assertThat(step.total()).isZero());
    }

    @Test
    void what_is_passed_on_tells_no_small_number_and_no_month() {
        String csv = outcomes(
                        new Outcomes.Told(MAY, Register.HAND_OVERS, "sent", 10),
                        new Outcomes.Told(MAY, Register.HAND_OVERS, "accepted", 12),
                        new Outcomes.Told(MAY.plusMonths(1), Register.HAND_OVERS, "accepted", 12))
                .csv();

        assertThat(csv)
                .contains("hand-overs,sent,2026-05,2026-06,0,11\r\n")
                .contains("hand-overs,accepted,2026-05,2026-06,22,11\r\n");
        assertThat(csv.lines()).hasSize(1 + 7 + 8 + 5);
    }

    @Test
    void a_step_is_counted_as_it_is_told_and_an_unknown_one_is_none() {
        assertThat(Register.INVESTIGATIONS.step("investigation")).contains("opened");
        assertThat(Register.INVESTIGATIONS.step("continued")).isEmpty();
        assertThat(Register.ARRIVALS.step("expired")).contains("expired");
        assertThat(Register.ARRIVALS.step("sent")).isEmpty();
        assertThat(Register.toldBy("passerelle.referral.investigation-reported.v1"))
                .contains(Register.INVESTIGATIONS);
        assertThat(Register.toldBy("passerelle.referral.investigation-reported.v2"))
                .isEmpty();
    }
}
