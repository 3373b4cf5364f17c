package org.passerelle.reporting.outcomes;

import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.passerelle.reporting.funnel.FunnelQuestion;

/**
 * How many investigations and hand-overs reached each step in a range of months, each counted once for a step, in the month
 * in which it was first told; an investigation that is told again in a later month goes on. Exact counts, for those who are
 * allowed inside; what may be passed on is {@link #csv}.
 *
 * @param timeZone in which a month begins and ends
 */
public record Outcomes(YearMonth from, YearMonth to, String timeZone, List<OfRegister> registers) {

    /** Below this nobody outside learns a number. */
    public static final int SMALLEST = 11;

    /** So many reached this step in this month. */
    public record Told(YearMonth month, Register register, String step, long count) {}

    public record OfRegister(Register register, List<OfStep> steps) {}

    /** @param months one for every month of the range, empty ones too, oldest first */
    public record OfStep(String step, long total, List<OfMonth> months) {}

    public record OfMonth(YearMonth month, long count) {}

    public static Outcomes of(FunnelQuestion question, String timeZone, Collection<Told> told) {
        Map<Register, Map<String, Map<YearMonth, Long>>> counts = new EnumMap<>(Register.class);
        for (Told one : told) {
            counts.computeIfAbsent(one.register(), register -> new HashMap<>())
                    .computeIfAbsent(one.step(), step -> new HashMap<>())
                    .merge(one.month(), one.count(), Long::sum);
        }
        List<OfRegister> registers = new ArrayList<>();
        for (Register register : Register.values()) {
            Map<String, Map<YearMonth, Long>> ofRegister = counts.getOrDefault(register, Map.of());
            registers.add(new OfRegister(
                    register,
                    register.steps().stream()
                            .map(step -> step(question, step, ofRegister.getOrDefault(step, Map.of())))
                            .toList()));
        }
        return new Outcomes(question.from(), question.to(), timeZone, registers);
    }

    private static OfStep step(FunnelQuestion question, String step, Map<YearMonth, Long> counts) {
        List<OfMonth> months = new ArrayList<>();
        long total = 0;
        for (YearMonth month = question.from(); !month.isAfter(question.to()); month = month.plusMonths(1)) {
            long count = counts.getOrDefault(month, 0L);
            months.add(new OfMonth(month, count));
            total += count;
        }
        return new OfStep(step, total, months);
    }

    /**
     * To be passed on: the range as a whole, each number rounded down to a multiple of {@value #SMALLEST}. Months are left
     * out, because rounded numbers of parts and of the whole would tell of each other.
     */
    public String csv() {
        StringBuilder lines = new StringBuilder("register,step,from,to,number,rounded_down_to_multiples_of\r\n");
        for (OfRegister register : registers) {
            for (OfStep step : register.steps()) {
                lines.append(String.join(
                                ",",
                                register.register().code(),
                                step.step(),
                                from.toString(),
                                to.toString(),
                                Long.toString(step.total() / SMALLEST * SMALLEST),
                                Integer.toString(SMALLEST)))
                        .append("\r\n");
            }
        }
        return lines.toString();
    }
}
