package org.passerelle.reporting.console;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.passerelle.reporting.outcomes.Outcomes;
import org.passerelle.reporting.outcomes.Register;

/**
 * The page of outcomes: the filter as it was filled in, and what was counted.
 *
 * @param error  what is wrong with the filter; then nothing was counted
 * @param period in words; null where the filter has an error
 */
public record OutcomesView(
        String from,
        String to,
        FunnelView.@Nullable FieldError error,
        @Nullable String period,
        List<OfRegister> registers) {

    /**
     * @param chart  of the whole period, a bar for each step; null where nothing was told
     * @param months by name, those alone in which something was told
     */
    public record OfRegister(Register register, @Nullable BarChart chart, List<StepRow> steps, List<MonthRow> months) {}

    public record StepRow(String step, String count) {}

    /** @param counts in the order of the steps */
    public record MonthRow(String month, List<String> counts) {}

    public boolean wrong(String field) {
        return error != null && error.field().equals(field);
    }

    static OutcomesView found(Outcomes outcomes, Words words) {
        return new OutcomesView(
                outcomes.from().toString(),
                outcomes.to().toString(),
                null,
                words.say("funnel.period", words.month(outcomes.from()), words.month(outcomes.to())),
                outcomes.registers().stream()
                        .map(register -> ofRegister(register, words))
                        .toList());
    }

    private static OfRegister ofRegister(Outcomes.OfRegister register, Words words) {
        List<StepRow> steps = register.steps().stream()
                .map(step -> new StepRow(step.step(), words.number(step.total())))
                .toList();
        List<Outcomes.OfMonth> range = register.steps().getFirst().months();
        List<MonthRow> months = IntStream.range(0, range.size())
                .filter(at -> register.steps().stream()
                        .anyMatch(step -> step.months().get(at).count() > 0))
                .mapToObj(at -> new MonthRow(
                        words.month(range.get(at).month()),
                        register.steps().stream()
                                .map(step -> words.number(step.months().get(at).count()))
                                .toList()))
                .toList();
        BarChart chart = months.isEmpty()
                ? null
                : BarChart.of(register.steps().stream()
                        .map(step -> new BarChart.Count(words.word("outcome", step.step()), step.total()))
                        .toList());
        return new OfRegister(register.register(), chart, steps, months);
    }
}
